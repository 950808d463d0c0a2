"""elu: agrees with its derivation, near zero and far below it."""

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.activations import elu as spec
from derivations.engine import evaluate
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.strategies import float_arrays, vectors
from reference.conformance.tables import assert_entry_by_entry, assert_single_is_double

EVERY_FLOAT16 = np.arange(2**16, dtype=np.uint16).view(np.float16)
NEEDS_ALPHA = pytest.mark.needs("option:alpha")


def levels():
    """Draw levels α, the paper's 1 among them."""
    return st.sampled_from([1.0, 0.5, 1.6732632423543772]) | st.floats(1e-3, 50.0)


def below(x, level):
    """Return α (e^x - 1) at entries below zero, 50 digits."""
    return evaluate(spec.below_zero.end, {spec.a: -x, spec.α: level})


def negative(x):
    """Turn entries to the negative side; zero becomes minus one."""
    return np.where(x == 0, -1.0, -np.abs(x))


# ------------------------------------------------------ agreement with the derivation


@NEEDS_ALPHA
@given(x=vectors(magnitude=745.0), level=levels())
@example(x=np.array([-0.5, -1.0, -5.0, -37.0, -745.0]), level=1.0)
def test_below_zero_it_is_a_shifted_exponential(impl, x, level):
    x = np.minimum(negative(x), -0.1)
    # Rounding e^x costs up to 1 / (1 - e^x) ulp of the difference: 10.5 at -0.1.
    want = below(x, level)
    assert_close(impl.elu(x, alpha=level), want, condition=10.0)


@given(x=vectors(magnitude=1.0))
@example(x=np.array([-1e-300, -1e-20, -1e-8, -1e-3]))
def test_it_keeps_its_digits_just_below_zero(impl, x):
    x = negative(x)
    assert_close(impl.elu(x), below(x, 1.0), condition=1.0)


@pytest.mark.needs("float32")
@given(x=float_arrays(np.float32, magnitude=80.0))
def test_below_zero_it_is_a_shifted_exponential_in_float32(impl, x):
    x = negative(x).astype(np.float32)
    assert_close(impl.elu(x), below(x.astype(np.float64), 1.0), condition=1.0)


@NEEDS_ALPHA
@given(x=vectors(magnitude=1e300), level=levels())
def test_above_zero_it_changes_nothing(impl, x, level):
    assert_equal(impl.elu(np.abs(x), alpha=level), np.abs(x))


@NEEDS_ALPHA
@given(x=vectors(magnitude=700.0), level=levels())
@example(x=np.array([-1e-20, -1.0, -37.0, -700.0]), level=1.0)
def test_below_zero_the_slope_fades_like_an_exponential(impl, x, level):
    x = negative(x)
    want = evaluate(spec.slope_below_zero.end, {spec.a: -x, spec.α: level})
    got = impl.elu_derivative(x, alpha=level)
    assert_close(got, want, condition=np.abs(x))


@NEEDS_ALPHA
@given(x=vectors(magnitude=1e300), level=levels())
def test_above_zero_the_slope_is_one(impl, x, level):
    x = np.where(x == 0, 1.0, np.abs(x))
    assert_equal(impl.elu_derivative(x, alpha=level), np.ones_like(x))


@given(x=vectors(magnitude=700.0))
def test_the_slope_is_that_of_level_one_unless_told(impl, x):
    x = negative(x)
    want = evaluate(spec.slope_below_zero.end, {spec.a: -x, spec.α: 1.0})
    assert_close(impl.elu_derivative(x), want, condition=np.abs(x))


# ------------------------------------------------------------------------------ laws


@NEEDS_ALPHA
@given(x=vectors(magnitude=1e300), level=levels())
def test_it_never_falls_below_its_level(impl, x, level):
    y = np.asarray(impl.elu(x, alpha=level))
    assert (y >= -level * (1 + 8 * np.finfo(np.float64).eps)).all()


@given(x=vectors(magnitude=700.0))
def test_it_never_falls(impl, x):
    y = np.asarray(impl.elu(np.sort(x)), dtype=np.float64)
    # Rounding may swap neighbors by their last digits.
    assert (np.diff(y) >= -8 * np.spacing(np.abs(y[1:]))).all()


@NEEDS_ALPHA
@given(x=vectors(magnitude=700.0), level=levels())
def test_it_is_below_the_rectifier_by_at_most_its_level(impl, x, level):
    gap = np.maximum(x, 0) - np.asarray(impl.elu(x, alpha=level))
    assert (gap >= 0).all()
    assert (gap <= level * (1 + 8 * np.finfo(np.float64).eps)).all()


@NEEDS_ALPHA
@given(x=vectors(magnitude=700.0), power=st.integers(-6, 6))
def test_below_zero_it_is_proportional_to_its_level(impl, x, power):
    x = negative(x)
    scaled = 2.0**power * np.asarray(impl.elu(x))
    assert_close(impl.elu(x, alpha=2.0**power), scaled, condition=1.0)


@NEEDS_ALPHA
@given(x=vectors(magnitude=5.0), level=levels())
def test_a_logarithm_undoes_it_below_zero(impl, x, level):
    x = negative(x)
    y = np.asarray(impl.elu(x, alpha=level))
    # Near -1 the logarithm of 1 + y is as wrong as y, times e^|x|.
    assert_close(np.log1p(y / level), x, condition=np.exp(np.abs(x)))


@given(x=vectors(k=3, magnitude=30.0), y=vectors(k=3, magnitude=30.0))
def test_a_chord_never_runs_below_the_curve(impl, x, y):
    chord = (np.asarray(impl.elu(x)) + np.asarray(impl.elu(y))) / 2
    between = np.asarray(impl.elu((x + y) / 2))
    # The midpoint is rounded at the size of x and y, with a slope of at most 1.
    slack = 16 * np.finfo(np.float64).eps * (1 + np.maximum(np.abs(x), np.abs(y)))
    assert (between <= chord + slack).all()


