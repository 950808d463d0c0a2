"""softplus: agrees with its derivation, and keeps the laws the page states."""

import numpy as np
import pytest
from hypothesis import example, given

from derivations.activations import sigmoid as sigmoid_spec
from derivations.activations import softplus as spec
from derivations.engine import evaluate
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.strategies import float_arrays, vectors
from reference.conformance.tables import assert_entry_by_entry, assert_single_is_double

EVERY_FLOAT16 = np.arange(2**16, dtype=np.uint16).view(np.float16)


def exact(x):
    """Return log(1 + e^x) at every entry of ``x``, 50 digits."""
    return evaluate(spec.above_zero.steps[0].to, {spec.x: x})


# ------------------------------------------------------ agreement with the derivation


@given(x=vectors(magnitude=15.0))
@example(x=np.array([-1e-20, -0.0, 0.0, 1e-8, 15.0]))
def test_softplus_is_log_of_one_plus_exp(impl, x):
    assert_close(impl.softplus(x), exact(x), condition=np.abs(x))


@given(x=vectors(magnitude=745.0))
@example(x=np.array([-745.0, -710.0, -104.0, -37.0, 20.0 + 2**-48, 36.0, 710.0, 1e300]))
def test_softplus_keeps_its_digits_in_both_tails(impl, x):
    # Left of zero softplus is almost e^x: wrong by |x| ulp when x is wrong by one.
    assert_close(impl.softplus(x), exact(x), condition=np.maximum(-x, 0))


# ------------------------------------------------------------------------------ laws


@given(x=vectors(magnitude=700.0))
@example(x=np.array([0.0]))
def test_softplus_lies_between_the_rectifier_and_log_two_above_it(impl, x):
    y, rectified = np.asarray(impl.softplus(x)), np.maximum(x, 0)
    eps = np.finfo(np.float64).eps
    assert (y >= rectified * (1 - 8 * eps)).all()
    assert (y <= (rectified + np.log(2)) * (1 + 8 * eps)).all()
    assert (y > 0).all()


@given(x=vectors(magnitude=15.0))
def test_both_sides_of_zero_differ_by_the_argument(impl, x):
    difference = np.asarray(impl.softplus(x)) - np.asarray(impl.softplus(-x))
    assert_close(difference, x, scale=np.abs(x) + 1)


@given(x=vectors(magnitude=700.0))
def test_softplus_never_falls(impl, x):
    y = np.asarray(impl.softplus(np.sort(x)), dtype=np.float64)
    # Rounding may swap neighbors by their last digits.
    assert (np.diff(y) >= -8 * np.spacing(y[1:])).all()


@given(x=vectors(k=3, magnitude=30.0), y=vectors(k=3, magnitude=30.0))
def test_a_chord_never_runs_below_the_curve(impl, x, y):
    chord = (np.asarray(impl.softplus(x)) + np.asarray(impl.softplus(y))) / 2
    between = np.asarray(impl.softplus((x + y) / 2))
    # The midpoint is rounded at the size of x and y, with a slope of at most 1.
    slack = 16 * np.finfo(np.float64).eps * (1 + np.maximum(np.abs(x), np.abs(y)))
    assert (between <= chord + slack).all()


@given(x=vectors(magnitude=8.0))
def test_slope_is_the_sigmoid(impl, x):
    step = 2.0**-13
    x = np.round(x * 2**20) / 2**20  # x + step and x - step are exact
    rise = np.asarray(impl.softplus(x + step)) - np.asarray(impl.softplus(x - step))
    want = evaluate(sigmoid_spec.stable.end, {sigmoid_spec.x: x}).astype(np.float64)
    # A central difference is off by step^2 / 6 times the third derivative, which is
    # at most 1/8, and by the rounding of two values of up to 8, over the step.
    allowed = step**2 / 48 + 16 * np.finfo(np.float64).eps * 8 / step
    assert (np.abs(rise / (2 * step) - want) <= allowed).all()


@given(x=float_arrays(magnitude=15.0))
def test_entries_do_not_see_each_other(impl, x):
    y = np.asarray(impl.softplus(x))
    assert y.shape == x.shape
    one_by_one = [impl.softplus(np.array([entry]))[0] for entry in x.ravel()]
    assert_close(y.ravel(), np.array(one_by_one), condition=np.abs(x).ravel())


def test_each_entry_of_a_large_table_is_taken_by_itself(impl):
    assert_entry_by_entry(impl.softplus)


@pytest.mark.needs("float32")
def test_single_precision_agrees_with_double(impl):
    assert_single_is_double(impl.softplus)


# --------------------------------------------------------------------- special cases


@pytest.mark.contract
def test_softplus_takes_the_limit_at_infinity(impl):
    got = impl.softplus(np.array([-np.inf, np.inf, np.nan]))
    assert_equal(got, np.array([0.0, np.inf, np.nan]))


def test_softplus_of_zero_is_log_two(impl):
    assert_close(impl.softplus(np.zeros(1)), np.array([np.log(2)]), ulps=4)


# -------------------------------------------------------------------------- accuracy


@pytest.mark.contract
@pytest.mark.needs("float16")
@pytest.mark.slow
def test_float16_is_correctly_rounded_everywhere(impl):
    x = EVERY_FLOAT16[np.isfinite(EVERY_FLOAT16)]
    assert impl.softplus(x).dtype == np.float16
    far = x < -20  # softplus is below e^x, less than half of the smallest float16
    assert_equal(impl.softplus(x[far]), np.zeros(far.sum()))
    want = exact(x[~far].astype(np.float64))
    assert_ulps(impl.softplus(x[~far]), want, ulps=0.5)


@pytest.mark.contract
@given(x=vectors(magnitude=745.0))
@example(x=np.array([-745.1, -708.4, -36.74, -1e-9, 0.0, 0.5, 20.0, 36.74, 709.8]))
def test_float64_error_is_within_two_ulp(impl, x):
    assert_ulps(impl.softplus(x), exact(x), ulps=2)


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_is_kept(impl, dtype):
    assert impl.softplus(np.zeros(2, dtype)).dtype == dtype


@pytest.mark.contract
def test_no_finite_input_warns(impl):
    largest = np.finfo(np.float64).max
    assert_equal(impl.softplus(np.array([-largest, largest])), np.array([0, largest]))


@pytest.mark.contract
def test_what_is_not_a_real_number_is_named(impl):
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* got dtype <U1$"):
        impl.softplus("a")
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* complex128$"):
        impl.softplus(np.array([1j]))
