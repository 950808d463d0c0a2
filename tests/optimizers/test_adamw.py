"""adamw: the decay is the same for all parameters, whatever their gradients."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from derivations.engine import evaluate
from derivations.optimizers import adam
from derivations.optimizers import adamw as spec
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.optimizers import (
    GRADIENTS,
    NARROW,
    NONZERO,
    SIZES,
    misfits_are_named,
    steps,
    walk,
)

WEIGHTS = st.just(0.0) | st.floats(0.1, 100) | st.floats(-100, -0.1)
STRENGTHS = st.sampled_from([0.0, 0.01, 0.125, 0.5, 2.0])
RATES = st.sampled_from([1e-3, 0.125, 0.5, 1.0])
# How much of Adam's step at these betas one ulp of a beta is worth.
BLUR = 8 + 1 / (1 - 0.9) + 1 / (1 - 0.999)


@st.composite
def episodes(draw, *, max_steps=4):
    """Draw some gradients of one to three parameters, and weights at every step."""
    shape = draw(st.tuples(st.integers(1, max_steps), st.integers(1, 3)))
    gradients = hnp.arrays(np.float64, shape, elements=GRADIENTS)
    return draw(gradients), draw(hnp.arrays(np.float64, shape, elements=WEIGHTS))


def led(impl, gradients, weights, **options):
    """Return where each step leads from the weights at that step."""
    state, ends = impl.adamw_init(weights[0]), []
    for gradient, weight in zip(gradients, weights, strict=True):
        new, state = impl.adamw_step(weight, gradient, state, **options)
        ends.append(np.asarray(new))
    return np.array(ends)


def defined(gradients, weights, *, rate=1e-3, decay=0.01, eps=1e-8):
    """Evaluate the definition at every step, for every parameter."""
    values = {spec.α: rate, spec.λ: decay, adam.β_1: 0.9, adam.β_2: 0.999, adam.ε: eps}
    return np.array(
        [
            [
                evaluate(
                    spec.update,
                    {**values, spec.w: weight, adam.t: n, adam.g: column[:n]},
                )
                for column, weight in zip(gradients.T, weights[n - 1], strict=True)
            ]
            for n in range(1, len(gradients) + 1)
        ],
        dtype=object,
    )


def terms(gradients, weights, **options):
    """Return the size of the terms that are added up and may cancel."""
    longest = -defined(np.abs(gradients), 0 * weights, **options).astype(np.float64)
    return longest + np.abs(weights)


# ------------------------------------------------------ agreement with the derivation


@given(episode=episodes(), rate=RATES, decay=STRENGTHS)
@example(episode=(np.array([[1.0]]), np.array([[100.0]])), rate=0.125, decay=0.5)
@example(episode=(np.array([[0.0]]), np.array([[1.0]])), rate=0.5, decay=0.5)
def test_every_step_shrinks_the_weight_and_subtracts_that_of_adam(
    impl, episode, rate, decay
):
    gradients, weights = episode
    got = led(impl, gradients, weights, learning_rate=rate, weight_decay=decay)
    options = {"rate": rate, "decay": decay}
    want = defined(gradients, weights, **options)
    assert_close(
        got,
        want,
        scale=terms(gradients, weights, **options),
        condition=BLUR,
        why="betas were rounded",
    )


@given(episode=episodes())
def test_the_defaults_are_those_of_the_contract(impl, episode):
    gradients, weights = episode
    got = led(impl, gradients, weights)
    scale = terms(gradients, weights)
    assert_close(got, defined(gradients, weights), scale=scale, condition=BLUR)


# ------------------------------------------------------------------------------ laws


@given(
    start=st.floats(0.1, 100),
    rate=RATES,
    decay=st.sampled_from([0.01, 0.125, 0.5]),
    count=st.integers(1, 8),
)
def test_without_gradients_weights_decay_exponentially(impl, start, rate, decay, count):
    options = {"learning_rate": rate, "weight_decay": decay}
    still = np.zeros((count, 2))
    params = np.array([start, -start])
    path = walk(impl.adamw_init, impl.adamw_step, params, still, **options)
    values = {spec.α: rate, spec.λ: decay, spec.t: count, spec.w_0: start}
    end = float(evaluate(spec.decay, values))
    assert_close(path[-1], np.array([end, -end]), condition=count)


@given(
    start=st.floats(-20, 20),
    decay=st.sampled_from([0.125, 0.5, 1.0]),
    size=st.sampled_from([1e-2, 1.0, 1e2]),
)
@example(start=5.0, decay=0.5, size=1.0)
def test_steps_of_the_full_rate_are_balanced_at_one_over_the_decay(
    impl, start, decay, size
):
    options = {"learning_rate": 0.25, "weight_decay": decay, "eps": 0.0}
    uphill = np.full((40, 1), size)
    path = walk(impl.adamw_init, impl.adamw_step, np.array([start]), uphill, **options)
    values = {spec.α: 0.25, spec.λ: decay, spec.t: 40, spec.w_0: start}
    want = np.array([float(evaluate(spec.balance, values))])
    assert_close(path[-1], want, scale=abs(start) + 1 / decay, condition=BLUR)


@given(episode=episodes(), decay=st.sampled_from([0.125, 0.5]))
def test_the_decay_is_the_same_whatever_the_gradients(impl, episode, decay):
    gradients, weights = episode
    kept = led(impl, gradients, weights, learning_rate=0.5, weight_decay=0.0)
    shrunk = led(impl, gradients, weights, learning_rate=0.5, weight_decay=decay)
    scale = terms(gradients, weights, rate=0.5)
    assert_close(kept - shrunk, 0.5 * decay * weights, scale=scale, condition=8)


@given(weights=hnp.arrays(np.float64, 3, elements=NONZERO), strength=SIZES)
def test_a_penalty_in_the_gradient_is_divided_out(impl, weights, strength):
    # The gradient of the penalty alone: the first step has the length of the rate,
    # however strong the penalty is and however large the weight.
    options = {"learning_rate": 0.5, "weight_decay": 0.0, "eps": 0.0}
    got = led(impl, [strength * weights], [weights], **options)[0]
    want = [
        float(evaluate(spec.lost, {spec.x: abs(weight), spec.α: 0.5}))
        for weight in weights
    ]
    scale = np.abs(weights) + 0.5
    assert_close(got, np.sign(weights) * want, scale=scale, condition=BLUR)


@given(episode=episodes())
def test_a_step_can_be_taken_again(impl, episode):
    gradients, weights = episode
    state = impl.adamw_init(weights[0])
    for gradient, weight in zip(gradients, weights, strict=True):
        first, after = impl.adamw_step(weight, gradient, state)
        again, _ = impl.adamw_step(weight, gradient, state)
        assert_equal(first, again)
        state = after


@given(shape=st.sampled_from([(), (1,), (2, 3), (2, 1, 2)]))
def test_steps_have_the_shape_of_the_parameters(impl, shape):
    ones = np.ones(shape)
    path = walk(impl.adamw_init, impl.adamw_step, ones, [ones, ones])
    assert [after.shape for after in path] == [shape, shape]


@NARROW
def test_narrow_parameters_without_a_gradient_stay_where_they_are(impl, dtype):
    # In float16 an epsilon of 1e-8 is 0, and 0 / 0 is not a number.
    params, zero = np.full(2, 0.75, dtype), np.zeros(2, dtype)
    new, _ = impl.adamw_step(params, zero, impl.adamw_init(params), weight_decay=0.0)
    assert_equal(new, params)


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("size", [1e-290, 1e-200, 1e100, 1e200, 1e300])
def test_no_gradient_is_too_large_or_too_small(impl, size):
    got = steps(
        impl.adamw_init,
        impl.adamw_step,
        np.array([[size, -size]]),
        learning_rate=0.5,
        eps=0.0,
    )
    assert_ulps(got, np.array([[0.5, -0.5]]), 8)


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_parameters_is_kept(impl, dtype):
    small, ones = np.full((3, 2), 1e-4, dtype), np.ones((3, 2), dtype)
    got = led(impl, small, ones, learning_rate=0.5, weight_decay=0.125)
    assert got.dtype == dtype
    want = defined(np.float64(small), np.float64(ones), rate=0.5, decay=0.125)
    assert_ulps(got, want, 8 if dtype == np.float64 else 0.5)


@pytest.mark.contract
def test_nan_stays_with_its_parameter(impl):
    got = led(impl, np.array([[1.0, np.nan]]), np.ones((1, 2)))
    assert np.isfinite(got[0, 0])
    assert np.isnan(got[0, 1])


@pytest.mark.contract
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weight_decay": -0.1}, r"^weight_decay must be at least 0, got -0\.1$"),
        ({"beta1": 1.0}, r"^beta1 must lie in \[0, 1\), got 1\.0$"),
        ({"learning_rate": -1.0}, r"^learning_rate must be at least 0, got -1\.0$"),
        ({"eps": float("inf")}, r"^eps must be finite, got inf$"),
    ],
)
def test_options_that_are_none_are_named(impl, options, message):
    x = np.ones(2)
    with pytest.raises(ValueError, match=message):
        impl.adamw_step(x, x, impl.adamw_init(x), **options)


@pytest.mark.contract
def test_shapes_and_states_that_do_not_fit_are_named(impl):
    misfits_are_named(impl.adamw_init, impl.adamw_step, "AdamState")
