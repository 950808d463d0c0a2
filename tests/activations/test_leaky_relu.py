"""leaky_relu: agrees with its derivation, its slope being fixed, learned or drawn."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.activations import leaky_relu as spec
from derivations.engine import evaluate
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.statistics import distance_from_uniform, hoeffding
from reference.conformance.strategies import (
    float_arrays,
    generators,
    reals,
    rows,
    same_shape,
    seeds,
    vectors,
)
from reference.conformance.tables import (
    TABLES,
    VALUES,
    assert_entry_by_entry,
    assert_single_is_double,
    pattern,
)

NEEDS_SLOPE = pytest.mark.needs("option:negative_slope")
# Slopes that are powers of two: multiplying by them is exact.
DYADIC = st.integers(-6, 6).map(lambda power: 2.0**power)


def slopes():
    """Draw slopes that are used, and those where the function changes its nature."""
    return st.sampled_from([0.01, 0.25, 0.0, 1.0, -1.0, 2.0]) | reals(50.0).map(sizable)


def sizable(x):
    """Replace numbers whose products would lose digits to underflow by zero."""
    return np.where(np.abs(x) > 1e-150, x, 0.0)[()]


def exact(x, slope):
    """Return the leaky rectifier at every entry of ``x``, 50 digits."""
    return evaluate(spec.absolute_value.end, {spec.x: x, spec.α: slope})


# ------------------------------------------------------ agreement with the derivation


@given(x=float_arrays(magnitude=1e300))
@example(x=np.array([-2.0, -1e-300, -0.0, 0.0, 1e-300, 3.0]))
def test_below_zero_a_hundredth_is_left(impl, x):
    assert_close(impl.leaky_relu(x), exact(x, 0.01))


@NEEDS_SLOPE
@given(x=float_arrays(magnitude=1e300), slope=slopes())
@example(x=np.array([-2.0, 3.0]), slope=2.0)
def test_both_lines_have_their_slope(impl, x, slope):
    assert_close(impl.leaky_relu(x, negative_slope=slope), exact(x, slope))


@pytest.mark.needs("float32")
@given(x=float_arrays(np.float32, magnitude=1e30))
def test_both_lines_have_their_slope_in_float32(impl, x):
    want = exact(x.astype(np.float64), 0.01)
    assert_close(impl.leaky_relu(x), want)


@pytest.mark.needs("float16")
@given(x=float_arrays(np.float16, magnitude=1e4))
def test_both_lines_have_their_slope_in_float16(impl, x):
    want = exact(x.astype(np.float64), 0.01)
    # The slope itself may have been rounded to float16 first.
    assert_close(impl.leaky_relu(x), want)


@NEEDS_SLOPE
@given(a=vectors(magnitude=1e3), slope=slopes())
def test_the_derivative_is_one_above_zero_and_the_slope_below(impl, a, slope):
    a = np.abs(a[a != 0])
    above = impl.leaky_relu_derivative(a, negative_slope=slope)
    below = impl.leaky_relu_derivative(-a, negative_slope=slope)
    assert_equal(above, np.ones_like(a))
    assert_close(below, np.full_like(a, slope))


@given(data=st.data(), x=rows(magnitude=100.0))
def test_each_column_has_its_learned_slope(impl, data, x):
    slope = data.draw(vectors(k=x.shape[1], magnitude=50.0), label="slope")
    want = np.stack([exact(x[:, k], slope[k]) for k in range(x.shape[1])], axis=1)
    assert_close(impl.prelu(x, slope), want)


@given(x=float_arrays(magnitude=100.0), slope=slopes())
def test_one_learned_slope_may_serve_all_entries(impl, x, slope):
    assert_close(impl.prelu(x, np.float64(slope)), exact(x, slope))


def summed(g, x):
    """Return the derived gradient of a slope that these entries share, 50 digits."""
    return evaluate(spec.slope_gradient.end, {spec.n: len(x), spec.g: g, spec.X: x})


@given(data=st.data(), x=rows(magnitude=100.0))
@example(data=None, x=np.array([[-2.0, 3.0], [-1.0, -4.0]]))
def test_gradient_of_each_learned_slope_adds_up_its_column(impl, data, x):
    width = x.shape[1]
    if data is None:
        g, slope = np.ones_like(x), np.full(width, 0.25)
    else:
        g = data.draw(rows(n=len(x), k=width, magnitude=100.0), label="g")
        slope = data.draw(vectors(k=width, magnitude=50.0), label="slope")
    got = impl.prelu_vjp(g, x, slope)[1]
    want = np.array([summed(g[:, k], x[:, k]) for k in range(width)], dtype=object)
    assert_close(got, want, scale=np.abs(g * x).sum(axis=0))


@given(pair=same_shape(2, magnitude=100.0), slope=slopes())
def test_gradient_of_a_shared_slope_adds_up_all_entries(impl, pair, slope):
    g, x = pair
    got = impl.prelu_vjp(g, x, np.float64(slope))[1]
    want = np.array(summed(g.ravel(), x.ravel()), dtype=object)
    assert_close(got, want, scale=np.abs(g * x).sum())


@given(data=st.data(), x=rows(magnitude=100.0))
def test_gradient_at_the_input_is_multiplied_by_the_slope_there(impl, data, x):
    width = x.shape[1]
    g = data.draw(rows(n=len(x), k=width, magnitude=100.0), label="g")
    slope = data.draw(vectors(k=width, magnitude=50.0), label="slope")
    x = np.where(x == 0, -1.0, x)  # at 0 there is no derivative
    got = impl.prelu_vjp(g, x, slope)[0]
    assert_close(got, g * np.where(x > 0, 1.0, slope))


# --------------------------------------------------------------- laws of a fixed slope


@NEEDS_SLOPE
@given(x=vectors(magnitude=1e300), slope=slopes())
def test_nothing_changes_above_zero(impl, x, slope):
    x = np.abs(x)
    assert_equal(impl.leaky_relu(x, negative_slope=slope), x)


@NEEDS_SLOPE
@given(x=vectors(magnitude=1e300))
def test_three_slopes_have_names_of_their_own(impl, x):
    assert_equal(impl.leaky_relu(x, negative_slope=0.0), np.maximum(x, 0))
    assert_equal(impl.leaky_relu(x, negative_slope=1.0), x)
    assert_equal(impl.leaky_relu(x, negative_slope=-1.0), np.abs(x))


@NEEDS_SLOPE
@given(x=vectors(magnitude=1e100), slope=DYADIC)
def test_the_reciprocal_slope_undoes_it(impl, x, slope):
    x = sizable(x)
    bent = impl.leaky_relu(x, negative_slope=slope)
    assert_equal(impl.leaky_relu(np.asarray(bent), negative_slope=1 / slope), x)


@NEEDS_SLOPE
@given(x=vectors(magnitude=1e3), slope=slopes(), power=st.integers(-9, 9))
def test_a_positive_factor_passes_through(impl, x, slope, power):
    x = sizable(x)
    scaled = impl.leaky_relu(2.0**power * x, negative_slope=slope)
    outside = 2.0**power * np.asarray(impl.leaky_relu(x, negative_slope=slope))
    assert_close(scaled, outside, ulps=4)


@NEEDS_SLOPE
@given(x=vectors(magnitude=1e3), slope=st.floats(-50, 1))
@example(x=np.array([-2.0, 3.0]), slope=-1.0)
def test_with_a_slope_of_at_most_one_it_is_the_larger_of_both_lines(impl, x, slope):
    assert_close(impl.leaky_relu(x, negative_slope=slope), np.maximum(x, slope * x))


@NEEDS_SLOPE
@given(x=vectors(magnitude=1e3), slope=st.floats(-50, 0))
def test_with_a_slope_of_zero_or_less_no_output_is_negative(impl, x, slope):
    assert (np.asarray(impl.leaky_relu(x, negative_slope=slope)) >= 0).all()


@NEEDS_SLOPE
@given(x=vectors(magnitude=1e3), slope=slopes())
def test_derivative_is_the_rise_over_the_run_off_zero(impl, x, slope):
    x = np.where(x >= 0, 1, -1) * (1 + np.round(np.abs(x) * 2**10) / 2**10)
    step = 2.0**-10  # x + step and x - step are exact, on one side of zero
    line = np.where(x > 0, 1.0, slope)
    rise = line * (x + step) - line * (x - step)
    got = impl.leaky_relu_derivative(x, negative_slope=slope)
    assert_close(got, rise / (2 * step), condition=np.abs(x) / step)


@given(x=float_arrays(magnitude=50.0))
def test_entries_do_not_see_each_other(impl, x):
    y = np.asarray(impl.leaky_relu(x))
    assert y.shape == x.shape
    one_by_one = [impl.leaky_relu(np.array([entry]))[0] for entry in x.ravel()]
    assert_equal(y.ravel(), np.array(one_by_one))


# ------------------------------------------------------------- laws of a learned slope


@given(data=st.data(), x=rows(magnitude=100.0))
def test_what_is_pulled_back_measures_what_is_pushed_forward(impl, data, x):
    width = x.shape[1]
    matrices = rows(n=len(x), k=width, magnitude=100.0)
    g, dx = data.draw(matrices, label="g"), data.draw(matrices, label="dx")
    slope, ds = (data.draw(vectors(k=width, magnitude=50.0)) for _ in range(2))
    at_x, at_slope = map(np.asarray, impl.prelu_vjp(g, x, slope))
    x = np.where(x == 0, 0.0, x)
    moved = np.where(x >= 0, dx, slope * dx + ds * x)
    on_kink = x == 0  # either slope is a derivative from one side
    moved = np.where(on_kink, 0.0, moved)
    pulled = (at_x * np.where(on_kink, 0.0, dx)).sum() + (at_slope * ds).sum()
    size = np.abs(g).sum() * (np.abs(dx).max() + np.abs(x).max()) * 51
    assert_close(np.array(pulled), np.array((g * moved).sum()), scale=size)


@given(pair=same_shape(2, magnitude=100.0, max_dims=1), slope=slopes())
def test_inputs_that_are_not_negative_teach_the_slope_nothing(impl, pair, slope):
    g, x = pair
    assert_equal(impl.prelu_vjp(g, np.abs(x), np.float64(slope))[1], 0.0)


def test_a_learned_slope_descends_to_the_absolute_value(impl):
    # Fit |x|, a leaky rectifier of slope -1, by gradient descent from 0.25.
    x = np.linspace(-1, 1, 21)
    slope = 0.25
    for _ in range(200):
        fitted = np.where(x > 0, x, slope * x)
        error = (fitted - np.abs(x)) / len(x)
        slope -= float(impl.prelu_vjp(error, x, np.float64(slope))[1])
    assert abs(slope + 1) < 1e-9


# -------------------------------------------------------------- laws of a random slope


@given(x=vectors(magnitude=1e3), rng=generators())
def test_lots_touch_nothing_above_zero(impl, x, rng):
    assert_equal(impl.rrelu(np.abs(x), rng=rng), np.abs(x))


@given(x=float_arrays(magnitude=1e3), rng=generators())
def test_a_drawn_slope_lies_between_its_bounds(impl, x, rng):
    x = -1 - np.abs(x)
    drawn = np.asarray(impl.rrelu(x, rng=rng)) / x
    eps = 8 * np.finfo(np.float64).eps
    assert (drawn >= (1 / 8) * (1 - eps)).all()
    assert (drawn <= (1 / 3) * (1 + eps)).all()


@given(x=vectors(magnitude=1e3), slope=slopes(), rng=generators())
def test_an_interval_of_one_slope_leaves_nothing_to_chance(impl, x, slope, rng):
    got = impl.rrelu(x, lower=slope, upper=slope, rng=rng)
    assert_close(got, exact(x, slope))


@given(seed=seeds())
def test_slopes_are_spread_evenly(impl, seed):
    """2,000 slopes; false alarms 1e-13.

    Another distribution function, 0.18 from this one somewhere, is missed with
    probability 1e-13 at most.
    """
    x = np.full(2000, -1.0)
    drawn = -np.asarray(impl.rrelu(x, rng=np.random.default_rng(seed)))
    assert distance_from_uniform(drawn, low=1 / 8, high=1 / 3) <= hoeffding(2000)


@given(seed=seeds())
def test_on_average_a_random_slope_acts_as_its_mean(impl, seed):
    """20,000 entries; false alarms 1e-13; a mean off by a tenth of a width is found."""
    x = np.full(20000, -1.0)
    got = np.mean(impl.rrelu(x, lower=1.0, upper=2.0, rng=np.random.default_rng(seed)))
    mean = evaluate(spec.mean_slope.end, {spec.l: 1.0, spec.w: 1.0})
    want = evaluate(spec.random_mean.end, {spec.x: -1.0, spec.m: float(mean)})
    assert abs(got - float(want)) <= hoeffding(20000)


@given(seed=seeds())
def test_every_entry_draws_a_slope_of_its_own(impl, seed):
    """Two of a hundred slopes agree with a probability of at most 1e-12."""
    x = np.full((10, 10), -1.0)
    drawn = np.asarray(impl.rrelu(x, rng=np.random.default_rng(seed)))
    assert len(np.unique(drawn)) == 100


@pytest.mark.parametrize("name", ["leaky_relu", "leaky_relu_derivative"])
def test_each_entry_of_a_large_table_is_taken_by_itself(impl, name):
    assert_entry_by_entry(getattr(impl, name))


@pytest.mark.needs("float32")
@pytest.mark.parametrize("name", ["leaky_relu", "leaky_relu_derivative"])
def test_single_precision_agrees_with_double(impl, name):
    assert_single_is_double(getattr(impl, name))


def test_one_learned_slope_bends_each_entry_of_a_large_table(impl):
    assert_entry_by_entry(lambda x: impl.prelu(x, np.asarray(0.25, x.dtype)))


def test_a_learned_slope_bends_the_largest_numbers(impl):
    x = np.array([-1e300, -1000.0, 1000.0, 1e300])
    assert_equal(impl.prelu(x, np.float64(0.5)), np.where(x > 0, x, 0.5 * x))


@pytest.mark.parametrize("shape", TABLES)
def test_a_large_table_teaches_one_slope_what_its_entries_add_up_to(impl, shape):
    x = VALUES[pattern(shape, VALUES.size)]
    g = VALUES[pattern(shape, VALUES.size).T.reshape(shape)]
    at_x, at_slope = impl.prelu_vjp(g, x, np.float64(0.25))
    # Powers of two: every product is exact, and so is their sum.
    assert_equal(at_x, np.where(x > 0, g, 0.25 * g))
    assert_equal(at_slope, np.sum(g * np.minimum(x, 0)))


@pytest.mark.needs("float32")
def test_single_precision_with_a_learned_slope_agrees_with_double(impl):
    def pulled(x):
        at_x, at_slope = impl.prelu_vjp(x[::-1], x, np.asarray(0.25, x.dtype))
        return np.append(at_x, at_slope)

    assert_single_is_double(lambda x: impl.prelu(x, np.asarray(0.25, x.dtype)))
    assert_single_is_double(pulled)


# --------------------------------------------------------------------- special cases


@pytest.mark.contract
@pytest.mark.parametrize("slope", [0.0, 0.25, -1.0])
def test_it_takes_the_limit_at_infinity(impl, slope):
    ends = np.array([-np.inf, np.inf, np.nan])
    got = impl.leaky_relu(ends, negative_slope=slope)
    lowest = 0.0 if slope == 0 else -np.inf * slope
    assert_equal(got, np.array([lowest, np.inf, np.nan]))


@pytest.mark.contract
def test_derivative_takes_the_limit_at_infinity(impl):
    got = impl.leaky_relu_derivative(np.array([-np.inf, np.inf, np.nan]))
    assert_equal(got, np.array([0.01, 1.0, np.nan]))


@pytest.mark.contract
def test_at_both_zeros_the_derivative_is_the_slope(impl):
    zeros = np.array([-0.0, 0.0])
    assert_equal(impl.leaky_relu_derivative(zeros), np.full(2, 0.01))
    ones = np.ones(2)
    assert_equal(impl.prelu_vjp(ones, zeros, np.float64(0.25))[0], np.full(2, 0.25))
    assert_equal(impl.prelu_vjp(ones, zeros, np.float64(0.25))[1], 0.0)


@pytest.mark.contract
@given(x=vectors(magnitude=1e300), slope=slopes())
def test_the_product_is_rounded_once(impl, x, slope):
    assert_ulps(impl.leaky_relu(x, negative_slope=slope), exact(x, slope), ulps=0.5)


@pytest.mark.contract
def test_a_slope_that_is_no_number_stays_below_zero(impl):
    got = impl.prelu(np.array([-1.0, 0.0, 2.0]), np.float64("nan"))
    assert_equal(got, np.array([np.nan, 0.0, 2.0]))


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A1-035")
@NEEDS_SLOPE
@given(x=vectors(magnitude=100.0), slope=DYADIC)
def test_a_unit_that_is_off_everywhere_still_gets_a_gradient(impl, x, slope):
    x = -1 - np.abs(x)
    derivative = impl.leaky_relu_derivative(x, negative_slope=slope)
    assert (np.asarray(derivative) == slope).all()
    assert (np.asarray(impl.leaky_relu_derivative(x, negative_slope=0.0)) == 0).all()


@pytest.mark.claim("A1-036")
def test_a_slope_of_a_hundredth_is_not_the_rectifier(impl):
    minus_one = np.array([-1.0])
    assert impl.leaky_relu(minus_one, negative_slope=0.01)[0] == -0.01
    assert impl.leaky_relu(minus_one, negative_slope=0.0)[0] == 0.0


@pytest.mark.claim("A1-037")
@NEEDS_SLOPE
@given(x=vectors(magnitude=1e3))
def test_another_fixed_slope_is_not_random(impl, x):
    once, again = (impl.leaky_relu(x, negative_slope=0.2) for _ in range(2))
    assert_equal(once, again)


@pytest.mark.claim("A1-037")
def test_a_random_slope_gives_another_result_each_time(impl):
    rng = np.random.default_rng(1)
    once, again = (impl.rrelu(np.array([-1.0]), rng=rng)[0] for _ in range(2))
    assert once != again


@pytest.mark.claim("A1-038", "A3-038")
@NEEDS_SLOPE
@given(y=reals(1e3), slope=DYADIC)
@example(y=-2.0, slope=0.25)
def test_a_positive_slope_reaches_every_number(impl, y, slope):
    y = sizable(y)
    x = np.array([y if y >= 0 else y / slope])
    assert impl.leaky_relu(x, negative_slope=slope)[0] == y


@pytest.mark.claim("A1-038", "A3-038")
@NEEDS_SLOPE
def test_a_slope_below_that_above_does_not_make_every_number_a_value(impl):
    two, three = impl.leaky_relu(np.array([-2.0, 3.0]), negative_slope=-1.0)
    assert (two, three) == (2.0, 3.0)  # -1 < 1, and no value is negative
    flat = impl.leaky_relu(np.array([-2.0, 3.0]), negative_slope=0.0)
    assert (np.asarray(flat) >= 0).all()


@pytest.mark.claim("A1-039")
def test_a_branch_on_the_sign_serves_one_number_and_no_array(impl):
    def branch(x):
        return x if x > 0 else 0.01 * x

    pair = np.array([1.0, -1.0])
    assert_equal(impl.leaky_relu(pair), np.array([branch(1.0), branch(-1.0)]))
    with pytest.raises(ValueError, match="ambiguous"):
        branch(pair)


@pytest.mark.claim("A3-035", "A3-037")
@NEEDS_SLOPE
@given(x=vectors(magnitude=1e3), above=DYADIC, below=slopes())
def test_two_slopes_are_one_slope_and_a_factor(impl, x, above, below):
    x = sizable(x)
    got = above * np.asarray(impl.leaky_relu(x, negative_slope=below / above))
    values = {spec.a: above, spec.α: below}
    want = [evaluate(spec.two_slopes.start, {**values, spec.x: entry}) for entry in x]
    assert_close(got, np.array(want, dtype=object))


@pytest.mark.claim("A3-036")
def test_writing_the_branches_into_a_copy_needs_floats_and_a_return(impl):
    def printed(x):
        out = x.copy()
        out[x <= 0] *= 0.5

    assert printed(np.array([-1.0, 2.0])) is None
    with pytest.raises(TypeError, match="Cannot cast"):
        printed(np.array([-1, 2]))
    got = impl.leaky_relu(np.array([-1, 2]), negative_slope=0.5)
    assert_equal(got, np.array([-0.5, 2.0]))


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", ["leaky_relu", "leaky_relu_derivative"])
def test_dtype_is_kept(impl, name, dtype):
    assert getattr(impl, name)(np.zeros(2, dtype)).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_variants_is_kept(impl, dtype):
    x, slope = np.zeros(2, dtype), np.ones(2, dtype)
    assert impl.prelu(x, slope).dtype == dtype
    assert impl.rrelu(x, rng=np.random.default_rng(1)).dtype == dtype
    assert {part.dtype for part in impl.prelu_vjp(x, x, slope)} == {np.dtype(dtype)}


@pytest.mark.contract
def test_no_finite_input_warns(impl):
    largest = np.finfo(np.float64).max
    got = impl.leaky_relu(np.array([-largest, largest]), negative_slope=2.0)
    assert_equal(got, np.array([-np.inf, largest]))


@pytest.mark.contract
def test_the_result_is_never_the_argument_itself(impl):
    x = np.array([1.0, 2.0])
    assert not np.shares_memory(impl.leaky_relu(x, negative_slope=0.0), x)
    assert not np.shares_memory(impl.prelu(x, np.float64(1.0)), x)


@pytest.mark.contract
@pytest.mark.parametrize("name", ["leaky_relu", "leaky_relu_derivative"])
def test_what_is_not_a_real_number_is_named(impl, name):
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* got dtype <U1$"):
        getattr(impl, name)("a")
    message = r"^negative_slope must be a real number, got 'steep'$"
    with pytest.raises(TypeError, match=message):
        getattr(impl, name)([0.0], negative_slope="steep")
    with pytest.raises(ValueError, match=r"^negative_slope must be finite, got inf$"):
        getattr(impl, name)([0.0], negative_slope=np.inf)


@pytest.mark.contract
@pytest.mark.parametrize("name", ["prelu", "prelu_vjp"])
def test_slopes_that_do_not_fit_the_features_are_named(impl, name):
    x = np.zeros((2, 3))
    arguments = (x,) if name == "prelu" else (x, x)
    message = (
        r"^negative_slope must have no axis, or one as long as the last axis of x; "
        r"got shapes \(2,\) and \(2, 3\)$"
    )
    with pytest.raises(ValueError, match=message):
        getattr(impl, name)(*arguments, np.zeros(2))
    with pytest.raises(TypeError, match=r"^negative_slope must hold real numbers"):
        getattr(impl, name)(*arguments, "a")


@pytest.mark.contract
def test_a_cotangent_of_another_shape_is_named(impl):
    with pytest.raises(ValueError, match=r"^shapes must be equal: cotangent \(1,\), x"):
        impl.prelu_vjp([1.0], [1.0, 2.0], 0.5)


@pytest.mark.contract
def test_wrong_lots_are_named(impl):
    rng = np.random.default_rng(1)
    message = r"^lower must be at most upper, got lower 0.5 and upper 0.25$"
    with pytest.raises(ValueError, match=message):
        impl.rrelu([1.0], rng=rng, lower=0.5, upper=0.25)
    with pytest.raises(ValueError, match=r"^upper must be finite, got inf$"):
        impl.rrelu([1.0], rng=rng, upper=np.inf)
    with pytest.raises(TypeError, match=r"^rng must be a numpy.random.Generator, got"):
        impl.rrelu([1.0], rng=1)
