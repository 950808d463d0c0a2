"""momentum: the velocity is the faded sum of gradients, and swings as derived."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.engine import evaluate
from derivations.optimizers import momentum as spec
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


def momentum(impl, start, gradients, **options):
    return walk(impl.momentum_init, impl.momentum_step, start, gradients, **options)


def sgd(impl, start, gradients, **options):
    return walk(impl.sgd_init, impl.sgd_step, start, gradients, **options)


def velocity(gradients, gamma):
    """Evaluate the derived sum for one parameter."""
    past = np.array([0.0, *gradients])  # gradients are counted from 1
    values = {spec.t: len(gradients), spec.γ: gamma, spec.g: past[1:]}
    return evaluate(spec.unrolled.end, values)


# ------------------------------------------------------ agreement with the derivation


@pytest.mark.claim("A1-105")
@given(
    gradients=st.lists(st.floats(-100, 100), min_size=1, max_size=6),
    gamma=st.floats(0.01, 0.99),
    rate=st.floats(1e-3, 2),
)
@example(gradients=[1.0, -1.0, 2.0], gamma=0.5, rate=1.0)
def test_velocity_is_the_faded_sum_of_all_gradients(impl, gradients, gamma, rate):
    arrays = [np.array([g]) for g in gradients]
    path = momentum(impl, np.zeros(1), arrays, learning_rate=rate, momentum=gamma)
    steps = [velocity(gradients[:k], gamma) for k in range(1, len(gradients) + 1)]
    want = -np.cumsum(np.array([rate * v for v in steps], dtype=object))
    scale = rate * len(steps) * np.abs(gradients).sum()
    assert_close(np.concatenate(path), want, scale=scale, condition=len(steps))


@given(gamma=st.floats(0.01, 0.99), steps=st.integers(1, 12))
@example(gamma=0.9, steps=12)
def test_a_constant_gradient_drives_the_velocity_to_a_terminal_speed(
    impl, gamma, steps
):
    ones = [np.ones(1)] * steps
    path = momentum(impl, np.zeros(1), ones, learning_rate=1.0, momentum=gamma)
    last = np.diff(np.concatenate([np.zeros(1), *path]))[-1:]
    want = evaluate(spec.so_fast, {spec.t: steps, spec.γ: gamma, spec.G: 1})
    assert_close(
        -last, np.array([want], dtype=object), scale=abs(path[-1]), condition=9
    )


@given(low=st.floats(1e-3, 1e3), ratio=st.floats(1, 1e6))
@example(low=1.0, ratio=100.0)
@example(low=3.0, ratio=1.0)
def test_best_pair_lets_the_ends_of_the_spectrum_just_swing(impl, low, ratio):
    high = low * ratio
    alpha, gamma, rate = impl.heavy_ball_params(low, high)
    roots = {spec.low: math.sqrt(low), spec.high: math.sqrt(high)}
    found = [
        np.array([float(evaluate(of, roots))])
        for of in (spec.best_rate, spec.best_momentum)
    ]
    assert_close(np.array([alpha]), found[0])
    # Subtracting the roots of nearly equal curvatures cancels, here and elsewhere.
    assert_close(np.array([gamma]), found[1], scale=1 / ratio)
    assert_close(np.array([rate]), np.sqrt(found[1]), scale=1 / math.sqrt(ratio))


# ------------------------------------------------------------------------------ laws


@pytest.mark.claim("A1-105")
@given(episode=episodes(), rate=RATES, gamma=HALVES)
def test_a_step_is_a_share_of_the_last_one_and_a_step_downhill(
    impl, episode, rate, gamma
):
    start, gradients = episode
    path = momentum(impl, start, gradients, learning_rate=rate, momentum=gamma)
    before, here = start, start
    for after, gradient in zip(path, gradients, strict=True):
        assert_equal(after - here, gamma * (here - before) - rate * gradient)
        before, here = here, after


@given(episode=episodes(), rate=RATES)
def test_gradient_descent_subtracts_the_rate_times_the_gradient(impl, episode, rate):
    start, gradients = episode
    path = sgd(impl, start, gradients, learning_rate=rate)
    here = start
    for after, gradient in zip(path, gradients, strict=True):
        assert_equal(after, here - rate * gradient)
        here = after


@given(episode=episodes(), rate=RATES)
def test_without_momentum_it_is_gradient_descent(impl, episode, rate):
    start, gradients = episode
    path = momentum(impl, start, gradients, learning_rate=rate, momentum=0.0)
    here = start
    for after, gradient in zip(path, gradients, strict=True):
        assert_equal(after, here - rate * gradient)
        here = after


@given(episode=episodes(), rate=RATES, gamma=HALVES)
def test_twice_the_gradients_go_twice_as_far(impl, episode, rate, gamma):
    start, gradients = episode
    options = {"learning_rate": rate, "momentum": gamma}
    once = momentum(impl, 0 * start, gradients, **options)
    twice = momentum(impl, 0 * start, [2 * g for g in gradients], **options)
    assert_equal(twice[-1], 2 * once[-1])


@given(episode=episodes(), gamma=HALVES)
def test_a_step_of_momentum_can_be_taken_again(impl, episode, gamma):
    options = {"learning_rate": 0.5, "momentum": gamma}
    pairs = each_twice(impl.momentum_init, impl.momentum_step, *episode, **options)
    for first, again in pairs:
        assert_equal(first, again)


@given(episode=episodes())
def test_a_step_of_gradient_descent_can_be_taken_again(impl, episode):
    pairs = each_twice(impl.sgd_init, impl.sgd_step, *episode, learning_rate=0.5)
    for first, again in pairs:
        assert_equal(first, again)


@given(episode=episodes(), gamma=HALVES)
def test_every_parameter_has_a_velocity_of_its_own(impl, episode, gamma):
    start, gradients = episode
    options = {"learning_rate": 0.5, "momentum": gamma}
    together = momentum(impl, start, gradients, **options)[-1]
    assert together.shape == start.shape
    for entry in np.ndindex(start.shape):
        alone = [np.array([gradient[entry]]) for gradient in gradients]
        own = momentum(impl, np.array([start[entry]]), alone, **options)[-1]
        assert_equal(own, together[entry][None])


def test_without_gradients_the_velocity_fades_but_goes_on(impl):
    gradients = [np.ones(1), np.zeros(1), np.zeros(1), np.zeros(1)]
    path = momentum(impl, np.zeros(1), gradients, learning_rate=1.0, momentum=0.5)
    assert_equal(np.concatenate(path), [-1.0, -1.5, -1.75, -1.875])


def test_at_rest_nothing_moves(impl):
    start = np.array([1.0, -2.0])
    for after in momentum(impl, start, [0 * start] * 3, learning_rate=1.0):
        assert_equal(after, start)


@NARROW
def test_narrow_parameters_follow_the_wide_path(impl, dtype):
    # Started at 0, so that steps are not lost against the parameter; halves are exact
    # in float16 for the first six steps.
    ones = [np.ones(2, dtype)] * 6
    path = momentum(impl, np.zeros(2, dtype), ones, learning_rate=0.5, momentum=0.5)
    assert_equal(path[-1], np.full(2, -(6 - (1 - 0.5**6))))


@given(low=st.floats(1e-3, 1e3), ratio=st.floats(1, 1e6))
def test_the_best_pair_is_stable_and_depends_on_the_ratio(impl, low, ratio):
    alpha, gamma, rate = impl.heavy_ball_params(low, low * ratio)
    assert 0 <= gamma <= rate < 1
    assert 0 < alpha * low * ratio < 2 * (1 + gamma) * (1 + 1e-12)
    scaled = impl.heavy_ball_params(4 * low, 4 * (low * ratio))
    assert_close(np.array([4 * scaled[0], scaled[1]]), np.array([alpha, gamma]))


@given(low=st.floats(1e-3, 1e3), ratio=st.floats(1.01, 1e4), more=st.floats(1.01, 10))
def test_a_wider_spectrum_is_slower(impl, low, ratio, more):
    near = impl.heavy_ball_params(low, low * ratio)
    far = impl.heavy_ball_params(low, low * ratio * more)
    assert far[1] > near[1]
    assert far[2] > near[2]


# -------------------------------------------------------------- what the articles say


RAVINE = np.array([1.0, 100.0])  # curvatures of a quadratic, a hundred to one


def steps_to(path, error):
    """Return after how many steps a path stays within an error of the minimum."""
    outside = [k for k, x in enumerate(path, 1) if np.abs(x).max() > error]
    return max(outside, default=0) + 1


@pytest.mark.claim("A1-104")
def test_gradient_descent_is_slow_without_any_noise(impl):
    # The best rate for curvatures from 1 to 100 shrinks the error by 99/101 a step.
    path = descend(
        impl.sgd_init,
        impl.sgd_step,
        np.ones(2),
        lambda x: RAVINE * x,
        800,
        learning_rate=2 / 101,
    )
    want = math.log(1e-6) / math.log(99 / 101)
    assert steps_to(path, 1e-6) == math.ceil(want) == 691


@pytest.mark.claim("A1-106")
def test_momentum_needs_a_seventh_of_the_steps_in_a_ravine(impl):
    gamma = (9 / 11) ** 2
    path = descend(
        impl.momentum_init,
        impl.momentum_step,
        np.ones(2),
        lambda x: RAVINE * x,
        200,
        learning_rate=4 / 121,
        momentum=gamma,
    )
    assert steps_to(path, 1e-6) < 691 / 7


@pytest.mark.claim("A1-106", "A1-107")
def test_momentum_swings_where_gradient_descent_has_arrived(impl):
    def slope(x):
        return x

    start, options = np.ones(1), {"learning_rate": 1.0}
    plain = descend(impl.sgd_init, impl.sgd_step, start, slope, 4, **options)
    assert_equal(np.concatenate(plain), np.zeros(4))
    heavy = descend(
        impl.momentum_init, impl.momentum_step, start, slope, 5, momentum=0.5, **options
    )
    # Past the minimum and back: 0, -1/2, -1/4, 1/8, 3/16.
    assert_equal(np.concatenate(heavy), [0.0, -0.5, -0.25, 0.125, 0.1875])


@pytest.mark.claim("A1-107")
def test_momentum_damps_the_zigzag_of_a_rate_that_is_nearly_too_large(impl):
    def slope(x):
        return 1.875 * x

    start, options = np.ones(1), {"learning_rate": 1.0}
    plain = descend(impl.sgd_init, impl.sgd_step, start, slope, 20, **options)
    heavy = descend(
        impl.momentum_init,
        impl.momentum_step,
        start,
        slope,
        20,
        momentum=0.5,
        **options,
    )
    assert np.abs(plain[-1]) > 0.06
    assert np.abs(heavy[-1]) < 0.003


@pytest.mark.claim("A1-118")
def test_the_velocity_is_a_sum_and_no_average(impl):
    ones = [np.ones(1)] * 40
    path = momentum(impl, np.zeros(1), ones, learning_rate=1.0, momentum=0.5)
    # An average of ones would be at most one, and the last step with it.
    assert_equal(path[-2] - path[-1], [2 - 2.0**-39])


@given(steps=st.integers(1, 30), gamma=st.sampled_from([0.5, 0.75, 0.875]))
def test_a_swing_stays_below_the_derived_envelope(impl, steps, gamma):
    path = descend(
        impl.momentum_init,
        impl.momentum_step,
        np.ones(1),
        lambda x: x,
        steps,
        learning_rate=1.0,
        momentum=gamma,
    )
    # Curvature times rate is 1, and the first step starts from rest: x_0 = y_0 = 1.
    values = {spec.t: steps, spec.γ: gamma, spec.b: gamma, spec.x_0: 1, spec.y_0: 1}
    most = float(evaluate(spec.envelope.end, values))
    assert (1 - gamma / 4) * path[-1][0] ** 2 <= most * (1 + 1e-9)


# -------------------------------------------------------------------- error contract


BOTH = pytest.mark.parametrize(
    ("init", "step"), [("sgd_init", "sgd_step"), ("momentum_init", "momentum_step")]
)


@pytest.mark.contract
@BOTH
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_parameters_is_kept(impl, init, step, dtype):
    init, step = getattr(impl, init), getattr(impl, step)
    x = np.ones((2, 3), dtype)
    assert step(x, x, init(x), learning_rate=0.5)[0].dtype == dtype
    wide = x.astype(np.float64)
    assert step(x, wide, init(x), learning_rate=0.5)[0].dtype == np.float64


@pytest.mark.contract
def test_a_later_rate_moves_the_whole_velocity(impl):
    ones, state = np.ones(1), impl.momentum_init(np.zeros(1))
    x, state = impl.momentum_step(0 * ones, ones, state, learning_rate=1, momentum=0.5)
    x, _ = impl.momentum_step(x, ones, state, learning_rate=0.5, momentum=0.5)
    # The velocity holds gradients, 1.5 by now, and no steps.
    assert_equal(x, [-1.75])


@pytest.mark.contract
def test_narrow_parameters_keep_a_wide_velocity(impl):
    # A thousandth is lost against 16 in float16, but not against the velocity.
    params, state = np.zeros(1, np.float16), impl.momentum_init(np.zeros(1, np.float16))
    for gradient in (16.0, *[0.001] * 20, -16 * 0.96875**21):
        params, state = impl.momentum_step(
            params,
            np.array([gradient], np.float64),
            state,
            learning_rate=0.0,
            momentum=0.96875,
        )
    step, _ = impl.momentum_step(
        np.zeros(1), np.zeros(1), state, learning_rate=1.0, momentum=0.96875
    )
    assert_close(step, [-0.001 * (1 - 0.96875**20) * 0.96875**2 / 0.03125], scale=16.0)


@pytest.mark.contract
def test_what_does_not_fit_momentum_is_named(impl):
    misfits_are_named(
        impl.momentum_init, impl.momentum_step, "MomentumState", learning_rate=0.1
    )


@pytest.mark.contract
def test_what_does_not_fit_gradient_descent_is_named(impl):
    misfits_are_named(impl.sgd_init, impl.sgd_step, "SGDState", learning_rate=0.1)


@pytest.mark.contract
@BOTH
def test_a_rate_that_is_none_is_named(impl, init, step):
    init, step = getattr(impl, init), getattr(impl, step)
    with pytest.raises(ValueError, match=r"^learning_rate must be at least 0, got -1"):
        step([1.0], [1.0], init([1.0]), learning_rate=-1)
    with pytest.raises(ValueError, match=r"^learning_rate must be finite, got inf$"):
        step([1.0], [1.0], init([1.0]), learning_rate=float("inf"))


@pytest.mark.contract
def test_a_momentum_that_would_grow_is_named(impl):
    for wrong in (1.0, -0.1):
        with pytest.raises(ValueError, match=r"^momentum must lie in \[0, 1\), got"):
            impl.momentum_step(
                [1.0], [1.0], impl.momentum_init([1.0]), learning_rate=1, momentum=wrong
            )


@pytest.mark.contract
def test_a_state_of_gradient_descent_is_none_of_momentum(impl):
    message = r"^state must be a MomentumState from init or step, got SGDState"
    with pytest.raises(TypeError, match=message):
        impl.momentum_step([1.0], [1.0], impl.sgd_init([1.0]), learning_rate=0.1)


@pytest.mark.contract
def test_curvatures_that_are_none_are_named(impl):
    with pytest.raises(ValueError, match=r"^smallest must be positive, got 0$"):
        impl.heavy_ball_params(0, 1)
    with pytest.raises(
        ValueError, match=r"^largest must be at least smallest, 2, got 1$"
    ):
        impl.heavy_ball_params(2, 1)


@pytest.mark.contract
def test_parts_of_the_pair_have_names(impl):
    pair = impl.heavy_ball_params(1.0, 1.0)
    assert pair._fields == ("learning_rate", "momentum", "rate")
    assert tuple(pair) == (1.0, 0.0, 0.0)
    assert impl.heavy_ball_params(5e-324, 1e-320).learning_rate == math.inf
