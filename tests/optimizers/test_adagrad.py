"""adagrad: one rate for each parameter, falling with the gradients it has seen."""

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.engine import evaluate
from derivations.optimizers import adagrad as spec
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.optimizers import NARROW, misfits_are_named, walk

# Gradients that are far above every epsilon, or zero.
GRADIENT = st.one_of(st.just(0.0), st.floats(1e-3, 1e3), st.floats(-1e3, -1e-3))
EPS = 1e-10


@st.composite
def episodes(draw, *, max_steps=6):
    """Draw gradients of one shape, one array a step."""
    width = draw(st.integers(1, 3))
    gradient = st.lists(GRADIENT, min_size=width, max_size=width).map(np.array)
    return draw(st.lists(gradient, min_size=1, max_size=max_steps))


def adagrad(impl, gradients, *, start=0.0, **options):
    begin = np.full(np.shape(gradients[0]), start)
    return walk(impl.adagrad_init, impl.adagrad_step, begin, gradients, **options)


def exact_steps(gradients, rate, eps):
    """Return each step of one parameter in 50 digits, from the derived accumulator."""
    steps = []
    for k in range(1, len(gradients) + 1):
        seen = {spec.t: k, spec.g: np.array(gradients[:k])}
        total = evaluate(spec.accumulated.end, seen)
        with mpmath.workdps(50):
            below = mpmath.sqrt(total) + mpmath.mpf(eps)
            steps.append(rate * mpmath.mpf(gradients[k - 1]) / below)
    return steps


# ------------------------------------------------------ agreement with the derivation


@given(
    gradients=st.lists(GRADIENT, min_size=1, max_size=5),
    rate=st.floats(1e-3, 2),
    eps=st.sampled_from([1e-10, 1e-7, 1e-3]),
)
@example(gradients=[1e-3, 1e-3, 1e-3], rate=1.0, eps=1e-3)
@example(gradients=[3.0, -4.0, 0.0, 12.0], rate=1.0, eps=1e-10)
def test_a_step_is_the_gradient_over_the_root_of_all_squares(
    impl, gradients, rate, eps
):
    arrays = [np.array([g]) for g in gradients]
    path = adagrad(impl, arrays, learning_rate=rate, eps=eps)
    steps = exact_steps(gradients, rate, eps)
    want = -np.cumsum(np.array(steps, dtype=object))
    scale = sum(abs(float(step)) for step in steps)
    assert_close(np.concatenate(path), want, scale=scale, condition=len(steps))


@given(gradients=st.lists(GRADIENT, min_size=1, max_size=5))
def test_defaults_are_a_rate_of_a_hundredth_and_an_epsilon_of_ten_to_minus_ten(
    impl, gradients
):
    path = adagrad(impl, [np.array([g]) for g in gradients])
    steps = exact_steps(gradients, 0.01, EPS)
    want = -np.cumsum(np.array(steps, dtype=object))
    scale = sum(abs(float(step)) for step in steps)
    assert_close(np.concatenate(path), want, scale=scale, condition=len(steps))


@given(slope=st.floats(1e-3, 1e3), steps=st.integers(1, 12))
def test_on_a_steady_slope_steps_fall_like_one_over_the_root_of_their_number(
    impl, slope, steps
):
    path = adagrad(impl, [np.array([slope])] * steps, learning_rate=1.0)
    last = np.diff(np.concatenate([np.zeros(1), *path]))[-1:]
    values = {spec.t: steps - 1, spec.α: 1}
    exact = np.array([evaluate(spec.steady_step.end, values)], dtype=object)
    # The epsilon is 1e-7 of the smallest slope.
    assert_close(-last, exact, scale=abs(path[-1]), condition=steps + 1e-7 / 2e-16)


# ------------------------------------------------------------------------------ laws


@given(
    gradient=st.floats(1e-2, 1e12),
    sign=st.sampled_from([1, -1]),
    rate=st.floats(1e-3, 10),
)
@example(gradient=1.0, sign=1, rate=0.01)
def test_the_first_step_is_the_rate_against_the_sign(impl, gradient, sign, rate):
    (first,) = adagrad(impl, [np.array([sign * gradient])], learning_rate=rate)
    # Off by the share of the epsilon, at most 1e-8.
    assert_close(first, np.array([-sign * rate]), condition=1e-8 / 2e-16)


