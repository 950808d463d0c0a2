"""dropout: masks are fair, means are kept, averages agree with their derivations."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.engine import evaluate
from derivations.regularization import dropout as spec
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.statistics import distance_from_normal, hoeffding
from reference.conformance.strategies import float_arrays, reals, seeds, shapes, vectors
from reference.conformance.tables import VALUES, assert_single_is_double

RATES = (0.0, 0.1, 0.25, 0.5, 0.8)
DRAWS = 40_000

# Exact in binary, so that averages over all masks can be computed in fractions.
SIXTEENTHS = st.integers(0, 15).map(lambda k: k / 16)
# The derivations speak of rates inside (0, 1).
INNER_SIXTEENTHS = st.integers(1, 15).map(lambda k: k / 16)


def rng(seed=0):
    return np.random.default_rng(seed)


@st.composite
def linear_units(draw, *, rates=SIXTEENTHS, magnitude=100.0):
    """Weights and inputs of one length, a target, and a rate."""
    length = draw(st.integers(1, 5))
    w = draw(vectors(k=length, magnitude=magnitude))
    x = draw(vectors(k=length, magnitude=magnitude))
    return w, x, draw(reals(magnitude)), draw(rates)


def without_tiny_numbers(unit):
    """Round to multiples of 2^-20: a factor of 2^20 more or less is exact."""
    *numbers, p = unit
    return *(np.round(a * 2**20) / 2**20 for a in numbers), p


def over_all_masks(w, x, p, value):
    """Average ``value(mask)`` over every mask of independent units, in fractions."""
    total = Fraction(0)
    for mask in itertools.product((0, 1), repeat=len(w)):
        kept = sum(mask)
        chance = (1 - Fraction(p)) ** kept * Fraction(p) ** (len(w) - kept)
        total += chance * value(mask)
    return total


def exactly(numbers):
    return [Fraction(float(number)) for number in numbers]


def derived(expression, w, x, t, p, **more):
    values = {spec.w: w, spec.x: x, spec.t: t, spec.p: p, **more}
    return evaluate(expression, values)


# ------------------------------------------------------ agreement with the derivation


@given(unit=linear_units())
@example(unit=(np.array([1.0, 2.0, -1.0]), np.array([1.0, 1.0, 3.0]), 1.0, 0.5))
@example(unit=(np.array([2.0]), np.array([3.0]), 1.0, 0.0))
def test_expected_loss_is_the_average_over_all_masks(impl, unit):
    w, x, t, p = unit
    terms = [a * b for a, b in zip(exactly(w), exactly(x), strict=True)]

    def loss(mask):
        net = sum((m * term for m, term in zip(mask, terms, strict=True)), Fraction(0))
        return (Fraction(t) - net) ** 2 / 2

    want = over_all_masks(w, x, p, loss)
    size = (abs(t) + float(sum(map(abs, terms)))) ** 2
    got = np.array([impl.dropout_expected_loss(w, x, t, p=p)])
    # The residual is a difference: what rounds is its largest term, squared.
    assert_close(got, np.array([want], dtype=object), scale=size)


@given(unit=linear_units())
@example(unit=(np.array([1.0, 2.0, -1.0]), np.array([1.0, 1.0, 3.0]), 1.0, 0.5))
def test_expected_gradient_is_the_average_over_all_masks(impl, unit):
    w, x, t, p = unit
    weights, inputs = exactly(w), exactly(x)

    def gradient(entry):
        def of(mask):
            kept = zip(mask, weights, inputs, strict=True)
            net = sum((m * a * b for m, a, b in kept), Fraction(0))
            return -mask[entry] * inputs[entry] * (Fraction(t) - net)

        return over_all_masks(w, x, p, of)

    want = np.array([gradient(k) for k in range(len(w))], dtype=object)
    size = np.abs(x) * (abs(t) + 2 * np.sum(np.abs(w * x)))
    got = impl.dropout_expected_grad(w, x, t, p=p)
    assert_close(got, want, scale=size)


@given(unit=linear_units(rates=INNER_SIXTEENTHS))
def test_expected_loss_is_the_derived_ridge_form(impl, unit):
    w, x, t, p = unit
    want = derived(spec.expected_loss.end, w, x, t, p)
    size = (abs(t) + np.sum(np.abs(w * x))) ** 2
    got = np.array([impl.dropout_expected_loss(w, x, t, p=p)])
    assert_close(got, np.array([want], dtype=object), scale=size)


@given(
    unit=linear_units(rates=INNER_SIXTEENTHS),
    step=st.sampled_from([2.0**-10, 2.0**-12]),
)
def test_expected_gradient_is_the_slope_of_the_expected_loss(impl, unit, step):
    w, x, t, p = unit
    size = (abs(t) + np.sum(np.abs((np.abs(w) + 1) * x))) ** 2

    def loss(weights):
        return derived(spec.expected_loss.end, weights, x, t, p)

    # The loss is quadratic in every weight: central differences are exact.
    slopes = []
    for k in range(len(w)):
        move = step * (np.arange(len(w)) == k)
        slopes.append(
            (loss(w + move) - loss(w - move)) / ((w + move)[k] - (w - move)[k])
        )
    got = impl.dropout_expected_grad(w, x, t, p=p)
    assert_close(got, np.array(slopes, dtype=object), scale=size + 1)


@given(unit=linear_units(), zeros=st.sampled_from([1, 40]))
@example(unit=(np.array([1.0]), np.array([1.0]), 0.0, 0.5), zeros=40)
def test_inputs_that_are_zero_change_no_expected_loss(impl, unit, zeros):
    w, x, t, p = unit
    want = np.asarray(impl.dropout_expected_loss(w, x, t, p=p))
    size = (abs(t) + np.sum(np.abs(w * x))) ** 2
    more = np.append(w, np.ones(zeros)), np.append(x, np.zeros(zeros))
    assert_close(impl.dropout_expected_loss(*more, t, p=p), want, scale=size)


@given(unit=linear_units(), zeros=st.sampled_from([1, 40]))
@example(unit=(np.array([1.0]), np.array([1.0]), 0.0, 0.5), zeros=40)
def test_inputs_that_are_zero_change_no_expected_gradient(impl, unit, zeros):
    w, x, t, p = unit
    want = np.append(impl.dropout_expected_grad(w, x, t, p=p), np.zeros(zeros))
    w, x = np.append(w, np.ones(zeros)), np.append(x, np.zeros(zeros))
    size = np.abs(x) * (abs(t) + 2 * np.sum(np.abs(w * x)))
    assert_close(impl.dropout_expected_grad(w, x, t, p=p), want, scale=size)


@given(unit=linear_units().map(without_tiny_numbers), power=st.integers(-20, 20))
@example(unit=(np.array([1.0]), np.array([1.0]), 0.0, 0.5), power=10)
def test_units_of_measure_of_the_inputs_change_no_expected_loss(impl, unit, power):
    w, x, t, p = unit
    want = np.asarray(impl.dropout_expected_loss(w, x, t, p=p))
    size = (abs(t) + np.sum(np.abs(w * x))) ** 2
    moved = np.ldexp(w, power), np.ldexp(x, -power)
    assert_close(impl.dropout_expected_loss(*moved, t, p=p), want, scale=size)


@given(unit=linear_units().map(without_tiny_numbers), power=st.integers(-20, 20))
@example(unit=(np.array([1.0]), np.array([1.0]), 0.0, 0.5), power=10)
def test_units_of_measure_of_the_inputs_divide_the_expected_gradient(impl, unit, power):
    w, x, t, p = unit
    want = np.ldexp(impl.dropout_expected_grad(w, x, t, p=p), -power)
    w, x = np.ldexp(w, power), np.ldexp(x, -power)
    size = np.abs(x) * (abs(t) + 2 * np.sum(np.abs(w * x)))
    assert_close(impl.dropout_expected_grad(w, x, t, p=p), want, scale=size)


@pytest.mark.needs("float32")
@pytest.mark.parametrize("name", ["dropout_expected_loss", "dropout_expected_grad"])
def test_single_precision_agrees_with_double(impl, name):
    def expected(w, x):
        return getattr(impl, name)(w, x, w.dtype.type(0.5), p=0.25)

    assert_single_is_double(expected, VALUES, VALUES[::-1])


# ----------------------------------------------------------------------- masks: laws


@pytest.mark.parametrize("p", RATES)
def test_each_unit_is_kept_with_probability_one_minus_p(impl, p):
    """False alarm at most 1e-13; a rate off by 0.05 is missed with at most 1e-30."""
    kept = np.asarray(impl.dropout_mask((DRAWS,), p=p, rng=rng(1)))
    assert abs(kept.mean() - (1 - p)) <= hoeffding(DRAWS)


@pytest.mark.parametrize("p", RATES)
def test_neighbors_are_dropped_independently(impl, p):
    """False alarm at most 1e-13; masks shared by neighbors are always found."""
    kept = np.asarray(impl.dropout_mask((DRAWS // 2, 2), p=p, rng=rng(2)))
    both = (kept[:, 0] & kept[:, 1]).mean()
    assert abs(both - (1 - p) ** 2) <= hoeffding(DRAWS // 2)


def test_every_row_of_a_batch_gets_its_own_mask(impl):
    """False alarm 2^-1000: all rows of 1000 fair units alike."""
    kept = np.asarray(impl.dropout_mask((2, 1000), p=0.5, rng=rng(3)))
    assert (kept[0] != kept[1]).any()


@given(shape=shapes(), seed=seeds())
def test_mask_has_the_shape_asked_for(impl, shape, seed):
    mask = np.asarray(impl.dropout_mask(shape, p=0.5, rng=rng(seed)))
    assert mask.shape == shape
    assert np.isin(mask, [False, True]).all()


@given(shape=shapes(min_dims=1), seed=seeds())
def test_rate_zero_keeps_every_unit(impl, shape, seed):
    assert np.asarray(impl.dropout_mask(shape, p=0.0, rng=rng(seed))).all()


@pytest.mark.contract
def test_a_unit_is_kept_from_the_rate_itself_on(impl):
    drawn = rng(8).random(5)
    mask = impl.dropout_mask(5, p=drawn[2], rng=rng(8))
    assert_equal(mask, drawn >= drawn[2])
    assert mask[2]


def test_the_next_mask_is_another_one(impl):
    """False alarm 5e-20: that 64 units share their lot twice."""
    source = rng(11)
    once, again = (impl.dropout_mask(64, p=0.5, rng=source) for _ in range(2))
    assert (np.asarray(once) != np.asarray(again)).any()


@pytest.mark.contract
def test_a_negative_zero_is_the_rate_zero(impl):
    x = np.ones(3)
    assert_equal(impl.gaussian_dropout(x, p=-0.0, rng=rng(0)), x)
    assert_equal(impl.dropout(x, p=-0.0, rng=rng(0)), x)


# --------------------------------------------------------------------- dropout: laws


@pytest.mark.claim("A1-066")
@given(x=float_arrays(magnitude=100.0), p=st.sampled_from(RATES), seed=seeds())
def test_an_entry_is_zero_or_scaled_up(impl, x, p, seed):
    got = np.asarray(impl.dropout(x, p=p, rng=rng(seed)))
    assert got.shape == x.shape
    kept = got != 0
    assert_close(got[kept], (x / (1 - p))[kept], ulps=4)


@given(x=float_arrays(magnitude=100.0), seed=seeds())
def test_rate_zero_changes_nothing(impl, x, seed):
    assert_equal(impl.dropout(x, p=0.0, rng=rng(seed)), x)


@pytest.mark.claim("A1-070")
@pytest.mark.parametrize("p", RATES)
def test_p_is_the_probability_of_dropping(impl, p):
    """False alarm at most 1e-13; a keep rate for p is found for every p but 1/2."""
    dropped = np.asarray(impl.dropout(np.ones(DRAWS), p=p, rng=rng(4))) == 0
    assert abs(dropped.mean() - p) <= hoeffding(DRAWS)


@pytest.mark.claim("A1-065")
@pytest.mark.parametrize("p", RATES)
def test_mean_is_kept(impl, p):
    """False alarm at most 1e-13: entries lie in [0, 1/(1-p)]."""
    got = np.asarray(impl.dropout(np.ones(DRAWS), p=p, rng=rng(5)))
    assert abs(got.mean() - 1) <= hoeffding(DRAWS) / (1 - p)


def test_the_next_pass_drops_other_entries(impl):
    """False alarm 5e-20: that 64 entries share their lot twice."""
    source, x = rng(12), np.ones(64)
    once, again = (impl.dropout(x, p=0.5, rng=source) for _ in range(2))
    assert (np.asarray(once) != np.asarray(again)).any()


# ------------------------------------------------------------ gaussian dropout: laws


@pytest.mark.claim("A1-072")
@pytest.mark.parametrize("p", RATES[1:])
def test_noise_is_normal_with_mean_one_and_the_variance_of_dropout(impl, p):
    """False alarm at most 1e-13 (Dvoretzky-Kiefer-Wolfowitz with Massart's constant).

    A standard deviation off by 12 % is missed with probability below 1e-9.
    """
    noise = np.asarray(impl.gaussian_dropout(np.ones(DRAWS), p=p, rng=rng(6)))
    variance = float(evaluate(spec.gaussian_variance.end, {spec.u: 1.0, spec.p: p}))
    distance = distance_from_normal(noise, mean=1.0, std=math.sqrt(variance))
    assert distance <= hoeffding(DRAWS)


@pytest.mark.parametrize("p", RATES[1:])
@pytest.mark.parametrize("entry", [0.001, -40.0])
def test_noise_is_in_proportion_to_the_entry(impl, entry, p):
    """False alarm at most 1e-13; noise of the same size for all entries is found."""
    noisy = impl.gaussian_dropout(np.full(DRAWS, entry), p=p, rng=rng(10))
    variance = float(evaluate(spec.gaussian_variance.end, {spec.u: entry, spec.p: p}))
    distance = distance_from_normal(noisy, mean=entry, std=math.sqrt(variance))
    assert distance <= hoeffding(DRAWS)


@given(shape=shapes(), p=st.sampled_from(RATES), seed=seeds())
def test_noise_leaves_a_zero_as_it_is(impl, shape, p, seed):
    zeros = np.zeros(shape)
    assert_equal(np.abs(impl.gaussian_dropout(zeros, p=p, rng=rng(seed))), zeros)


@given(x=float_arrays(magnitude=100.0), seed=seeds())
def test_no_noise_without_dropping(impl, x, seed):
    assert_equal(impl.gaussian_dropout(x, p=0.0, rng=rng(seed)), x)


def test_the_next_pass_has_other_noise(impl):
    """False alarm 0 up to equal floats: two of 20 normal numbers agree."""
    source = rng(13)
    passes = [impl.gaussian_dropout(np.ones(10), p=0.5, rng=source) for _ in range(2)]
    assert len(np.unique(passes)) == 20


def test_every_entry_gets_its_own_noise(impl):
    """False alarm 0 up to equal floats: two of 100 normal numbers agree."""
    noise = np.asarray(impl.gaussian_dropout(np.ones((10, 10)), p=0.5, rng=rng(7)))
    assert len(np.unique(noise)) == 100


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A0-039", "A1-068")
def test_expected_gradient_is_not_the_plain_networks(impl):
    w, x, t = np.array([1.0, 2.0, -1.0]), np.array([1.0, 1.0, 3.0]), 1.0
    got = np.asarray(impl.dropout_expected_grad(w, x, t, p=0.5))
    scaled = 0.5 * (w @ x)
    plain = -0.5 * x * (t - scaled)
    assert plain[0] == -0.5
    assert_close(got[:1], np.array([-0.25]))
    assert_close(got - plain, 0.25 * w * x**2, scale=1.0)


@pytest.mark.contract
@pytest.mark.claim("A1-067")
def test_a_mask_costs_one_random_number_a_unit(impl):
    counting, reference = rng(8), rng(8)
    impl.dropout_mask((100,), p=0.5, rng=counting)
    reference.random(100)
    assert counting.random() == reference.random()


@pytest.mark.claim("A1-069")
def test_averaging_and_squashing_do_not_commute(impl):
    # One input of weight 4, kept with probability 1/2, before a sigmoid.
    def squash(net):
        return 1 / (1 + math.exp(-net))

    average_of_outputs = (squash(0.0) + squash(4.0)) / 2
    loss = float(impl.dropout_expected_loss([4.0], [1.0], 0.0, p=0.5))
    assert loss == 4.0  # the linear unit's average is exact: (0 + 8) / 2
    output_of_average = squash(0.5 * 4.0)
    assert f"{average_of_outputs:.4f}, {output_of_average:.4f}" == "0.7410, 0.8808"


@pytest.mark.claim("A1-071")
def test_scaling_the_weights_is_exact_for_linear_units_alone(impl):
    w, x = np.array([1.0, -1.0]), np.array([1.0, 1.0])
    masks = list(itertools.product((0, 1), repeat=2))
    linear = np.mean([np.dot(mask * w, x) for mask in masks])
    rectified = np.mean([max(np.dot(mask * w, x), 0.0) for mask in masks])
    assert linear == 0.5 * np.dot(w, x) == 0.0
    assert rectified == 0.25
    residual = float(impl.dropout_expected_loss(w, x, 0.0, p=0.5))
    assert residual == 0.25  # no bias, all of it variance


@pytest.mark.claim("A1-074", "A1-075")
def test_neither_kind_of_noise_needs_scaling_before_a_nonlinearity(impl):
    """False alarm at most 1e-13 each; both means are 1, that of their ReLU is not 0."""
    noise = np.asarray(impl.gaussian_dropout(np.ones(DRAWS), p=0.5, rng=rng(9)))
    # A mean of normal numbers is normal: 8 standard deviations, P = 1.3e-15.
    assert abs(noise.mean() - 1) <= 8 / math.sqrt(DRAWS)
    rectified = np.maximum(noise - 1, 0).mean()
    assert abs(rectified - 1 / math.sqrt(2 * math.pi)) < 0.05


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@given(x=float_arrays(magnitude=100.0), p=st.sampled_from(RATES), seed=seeds())
def test_dropout_uses_the_mask_of_its_generator(impl, x, p, seed):
    kept = rng(seed).random(x.shape) >= p
    got = impl.dropout(x, p=p, rng=rng(seed))
    assert_equal(got, np.where(kept, x / (1 - p), 0.0))


@pytest.mark.contract
@given(shape=shapes(), p=st.sampled_from(RATES), seed=seeds())
def test_mask_compares_uniform_numbers_with_the_rate(impl, shape, p, seed):
    mask = impl.dropout_mask(shape, p=p, rng=rng(seed))
    assert np.asarray(mask).dtype == np.bool_
    assert_equal(mask, rng(seed).random(shape) >= p)


@pytest.mark.contract
def test_a_dropped_infinity_is_zero(impl):
    x = np.full(200, np.inf)
    got = np.asarray(impl.dropout(x, p=0.5, rng=rng(10)))
    assert set(got.tolist()) == {0.0, np.inf}


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_activations_is_kept(impl, dtype):
    assert impl.dropout(np.ones(3, dtype), p=0.5, rng=rng()).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_noisy_activations_is_kept(impl, dtype):
    assert impl.gaussian_dropout(np.ones(3, dtype), p=0.5, rng=rng()).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_expected_loss_is_kept(impl, dtype):
    one = np.ones(2, dtype)
    assert impl.dropout_expected_loss(one, one, one[0], p=0.5).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_expected_gradient_is_kept(impl, dtype):
    one = np.ones(2, dtype)
    assert impl.dropout_expected_grad(one, one, one[0], p=0.5).dtype == dtype


CALLS = {
    "dropout_mask": lambda f, **options: f((2,), **options),
    "dropout": lambda f, **options: f([1.0], **options),
    "gaussian_dropout": lambda f, **options: f([1.0], **options),
}


@pytest.mark.contract
@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("wrong", [1.0, -0.1, 1.5])
def test_rates_outside_their_range_are_named(impl, name, wrong):
    with pytest.raises(ValueError, match=rf"^p must lie in \[0, 1\), got {wrong}$"):
        CALLS[name](getattr(impl, name), p=wrong, rng=rng())


@pytest.mark.contract
@pytest.mark.parametrize("name", CALLS)
def test_what_is_not_a_rate_or_a_generator_is_named(impl, name):
    with pytest.raises(ValueError, match=r"^p must be finite, got nan$"):
        CALLS[name](getattr(impl, name), p=float("nan"), rng=rng())
    with pytest.raises(TypeError, match=r"^p must be a real number, got '1'$"):
        CALLS[name](getattr(impl, name), p="1", rng=rng())
    with pytest.raises(
        TypeError, match=r"^rng must be a numpy.random.Generator, got 0$"
    ):
        CALLS[name](getattr(impl, name), p=0.5, rng=0)


@pytest.mark.contract
def test_shapes_that_are_none_are_named(impl):
    with pytest.raises(ValueError, match=r"^shape must be at least 0, got -1$"):
        impl.dropout_mask((2, -1), p=0.5, rng=rng())
    with pytest.raises(TypeError, match=r"^shape must be an integer, got 1.5$"):
        impl.dropout_mask(1.5, p=0.5, rng=rng())


@pytest.mark.contract
@pytest.mark.parametrize("name", ["dropout_expected_loss", "dropout_expected_grad"])
def test_units_that_do_not_fit_are_named(impl, name):
    f = getattr(impl, name)
    with pytest.raises(
        ValueError, match=r"^shapes must be equal: weights \(2,\), x \(1"
    ):
        f([1.0, 2.0], [1.0], 0.0, p=0.5)
    with pytest.raises(
        ValueError, match=r"^weights must have 1 axes, got shape \(1, 1\)"
    ):
        f([[1.0]], [[1.0]], 0.0, p=0.5)
    with pytest.raises(
        ValueError, match=r"^target must have 0 axes, got shape \(1,\)$"
    ):
        f([1.0], [1.0], [0.0], p=0.5)
    with pytest.raises(TypeError, match=r"^x must hold real numbers"):
        f([1.0], ["a"], 0.0, p=0.5)
    with pytest.raises(ValueError, match=r"^p must lie in \[0, 1\), got 1$"):
        f([1.0], [1.0], 0.0, p=1)
