"""adam: unbiased from the first step on, blind to units, and not always downhill."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.engine import evaluate
from derivations.optimizers import adam as spec
from derivations.optimizers import rmsprop as rms
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.optimizers import (
    NARROW,
    NONZERO,
    SIZES,
    each_twice,
    misfits_are_named,
    sequences,
    steps,
    walk,
    with_rates,
)

DECAYS = st.sampled_from([0.0, 0.5, 0.9, 0.99, 0.999])
EPSILONS = st.sampled_from([1e-8, 1e-3, 1.0])


def taken(impl, gradients, **options):
    return steps(impl.adam_init, impl.adam_step, gradients, **options)


def defined(gradients, *, beta1=0.9, beta2=0.999, eps=1e-8, rate=1e-3):
    """Evaluate the definition at every step, for every parameter."""
    values = {spec.β_1: beta1, spec.β_2: beta2, spec.ε: eps, spec.α: rate}
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


def check(got, gradients, **options):
    """Compare with the definition, as closely as rounding of the betas allows.

    One ulp of a beta is worth t + 1 / (1 - β) ulp of its weights and their sum. In the
    mean, gradients of both signs cancel: their sizes alone would make a longer step.
    """
    want = defined(gradients, **options)
    longer = defined(np.abs(gradients), **options).astype(np.float64)
    betas = options.get("beta1", 0.9), options.get("beta2", 0.999)
    condition = sum(len(gradients) + 1 / (1 - beta) for beta in betas)
    assert_close(got, want, scale=longer, condition=condition, why="betas were rounded")


# ------------------------------------------------------ agreement with the derivation


@given(gradients=sequences(), beta1=DECAYS, beta2=DECAYS, eps=EPSILONS)
@example(gradients=np.array([[1.0], [2.0]]), beta1=0.9, beta2=0.999, eps=1.0)
@example(gradients=np.array([[1e-3], [0.0]]), beta1=0.5, beta2=0.9, eps=1e-3)
def test_every_step_is_the_corrected_mean_over_the_corrected_root(
    impl, gradients, beta1, beta2, eps
):
    options = {"beta1": beta1, "beta2": beta2, "eps": eps}
    check(taken(impl, gradients, **options), gradients, **options)


@given(gradients=sequences(), rate=st.floats(1e-6, 10))
def test_the_defaults_are_those_of_the_paper(impl, gradients, rate):
    check(taken(impl, gradients, learning_rate=rate), gradients, rate=rate)


@given(size=SIZES, sign=st.sampled_from([1, -1]), beta1=DECAYS, beta2=DECAYS)
@example(size=1e-3, sign=1, beta1=0.9, beta2=0.999)
def test_of_a_constant_gradient_the_averages_know_the_size_at_once(
    impl, size, sign, beta1, beta2
):
    gradient = sign * size
    got = taken(impl, np.full((12, 1), gradient), beta1=beta1, beta2=beta2, eps=0.5)
    values = {spec.α: 1e-3, spec.c: gradient, spec.ε: 0.5}
    want = np.full(got.shape, float(evaluate(spec.constant_step.end, values)))
    condition = 24 + 1 / (1 - beta1) + 1 / (1 - beta2)
    assert_close(got, want, condition=condition, why="betas were rounded")


# ------------------------------------------------------------------------------ laws


@given(size=NONZERO, beta1=DECAYS, beta2=DECAYS)
@example(size=1e-3, beta1=0.9, beta2=0.999)
@example(size=1e3, beta1=0.9, beta2=0.999)
def test_the_first_step_is_the_rate_whatever_the_gradient(impl, size, beta1, beta2):
    got = taken(
        impl, np.array([[size]]), learning_rate=0.5, beta1=beta1, beta2=beta2, eps=0.0
    )
    condition = 1 / (1 - beta1) + 1 / (1 - beta2)
    assert_close(got, np.array([[0.5 * np.sign(size)]]), condition=condition)


@given(gradients=sequences(), start=st.floats(-100, 100), beta1=DECAYS)
def test_steps_lead_from_wherever_the_parameters_are(impl, gradients, start, beta1):
    params = np.full(gradients.shape[1], start)
    options = {"learning_rate": 0.5, "beta1": beta1}
    path = walk(impl.adam_init, impl.adam_step, params, gradients, **options)
    total = taken(impl, gradients, **options)
    scale = np.abs(start) + np.abs(total).sum()
    assert_close(path[-1], params - total.sum(axis=0), scale=scale)


@given(gradients=sequences(), factor=st.sampled_from([2.0, 0.5, 3.0]))
def test_each_step_has_the_rate_of_its_own_call(impl, gradients, factor):
    rates = 0.5, 0.5 * factor
    ends = with_rates(impl.adam_init, impl.adam_step, gradients, rates)
    for near, far in ends:
        assert_close(far, factor * near)


@given(gradients=sequences(elements=NONZERO), exponent=st.integers(-30, 30))
def test_without_epsilon_units_of_the_loss_do_not_matter(impl, gradients, exponent):
    once = taken(impl, gradients, eps=0.0)
    scaled = taken(impl, gradients * 2.0**exponent, eps=0.0)
    assert_close(scaled, once, scale=1e-3)


@given(gradients=sequences())
def test_opposite_gradients_make_opposite_steps(impl, gradients):
    assert_close(taken(impl, -gradients), -taken(impl, gradients))


@given(gradients=sequences())
def test_every_parameter_has_averages_of_its_own(impl, gradients):
    together = taken(impl, gradients)
    for k, column in enumerate(gradients.T):
        alone = taken(impl, column[:, None])
        assert_close(together[:, k], alone[:, 0], scale=np.abs(together[:, k]))


def test_turned_axes_do_not_turn_the_step(impl):
    # The same slope, once along an axis and once between two. Plain descent goes
    # equally far; here the second step is about the root of two times as long.
    lengths = []
    for gradient in ([5.0, 0.0], [3.0, 4.0]):
        got = taken(impl, np.array([gradient]))
        check(got, np.array([gradient]))
        lengths.append(np.sqrt((got**2).sum()))
    assert lengths[1] > 1.4 * lengths[0]


@given(gradients=sequences(max_steps=3))
def test_without_any_gradient_nothing_ever_moves(impl, gradients):
    params = np.full(gradients.shape[1], 0.75)
    for new in walk(impl.adam_init, impl.adam_step, params, 0 * gradients):
        assert_equal(new, params)


@given(gradients=sequences())
def test_a_step_can_be_taken_again(impl, gradients):
    params = np.ones(gradients.shape[1])
    pairs = each_twice(impl.adam_init, impl.adam_step, params, gradients)
    for first, again in pairs:
        assert_equal(first, again)


@given(shape=st.sampled_from([(), (1,), (2, 3), (2, 1, 2)]))
def test_steps_have_the_shape_of_the_parameters(impl, shape):
    ones = np.ones(shape)
    path = walk(impl.adam_init, impl.adam_step, ones, [ones, ones])
    assert [after.shape for after in path] == [shape, shape]


@NARROW
def test_narrow_parameters_without_a_gradient_stay_where_they_are(impl, dtype):
    # In float16 an epsilon of 1e-8 is 0, and 0 / 0 is not a number.
    params, zero = np.full(2, 0.75, dtype), np.zeros(2, dtype)
    new, _ = impl.adam_step(params, zero, impl.adam_init(params))
    assert_equal(new, params)


@NARROW
def test_narrow_parameters_step_by_the_rate_where_the_square_would_be_lost(impl, dtype):
    # In float16 the square of this gradient is 0.
    small = np.full((1, 2), 1e-4, dtype)
    options = {"beta1": 0.5, "beta2": 0.5}
    got = taken(impl, small, learning_rate=0.5, **options)
    check(got, np.float64(small), rate=0.5, **options)


# ----------------------------------------------------------------- how long a step is


def furthest(count, beta1, beta2):
    """Return the bound of a step over the rate, with corrections, after so many."""
    ratios = evaluate(spec.geometric.end, {spec.t: count, spec.q: beta1**2 / beta2})
    shares = [evaluate(rms.weights, {rms.t: count, rms.β: b}) for b in (beta1, beta2)]
    square = (1 - beta1) ** 2 / (1 - beta2) * float(ratios * shares[1] / shares[0] ** 2)
    return np.sqrt(square)


@given(gradients=sequences(elements=NONZERO, max_steps=8))
def test_no_step_is_longer_than_the_averages_reach(impl, gradients):
    options = {"learning_rate": 1.0, "beta1": 0.8, "beta2": 0.9, "eps": 0.0}
    got = np.abs(taken(impl, gradients, **options))
    limits = np.array(
        [[furthest(n, 0.8, 0.9)] * got.shape[1] for n in range(1, len(got) + 1)]
    )
    beyond = np.maximum(got, limits.astype(got.dtype))
    assert_close(beyond, limits, condition=100, why="betas were rounded")


def test_growing_gradients_reach_that_far(impl):
    # Each gradient is beta2 / beta1 times the last one: then the bound is attained.
    gradients = (0.9 / 0.8) ** np.arange(60.0)[:, None]
    got = taken(impl, gradients, learning_rate=1.0, beta1=0.8, beta2=0.9, eps=0.0)
    assert_close(got[-1, 0], furthest(60, 0.8, 0.9), condition=100)
    # With these betas 1 - beta1 is below the root of 1 - beta2, and the rate is often
    # given as the longest step there is.
    assert got[-1, 0] > 1.17


@given(gradients=sequences(elements=NONZERO), beta=st.sampled_from([0.5, 0.9, 0.99]))
def test_with_equal_betas_no_step_is_longer_than_the_rate(impl, gradients, beta):
    options = {"learning_rate": 1.0, "beta1": beta, "beta2": beta, "eps": 0.0}
    got = np.abs(taken(impl, gradients, **options))
    ones = np.ones(got.shape, got.dtype)
    assert_close(np.maximum(got, ones), ones, condition=2 / (1 - beta))


# -------------------------------------------------------------- what the articles say


def cycle(large):
    return {"learning_rate": 1.0, "beta1": 0.0, "beta2": 1 / (1 + large**2), "eps": 0.0}


@given(
    large=st.floats(2, 50),
    before=st.lists(NONZERO, max_size=4),
)
@example(large=2.0, before=[])
@example(large=50.0, before=[1e3])
def test_two_small_gradients_outweigh_a_large_one(impl, large, before):
    gradients = np.array([*before, large, -1.0, -1.0])[:, None]
    down, second, third = taken(impl, gradients, **cycle(large))[-3:, 0]
    assert down > 0
    # Each of the two steps back is 1 / √2 of the first at least; one is as long.
    assert -second > 0.7 * down
    assert -third > 0.7 * down


@pytest.mark.claim("A1-116")
def test_it_ends_at_the_worst_point_of_a_convex_problem(impl):
    # Losses 4x, -x, -x on [-1, 1]: together 2x, which is least at -1.
    gradients = np.array([4.0, -1.0, -1.0])
    assert gradients.sum() > 0
    options = {**cycle(4.0), "learning_rate": 0.1}
    x = np.zeros(1)
    state = impl.adam_init(x)
    plain = 0.0
    for t in range(90):
        gradient = gradients[t % 3 : t % 3 + 1]
        x, state = impl.adam_step(x, gradient, state, **options)
        x = np.clip(x, -1.0, 1.0)
        plain = np.clip(plain - 0.1 * gradient[0], -1.0, 1.0)
    assert_equal(x, [1.0])
    # Plain descent goes the right way.
    assert plain < 0


@pytest.mark.claim("A1-117")
@given(gradients=sequences(elements=NONZERO), beta=st.sampled_from([0.5, 0.9, 0.99]))
def test_without_a_mean_it_is_rmsprop_with_a_correction(impl, gradients, beta):
    got = taken(impl, gradients, learning_rate=1.0, beta1=0.0, beta2=beta, eps=0.0)
    for t, row in enumerate(got, 1):
        values = {rms.α: 1, rms.ε: 0, rms.β: beta, rms.t: t}
        steps_of = [
            float(evaluate(rms.step, {**values, rms.g: column[:t]}))
            for column in gradients.T
        ]
        share = float(evaluate(rms.weights, {rms.β: beta, rms.t: t}))
        assert_close(
            row, np.sqrt(share) * np.array(steps_of), condition=t + 1 / (1 - beta)
        )


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("size", [1e-290, 1e-200, 1e-100, 1e100, 1e200, 1e300])
def test_no_gradient_is_too_large_or_too_small(impl, size):
    gradients = np.array([[size, -size], [size, -2 * size]])
    got = taken(impl, gradients, learning_rate=1.0, beta1=0.5, beta2=0.75, eps=0.0)
    want = defined(gradients / size, rate=1.0, beta1=0.5, beta2=0.75, eps=0.0)
    assert_ulps(got, want, 8)


@pytest.mark.contract
@given(size=st.floats(1e-300, 1e300))
@example(size=1e-200)
@example(size=1.0)
def test_the_first_step_is_that_of_the_formula(impl, size):
    got = taken(impl, np.array([[size]]))
    values = {spec.α: 1e-3, spec.c: size, spec.ε: 1e-8}
    assert_ulps(got, np.array([[evaluate(spec.constant_step.end, values)]]), 8)


@pytest.mark.contract
def test_betas_close_to_one_keep_their_digits(impl):
    # 1 - β^2 by subtraction would have lost seven digits here.
    gradients, beta = np.array([[1.0], [3.0]]), 1 - 2.0**-30
    got = taken(impl, gradients, beta1=beta, beta2=beta)
    assert_ulps(got, defined(gradients, beta1=beta, beta2=beta), 8)


@pytest.mark.contract
def test_a_call_corrects_with_its_own_betas(impl):
    x = np.zeros(1)
    _, state = impl.adam_step(x, np.ones(1), impl.adam_init(x), beta1=0.5, beta2=0.5)
    new, _ = impl.adam_step(
        x, np.ones(1), state, learning_rate=1.0, beta1=0.75, beta2=0.75, eps=0.0
    )
    # Both averages are 3/4 of 1/2 and 1/4: 5/8; the call's weights add up to 7/16.
    assert_ulps(-np.asarray(new), np.sqrt([10 / 7]), 8)


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
    got = taken(impl, [small] * 3, beta1=0.5, beta2=0.5)
    assert got.dtype == dtype
    assert_ulps(got, defined(np.float64([small] * 3), beta1=0.5, beta2=0.5), ulps)


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
        ({"beta1": 1.0}, r"^beta1 must lie in \[0, 1\), got 1\.0$"),
        ({"beta2": -0.1}, r"^beta2 must lie in \[0, 1\), got -0\.1$"),
        ({"learning_rate": -1.0}, r"^learning_rate must be at least 0, got -1\.0$"),
        ({"eps": -1e-8}, r"^eps must be at least 0, got -1e-08$"),
        ({"beta2": float("nan")}, r"^beta2 must be finite, got nan$"),
    ],
)
def test_options_that_are_none_are_named(impl, options, message):
    x = np.ones(2)
    with pytest.raises(ValueError, match=message):
        impl.adam_step(x, x, impl.adam_init(x), **options)


@pytest.mark.contract
def test_shapes_and_states_that_do_not_fit_are_named(impl):
    misfits_are_named(impl.adam_init, impl.adam_step, "AdamState")