@given(episode=episodes(), exponent=st.integers(-8, 8))
def test_units_of_the_loss_do_not_matter(impl, episode, exponent):
    scale = 2.0**exponent
    path = adagrad(impl, episode, learning_rate=0.5, eps=2.0**-30)
    scaled = adagrad(
        impl, [scale * g for g in episode], learning_rate=0.5, eps=scale * 2.0**-30
    )
    for one, other in zip(path, scaled, strict=True):
        assert_close(one, other, scale=0.5 * len(path))


@given(episode=episodes())
def test_mirrored_gradients_make_a_mirrored_path(impl, episode):
    path = adagrad(impl, episode)
    mirrored = adagrad(impl, [-g for g in episode])
    assert_equal(mirrored[-1], -path[-1])


@given(episode=episodes())
def test_parameters_without_a_gradient_stay_where_they_are(impl, episode):
    still = [np.concatenate([g, np.zeros(1)]) for g in episode]
    for here in adagrad(impl, still, start=1.5):
        assert_equal(here[-1], 1.5)


@given(episode=episodes())
def test_every_parameter_has_an_accumulator_of_its_own(impl, episode):
    together = adagrad(impl, episode)[-1]
    assert together.shape == episode[0].shape
    for entry in range(len(together)):
        own = adagrad(impl, [g[entry : entry + 1] for g in episode])[-1]
        assert_close(own, together[entry : entry + 1], scale=0.01 * len(episode))


@given(episode=episodes())
def test_a_step_of_adagrad_can_be_taken_again(impl, episode):
    start = np.zeros(np.shape(episode[0]))
    params, state = impl.adagrad_step(start, episode[0], impl.adagrad_init(start))
    first, _ = impl.adagrad_step(params, episode[-1], state)
    again, _ = impl.adagrad_step(params, episode[-1], state)
    assert_equal(first, again)


@given(gradients=st.lists(GRADIENT, min_size=2, max_size=5), last=st.floats(1e-3, 1e3))
def test_the_order_of_earlier_gradients_is_forgotten(impl, gradients, last):
    def last_step(earlier):
        path = adagrad(impl, [np.array([g]) for g in [*earlier, last]])
        return path[-1] - path[-2]

    scale = 0.01 * (len(gradients) + 1)
    assert_close(last_step(gradients[::-1]), last_step(gradients), scale=scale)


@NARROW
def test_narrow_parameters_without_a_gradient_stay_where_they_are(impl, dtype):
    # In float16 an epsilon of 1e-8 is 0, and 0 / 0 is not a number.
    params, zero = np.full(2, 0.75, dtype), np.zeros(2, dtype)
    new, _ = impl.adagrad_step(params, zero, impl.adagrad_init(params))
    assert_equal(new, params)


@NARROW
def test_narrow_parameters_take_the_same_steps(impl, dtype):
    # Gradients 3, 4, 12 have the roots 3, 5, 13.
    gradients = [np.full(2, g, dtype) for g in (3, 4, 12)]
    start = np.zeros(2, dtype)
    path = walk(
        impl.adagrad_init,
        impl.adagrad_step,
        start,
        gradients,
        learning_rate=0.5,
        eps=1e-3,
    )
    want = np.cumsum([-0.5 * 3 / 3.001, -0.5 * 4 / 5.001, -0.5 * 12 / 13.001])
    for here, place in zip(path, want, strict=True):
        assert_close(here, np.full(2, place), scale=1.0)


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A1-108")
@given(gradients=st.tuples(st.floats(1, 1e3), st.floats(1, 1e3)))
def test_gradient_descent_has_one_rate_for_all_parameters(impl, gradients):
    g = np.array(gradients)
    step, _ = impl.sgd_step(0 * g, g, impl.sgd_init(g), learning_rate=0.5)
    assert_equal(step, -0.5 * g)


@pytest.mark.claim("A1-109")
def test_two_weights_of_one_neuron_have_different_rates(impl):
    # Two weights of one neuron: their gradients have the sizes of their inputs.
    steady, rare = np.array([1.0, 0.0]), np.array([1.0, 1.0])
    path = adagrad(impl, [steady, steady, steady, rare], learning_rate=1.0, eps=1e-8)
    last = path[-1] - path[-2]
    # The fourth gradient of one, the first of the other: rates of one half and of one.
    assert_close(last, np.array([-0.5, -1.0]), scale=3.0, condition=1e-8 / 2e-16)