@NEEDS_ALPHA
@given(x=vectors(magnitude=8.0), level=levels())
def test_slope_is_the_rise_over_the_run(impl, x, level):
    step = 2.0**-13
    x = np.round(x * 2**20) / 2**20  # x + step and x - step are exact
    x = np.where(np.abs(x) <= step, 1.0, x)

    def curve(at):
        return np.where(at > 0, at, level * np.expm1(np.minimum(at, 0)))

    rise = curve(x + step) - curve(x - step)
    got = np.asarray(impl.elu_derivative(x, alpha=level))
    # A central difference is off by step^2 / 6 times the third derivative, which is
    # at most α, and by the rounding of two values of up to 8 + α, over the step.
    eps = np.finfo(np.float64).eps
    allowed = step**2 / 6 * level + 16 * eps * (8 + level) / step
    assert (np.abs(rise / (2 * step) - got) <= allowed).all()


@given(x=float_arrays(magnitude=50.0))
def test_entries_do_not_see_each_other(impl, x):
    y = np.asarray(impl.elu(x))
    assert y.shape == x.shape
    one_by_one = [impl.elu(np.array([entry]))[0] for entry in x.ravel()]
    assert_close(y.ravel(), np.array(one_by_one), condition=1.0)


def test_its_mean_is_nearer_to_zero_than_that_of_the_rectifier(impl):
    def mean(function):
        def integrand(z):
            return function(z) * mpmath.npdf(z)

        return mpmath.quad(integrand, [-12, -6, -3, 0, 3, 6, 12])

    got = mean(lambda z: float(impl.elu(np.array([float(z)]))[0]))
    above, beneath = (
        evaluate(part.end, {}) for part in (spec.mean_above, spec.mean_below)
    )
    # The quadrature sees a function rounded to 16 digits.
    assert_close(
        np.array([float(got)]), np.array([above + beneath], dtype=object), ulps=64
    )
    assert float(got) < float(above) / 2


@pytest.mark.parametrize("name", ["elu", "elu_derivative"])
def test_each_entry_of_a_large_table_is_taken_by_itself(impl, name):
    assert_entry_by_entry(getattr(impl, name))


@pytest.mark.needs("float32")
@pytest.mark.parametrize("name", ["elu", "elu_derivative"])
def test_single_precision_agrees_with_double(impl, name):
    assert_single_is_double(getattr(impl, name))


# --------------------------------------------------------------------- special cases


@pytest.mark.contract
def test_it_takes_the_limit_at_infinity(impl):
    ends = np.array([-np.inf, np.inf, np.nan])
    assert_equal(impl.elu(ends, alpha=0.5), np.array([-0.5, np.inf, np.nan]))
    assert_equal(impl.elu_derivative(ends, alpha=0.5), np.array([0.0, 1.0, np.nan]))


@pytest.mark.contract
def test_at_both_zeros_the_slope_is_the_level(impl):
    zeros = np.array([-0.0, 0.0])
    assert_equal(impl.elu_derivative(zeros, alpha=0.5), np.full(2, 0.5))
    assert_equal(impl.elu(zeros, alpha=0.5), np.zeros(2))


# -------------------------------------------------------------------------- accuracy


@pytest.mark.contract
@given(x=vectors(magnitude=700.0), level=levels())
@example(x=np.array([-1e-9, -0.5, -0.693, -1.0, -36.74, -700.0]), level=1.0)
def test_float64_error_is_within_two_ulp(impl, x, level):
    x = negative(x)
    assert_ulps(impl.elu(x, alpha=level), below(x, level), ulps=2)
    slope = evaluate(spec.slope_below_zero.end, {spec.a: -x, spec.α: level})
    assert_ulps(impl.elu_derivative(x, alpha=level), slope, ulps=2)


@pytest.mark.contract
@pytest.mark.needs("float16")
@pytest.mark.slow
def test_float16_is_correctly_rounded_everywhere(impl):
    x = EVERY_FLOAT16[np.isfinite(EVERY_FLOAT16) & (EVERY_FLOAT16 < 0)]
    wide = np.maximum(x.astype(np.float64), -50.0)  # further down it is -1, rounded
    assert impl.elu(x).dtype == np.float16
    assert_ulps(impl.elu(x), below(wide, 1.0), ulps=0.5)


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", ["elu", "elu_derivative"])
def test_dtype_is_kept(impl, name, dtype):
    assert getattr(impl, name)(np.zeros(2, dtype)).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("name", ["elu", "elu_derivative"])
def test_no_finite_input_warns(impl, name):
    largest = np.finfo(np.float64).max
    got = getattr(impl, name)(np.array([-largest, largest]))
    want = [-1.0, largest] if name == "elu" else [0.0, 1.0]
    assert_equal(got, np.array(want))


@pytest.mark.contract
@pytest.mark.parametrize("name", ["elu", "elu_derivative"])
def test_what_is_not_a_real_number_is_named(impl, name):
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* got dtype <U1$"):
        getattr(impl, name)("a")
    with pytest.raises(TypeError, match=r"^alpha must be a real number, got 'one'$"):
        getattr(impl, name)([0.0], alpha="one")


@pytest.mark.contract
@pytest.mark.parametrize("name", ["elu", "elu_derivative"])
@pytest.mark.parametrize("wrong", [0.0, -1.0])
def test_a_level_that_is_not_positive_is_named(impl, name, wrong):
    with pytest.raises(ValueError, match=rf"^alpha must be positive, got {wrong}$"):
        getattr(impl, name)([0.0], alpha=wrong)
