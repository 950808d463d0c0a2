"""rmsprop: what the average weighs, how long a step is, and what brings it back up."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.engine import evaluate
from derivations.optimizers import rmsprop as spec
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.optimizers import (
    NARROW,
    each_twice,
    misfits_are_named,
    sequences,
    steps,
    walk,
    with_rates,
)

DECAYS = st.sampled_from([0.5, 0.9, 0.99, 0.999]) | st.floats(0.01, 0.99)
EPSILONS = st.sampled_from([1e-10, 1e-8, 1e-3, 1.0])


def taken(impl, gradients, **options):
    return steps(impl.rmsprop_init, impl.rmsprop_step, gradients, **options)


def defined(gradients, *, decay, eps, rate=0.01):
    """Evaluate the definition at every step, for every parameter."""
    values = {spec.β: decay, spec.ε: eps, spec.α: rate}
    return np.array(
        [
            [
                evaluate(spec.step, {**values, spec.t: n, spec.g: column[:n]})
                for column in gradients.T
            ]
            for n in range(1, len(gradients) + 1)
        ],
        dtype=object,
    )


def blur(decay, count):
    """Return what an ulp of the decay is worth in the weights of so many steps."""
    return count + 1 / (1 - decay)


# ------------------------------------------------------ agreement with the derivation


@given(gradients=sequences(), decay=DECAYS, eps=EPSILONS)
@example(gradients=np.array([[1.0], [2.0]]), decay=0.99, eps=1.0)
@example(gradients=np.array([[1e-3], [0.0], [1e-3]]), decay=0.99, eps=1e-8)
def test_every_step_is_the_gradient_over_the_root_of_the_average(
    impl, gradients, decay, eps
):
    got = taken(impl, gradients, decay=decay, eps=eps)
    want = defined(gradients, decay=decay, eps=eps)
    assert_close(
        got, want, condition=blur(decay, len(gradients)), why="the decay was rounded"
    )


@given(gradients=sequences(), rate=st.floats(1e-6, 10))
def test_the_defaults_are_those_of_the_contract(impl, gradients, rate):
    got = taken(impl, gradients, learning_rate=rate)
    want = defined(gradients, decay=0.99, eps=1e-8, rate=rate)
    assert_close(got, want, condition=blur(0.99, len(gradients)))


# ------------------------------------------------------------------------------ laws


@given(
    gradients=sequences(),
    start=st.floats(-100, 100),
    decay=DECAYS,
)
def test_steps_lead_from_wherever_the_parameters_are(impl, gradients, start, decay):
    params = np.full(gradients.shape[1], start)
    options = {"learning_rate": 0.5, "decay": decay}
    path = walk(impl.rmsprop_init, impl.rmsprop_step, params, gradients, **options)
    total = taken(impl, gradients, **options)
    scale = np.abs(start) + np.abs(total).sum()
    assert_close(path[-1], params - total.sum(axis=0), scale=scale)


@given(gradients=sequences(), factor=st.sampled_from([2.0, 0.5, 3.0]))
def test_each_step_has_the_rate_of_its_own_call(impl, gradients, factor):
    rates = 0.5, 0.5 * factor
    ends = with_rates(impl.rmsprop_init, impl.rmsprop_step, gradients, rates)
    for near, far in ends:
        assert_close(far, factor * near)


@given(gradients=sequences(), exponent=st.integers(-30, 30), decay=DECAYS)
def test_without_epsilon_only_the_ratios_of_gradients_count(
    impl, gradients, exponent, decay
):
    # A gradient that was always 0 has no ratio, and some divide 0 by 0 there.
    gradients = np.where(gradients == 0, 1.0, gradients)
    once = taken(impl, gradients, decay=decay, eps=0.0)
    scaled = taken(impl, gradients * 2.0**exponent, decay=decay, eps=0.0)
    assert_close(scaled, once)


@given(gradients=sequences(max_steps=8), decay=DECAYS)
@example(gradients=np.array([[0.0], [0.0], [1e3]]), decay=0.99)
def test_no_step_is_longer_than_the_rate_over_the_root_of_one_minus_the_decay(
    impl, gradients, decay
):
    got = taken(impl, gradients, learning_rate=1.0, decay=decay)
    limit = np.full(got.shape, float(evaluate(spec.longest.end, {spec.β: decay})))
    beyond = np.maximum(np.asarray(got, dtype=np.float64) ** 2, limit)
    assert_close(beyond.astype(got.dtype), limit, condition=blur(decay, len(got)))


@given(size=st.floats(1e-2, 1e3), decay=DECAYS)
def test_the_first_step_is_that_long(impl, size, decay):
    got = taken(impl, np.array([[size, -size]]), decay=decay, eps=0.0)
    square = evaluate(spec.longest.end, {spec.β: decay})
    length = 0.01 * float(square) ** 0.5
    assert_close(got, np.array([[length, -length]]), condition=blur(decay, 1))


@given(gradients=sequences(), decay=DECAYS)
def test_opposite_gradients_make_opposite_steps(impl, gradients, decay):
    once = taken(impl, gradients, decay=decay)
    assert_close(taken(impl, -gradients, decay=decay), -once)


@given(gradients=sequences(), decay=DECAYS)
def test_every_parameter_has_an_average_of_its_own(impl, gradients, decay):
    together = taken(impl, gradients, decay=decay)
    for k, column in enumerate(gradients.T):
        alone = taken(impl, column[:, None], decay=decay)
        assert_close(together[:, k], alone[:, 0])


@given(gradients=sequences(), decay=DECAYS)
def test_without_a_gradient_nothing_moves(impl, gradients, decay):
    params = np.full(gradients.shape[1], 0.75)
    state = impl.rmsprop_init(params)
    for gradient in gradients:
        _, state = impl.rmsprop_step(params, gradient, state, decay=decay)
    new, _ = impl.rmsprop_step(params, 0 * params, state, decay=decay)
    assert_equal(new, params)


@given(gradients=sequences(), decay=DECAYS)
def test_a_step_can_be_taken_again(impl, gradients, decay):
    params = np.ones(gradients.shape[1])
    pairs = each_twice(
        impl.rmsprop_init, impl.rmsprop_step, params, gradients, decay=decay
    )
    for first, again in pairs:
        assert_equal(first, again)


@given(shape=st.sampled_from([(), (1,), (2, 3), (2, 1, 2)]))
def test_steps_have_the_shape_of_the_parameters(impl, shape):
    ones = np.ones(shape)
    path = walk(impl.rmsprop_init, impl.rmsprop_step, ones, [ones, ones])
    assert [after.shape for after in path] == [shape, shape]


def test_without_memory_only_signs_are_left(impl):
    gradients = np.array([[3.0, -0.25], [-1e3, 1e-2], [0.5, 8.0]])
    got = taken(impl, gradients, learning_rate=1.0, decay=0.0, eps=0.0)
    assert_close(got, np.sign(gradients))


@NARROW
def test_narrow_parameters_without_a_gradient_stay_where_they_are(impl, dtype):
    # In float16 an epsilon of 1e-8 is 0, and 0 / 0 is not a number.
    params, zero = np.full(2, 0.75, dtype), np.zeros(2, dtype)
    new, _ = impl.rmsprop_step(params, zero, impl.rmsprop_init(params))
    assert_equal(new, params)


@NARROW
def test_narrow_parameters_step_as_far_where_the_square_would_be_lost(impl, dtype):
    # In float16 the square of this gradient is 0.
    small = np.full((1, 2), 1e-4, dtype)
    got = taken(impl, small, learning_rate=0.5, decay=0.5)
    want = defined(np.float64(small), decay=0.5, eps=1e-8, rate=0.5)
    assert_close(got, want, condition=blur(0.5, 1))


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A1-113")
def test_a_constant_gradient_does_not_wear_the_rate_out(impl):
    got = taken(impl, np.ones((400, 1)), learning_rate=1.0, decay=0.9, eps=0.0)[:, 0]
    # The weights add up to 1 - 0.9^t, so the steps settle at the rate; the inverse root
    # of a sum of squares would have shrunk them to a twentieth.
    sums = [float(evaluate(spec.weights, {spec.t: t, spec.β: 0.9})) for t in (1, 400)]
    assert_close(got[[0, -1]], 1 / np.sqrt(sums), condition=blur(0.9, 10))
    assert got[-1] > 0.999


@pytest.mark.claim("A1-114")
def test_the_effective_rate_rises_when_gradients_shrink(impl):
    sizes = np.array([1.0] * 30 + [0.01] * 60)
    got = taken(impl, sizes[:, None], learning_rate=1.0, decay=0.9, eps=0.0)[:, 0]
    multipliers = got / sizes.astype(got.dtype)
    before = float(evaluate(spec.weights, {spec.t: 30, spec.β: 0.9}))
    values = {spec.t: 60, spec.β: 0.9, spec.v_0: before, spec.c: 0.01}
    after = float(evaluate(spec.forgets, values))
    want = [1 / np.sqrt(0.1), 1 / np.sqrt(before), 1 / np.sqrt(after)]
    assert_close(multipliers[[0, 29, -1]], want, condition=blur(0.9, len(sizes)))
    # Down while gradients are large, and up again when they are small.
    assert (np.diff(multipliers[:30]) < 0).all()
    assert (np.diff(multipliers[30:]) > 0).all()


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("size", [1e-290, 1e-200, 1e-100, 1e100, 1e200, 1e300])
def test_no_gradient_is_too_large_or_too_small(impl, size):
    gradients = np.array([[size, -size], [size, 2 * size]])
    got = taken(impl, gradients, learning_rate=1.0, decay=0.75, eps=0.0)
    want = defined(gradients / size, decay=0.75, eps=0.0, rate=1.0)
    assert_ulps(got, want, 8)


@pytest.mark.contract
def test_what_never_had_a_gradient_stays_even_without_epsilon(impl):
    got = taken(impl, np.zeros((3, 2)), eps=0.0)
    assert_equal(got, np.zeros((3, 2)))


@pytest.mark.contract
@pytest.mark.parametrize(
    ("dtype", "ulps"), [(np.float16, 0.5), (np.float32, 0.5), (np.float64, 8)]
)
def test_dtype_of_the_parameters_is_kept(impl, dtype, ulps):
    # In float16 the square of this gradient would be 0, and the step infinite.
    small = np.full(2, 1e-4, dtype)
    got = taken(impl, [small] * 3, decay=0.5)
    assert got.dtype == dtype
    exact = defined(np.float64([small] * 3), decay=0.5, eps=1e-8)
    assert_ulps(got, exact, ulps)


@pytest.mark.contract
def test_nan_stays_with_its_parameter(impl):
    got = taken(impl, np.array([[1.0, np.nan], [1.0, 1.0]]))
    assert np.isfinite(got[:, 0]).all()
    assert np.isnan(got[:, 1]).all()


@pytest.mark.contract
def test_an_infinite_gradient_has_no_size(impl):
    got = taken(impl, np.array([[1.0, np.inf]]))
    assert np.isfinite(got[0, 0])
    assert np.isnan(got[0, 1])


@pytest.mark.contract
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"decay": 1.0}, r"^decay must lie in \[0, 1\), got 1\.0$"),
        ({"decay": -0.1}, r"^decay must lie in \[0, 1\), got -0\.1$"),
        ({"learning_rate": -1.0}, r"^learning_rate must be at least 0, got -1\.0$"),
        ({"eps": -1e-8}, r"^eps must be at least 0, got -1e-08$"),
        ({"eps": float("nan")}, r"^eps must be finite, got nan$"),
    ],
)
def test_options_that_are_none_are_named(impl, options, message):
    x = np.ones(2)
    with pytest.raises(ValueError, match=message):
        impl.rmsprop_step(x, x, impl.rmsprop_init(x), **options)


@pytest.mark.contract
def test_shapes_and_states_that_do_not_fit_are_named(impl):
    misfits_are_named(impl.rmsprop_init, impl.rmsprop_step, "RMSpropState")