@pytest.mark.claim("A1-110")
@given(gradients=st.lists(GRADIENT, min_size=1, max_size=4), last=st.floats(1e-3, 1e3))
def test_a_zero_gradient_adds_nothing_to_the_sum(impl, gradients, last):
    zero = [np.zeros(1)]
    seen = [np.array([g]) for g in gradients]
    path = adagrad(impl, [*seen, np.array([last])])
    paused = adagrad(impl, [*seen, *zero, *zero, np.array([last])])
    assert_equal(paused[-1], path[-1])


@pytest.mark.claim("A1-111")
def test_the_rate_keeps_a_floor_if_gradients_fade(impl):
    gradients = [np.array([2.0**-k]) for k in range(20)]
    path = np.concatenate([np.zeros(1), *adagrad(impl, gradients, learning_rate=1.0)])
    rates = -np.diff(path) / np.concatenate(gradients)
    # 1/(1 - 1/4) bounds the sum of squares.
    bound = evaluate(spec.fading.end, {spec.q: 0.5})
    assert np.all(rates > float(1 / mpmath.sqrt(bound)) - 1e-4)
    assert rates[-1] > 0.8659
    # On a steady slope there is no such floor.
    steady = adagrad(impl, [np.ones(1)] * 20, learning_rate=1.0)
    assert steady[-2] - steady[-1] < 0.2237


@pytest.mark.claim("A1-112")
def test_on_a_steady_slope_it_goes_on_without_end(impl):
    path = adagrad(impl, [np.ones(1)] * 1024, learning_rate=1.0)
    for steps in (64, 256, 1024):
        reached = -float(path[steps - 1][0])
        least = float(evaluate(spec.travel.end, {spec.t: steps, spec.α: 1}))
        assert least < reached < least + 2
    # Four times the steps go twice as far: 30.6 becomes 62.5.
    assert path[1023] / path[255] > 2


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_parameters_is_kept_by_adagrad(impl, dtype):
    x = np.ones((2, 3), dtype)
    assert impl.adagrad_step(x, x, impl.adagrad_init(x))[0].dtype == dtype
    wide = x.astype(np.float64)
    assert impl.adagrad_step(x, wide, impl.adagrad_init(x))[0].dtype == np.float64


@pytest.mark.contract
@pytest.mark.parametrize(
    ("dtype", "gradient"), [(np.float16, 300), (np.float32, 1e25), (np.float64, 1e200)]
)
def test_a_gradient_whose_square_overflows_still_counts(impl, dtype, gradient):
    x = np.zeros(1, dtype)
    g = np.full(1, gradient, dtype)
    once, state = impl.adagrad_step(x, g, impl.adagrad_init(x), learning_rate=0.5)
    twice, _ = impl.adagrad_step(x, g, state, learning_rate=0.5)
    assert_close(once, np.array([-0.5]))
    assert_close(twice, np.array([-(0.5**1.5)]))


@pytest.mark.contract
def test_without_an_epsilon_zero_over_zero_is_no_step(impl):
    x = np.array([1.0, 1.0])
    state = impl.adagrad_init(x)
    for gradient in (np.array([2.0, 0.0]), np.array([2.0, 5e-324])):
        x, state = impl.adagrad_step(x, gradient, state, learning_rate=0.5, eps=0)
    assert_close(x, np.array([0.5 - 0.5**1.5, 0.5]))


@pytest.mark.contract
def test_gradients_that_are_not_finite_show(impl):
    x = np.zeros(2)
    g = np.array([np.nan, np.inf])
    assert_equal(impl.adagrad_step(x, g, impl.adagrad_init(x))[0], [np.nan, np.nan])


@pytest.mark.contract
def test_a_state_or_gradient_that_does_not_fit_is_named(impl):
    misfits_are_named(impl.adagrad_init, impl.adagrad_step, "AdagradState")


@pytest.mark.contract
def test_options_below_zero_are_named(impl):
    state = impl.adagrad_init([1.0])
    with pytest.raises(ValueError, match=r"^learning_rate must be at least 0, got -1"):
        impl.adagrad_step([1.0], [1.0], state, learning_rate=-1)
    with pytest.raises(ValueError, match=r"^eps must be at least 0, got -1e-09$"):
        impl.adagrad_step([1.0], [1.0], state, eps=-1e-9)
