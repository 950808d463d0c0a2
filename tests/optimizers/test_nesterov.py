"""nesterov: a step of momentum, seen from the place it is about to coast to."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.engine import evaluate
from derivations.optimizers import nesterov as spec
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.optimizers import (
    HALVES,
    NARROW,
    RATES,
    descend,
    each_twice,
    episodes,
    misfits_are_named,
    walk,
)


def nesterov(impl, start, gradients, **options):
    return walk(impl.nesterov_init, impl.nesterov_step, start, gradients, **options)


def on_a_parabola(impl, curvature, steps, **options):
    return descend(
        impl.nesterov_init,
        impl.nesterov_step,
        np.ones(1),
        lambda x: curvature * x,
        steps,
        learning_rate=1.0,
        **options,
    )


# ------------------------------------------------------ agreement with the derivation


@given(
    gradients=st.lists(st.floats(-100, 100), min_size=1, max_size=6),
    gamma=st.floats(0.01, 0.99),
    rate=st.floats(1e-3, 2),
)
@example(gradients=[1.0, -1.0, 2.0], gamma=0.5, rate=1.0)
def test_a_step_is_the_newest_gradient_and_all_of_them_once_more_faded(
    impl, gradients, gamma, rate
):
    arrays = [np.array([g]) for g in gradients]
    path = nesterov(impl, np.zeros(1), arrays, learning_rate=rate, momentum=gamma)
    steps = [
        evaluate(
            spec.step.end,
            {spec.t: k, spec.γ: gamma, spec.g: np.array(gradients[:k])},
        )
        for k in range(1, len(gradients) + 1)
    ]
    want = -np.cumsum(np.array([rate * u for u in steps], dtype=object))
    scale = 2 * rate * len(steps) * np.abs(gradients).sum()
    assert_close(np.concatenate(path), want, scale=scale, condition=len(steps))


@given(gamma=st.floats(0.01, 0.99), steps=st.integers(1, 12))
@example(gamma=0.9, steps=12)
def test_on_a_steady_slope_it_is_one_step_of_momentum_ahead(impl, gamma, steps):
    ones = [np.ones(1)] * steps
    path = nesterov(impl, np.zeros(1), ones, learning_rate=1.0, momentum=gamma)
    last = np.diff(np.concatenate([np.zeros(1), *path]))[-1:]
    want = evaluate(spec.so_far, {spec.t: steps, spec.γ: gamma, spec.G: 1})
    exact = np.array([want], dtype=object)
    assert_close(-last, exact, scale=abs(path[-1]), condition=9)


# ------------------------------------------------------------------------------ laws


@given(episode=episodes(), rate=RATES, gamma=HALVES)
@example(
    episode=(np.zeros(1), [np.ones(1), np.zeros(1), -np.ones(1)]), rate=1.0, gamma=0.5
)
def test_parameters_are_where_momentum_would_coast_to(impl, episode, rate, gamma):
    start, gradients = episode
    path = nesterov(impl, start, gradients, learning_rate=rate, momentum=gamma)
    # Sutskever's form: place and velocity of momentum, fed with the same gradients.
    place, velocity = start, 0 * start
    for here, gradient in zip(path, gradients, strict=True):
        velocity = gamma * velocity - rate * gradient
        place = place + velocity
        assert_equal(here, place + gamma * velocity)


@given(episode=episodes(), rate=RATES)
def test_nesterov_without_momentum_is_gradient_descent(impl, episode, rate):
    start, gradients = episode
    path = nesterov(impl, start, gradients, learning_rate=rate, momentum=0.0)
    here = start
    for after, gradient in zip(path, gradients, strict=True):
        assert_equal(after, here - rate * gradient)
        here = after


@given(episode=episodes(), gamma=HALVES)
def test_twice_the_gradients_lead_twice_as_far(impl, episode, gamma):
    start, gradients = episode
    options = {"learning_rate": 0.5, "momentum": gamma}
    once = nesterov(impl, 0 * start, gradients, **options)
    twice = nesterov(impl, 0 * start, [2 * g for g in gradients], **options)
    assert_equal(twice[-1], 2 * once[-1])


@given(episode=episodes(), gamma=HALVES)
def test_a_step_with_a_look_ahead_can_be_taken_again(impl, episode, gamma):
    options = {"learning_rate": 0.5, "momentum": gamma}
    pairs = each_twice(impl.nesterov_init, impl.nesterov_step, *episode, **options)
    for first, again in pairs:
        assert_equal(first, again)


@given(episode=episodes(), gamma=HALVES)
def test_every_parameter_looks_ahead_by_itself(impl, episode, gamma):
    start, gradients = episode
    options = {"learning_rate": 0.5, "momentum": gamma}
    together = nesterov(impl, start, gradients, **options)[-1]
    assert together.shape == start.shape
    for entry in np.ndindex(start.shape):
        alone = [np.array([gradient[entry]]) for gradient in gradients]
        own = nesterov(impl, np.array([start[entry]]), alone, **options)[-1]
        assert_equal(own, together[entry][None])


def test_the_velocity_goes_on_when_gradients_stop(impl):
    gradients = [np.ones(1), np.zeros(1), np.zeros(1)]
    path = nesterov(impl, np.zeros(1), gradients, learning_rate=1.0, momentum=0.5)
    assert_equal(np.concatenate(path), [-1.5, -1.75, -1.875])


def test_at_rest_nothing_moves_ahead(impl):
    start = np.array([1.0, -2.0])
    for after in nesterov(impl, start, [0 * start] * 3, learning_rate=1.0):
        assert_equal(after, start)


@given(gamma=HALVES)
def test_at_one_over_the_curvature_it_arrives_in_two_steps(impl, gamma):
    path = on_a_parabola(impl, 1.0, 5, momentum=gamma)
    assert_equal(np.concatenate(path), [-gamma, 0.0, 0.0, 0.0, 0.0])


@given(gamma=HALVES, curvature=st.sampled_from([0.25, 0.5, 0.75]))
def test_a_parabola_damps_by_its_curvature(impl, gamma, curvature):
    path = [
        1.0,
        *(float(x[0]) for x in on_a_parabola(impl, curvature, 5, momentum=gamma)),
    ]
    for before, here, after in zip(path[1:], path[2:], path[3:], strict=False):
        values = {
            spec.before: before,
            spec.here: here,
            spec.α: 1,
            spec.λ: curvature,
            spec.γ: gamma,
        }
        assert_equal(after, float(evaluate(spec.two_places.end, values)))


def test_past_the_edge_it_diverges_where_momentum_does_not(impl):
    # For momentum 1/2 the edge is at 3/2; momentum itself would bear 3.
    inside = on_a_parabola(impl, 1.4375, 60, momentum=0.5)
    beyond = on_a_parabola(impl, 1.5625, 60, momentum=0.5)
    assert np.abs(inside[-1]) < 0.1 < 10 < np.abs(beyond[-1])


@NARROW
def test_narrow_parameters_look_ahead_like_wide_ones(impl, dtype):
    # Started at 0, with halves that are exact in float16 for the first six steps.
    ones = [np.ones(2, dtype)] * 6
    path = nesterov(impl, np.zeros(2, dtype), ones, learning_rate=0.5, momentum=0.5)
    want = sum(1 - 0.5 ** (k + 1) for k in range(1, 7))
    assert_equal(path[-1], np.full(2, -want))


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_parameters_is_kept_ahead(impl, dtype):
    x = np.ones((2, 3), dtype)
    state = impl.nesterov_init(x)
    assert impl.nesterov_step(x, x, state, learning_rate=0.5)[0].dtype == dtype
    wide = x.astype(np.float64)
    assert impl.nesterov_step(x, wide, state, learning_rate=0.5)[0].dtype == np.float64


@pytest.mark.contract
def test_a_later_rate_moves_the_whole_velocity_ahead(impl):
    ones, state = np.ones(1), impl.nesterov_init(np.zeros(1))
    x, state = impl.nesterov_step(0 * ones, ones, state, learning_rate=1, momentum=0.5)
    x, _ = impl.nesterov_step(x, ones, state, learning_rate=0.5, momentum=0.5)
    assert_equal(x, [-1.5 - 0.5 * (1 + 0.5 * 1.5)])


@pytest.mark.contract
def test_a_gradient_or_state_that_does_not_fit_is_named(impl):
    misfits_are_named(
        impl.nesterov_init, impl.nesterov_step, "NesterovState", learning_rate=0.1
    )


@pytest.mark.contract
def test_options_out_of_range_are_named(impl):
    state = impl.nesterov_init([1.0])
    with pytest.raises(ValueError, match=r"^learning_rate must be at least 0, got -1"):
        impl.nesterov_step([1.0], [1.0], state, learning_rate=-1)
    with pytest.raises(ValueError, match=r"^momentum must lie in \[0, 1\), got 1.0$"):
        impl.nesterov_step([1.0], [1.0], state, learning_rate=1, momentum=1.0)
