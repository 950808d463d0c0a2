"""silu: agrees with its derivation over the whole line, and keeps the page's laws."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.activations import silu as spec
from derivations.activations.sigmoid import σ
from derivations.engine import evaluate
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.strategies import float_arrays, vectors
from reference.conformance.tables import assert_entry_by_entry, assert_single_is_double

EVERY_FLOAT16 = np.arange(2**16, dtype=np.uint16).view(np.float16)
NAMES = ("silu", "silu_derivative")
FORMULAS = {"silu": spec.x * σ(spec.x), "silu_derivative": spec.derivative.end}
LOWEST = -1.2784645427610738  # the root of 1 + x + e^x, to 17 digits
STEEPEST = 2.3993572805154677  # the root of x tanh(x/2) - 2, to 17 digits


def exact(name, x):
    """Return the formula at every entry of ``x``, 50 digits."""
    return evaluate(FORMULAS[name], {spec.x: x})


whole_line = st.lists(
    st.floats(-751.0, 751.0) | st.sampled_from([-751.0, -709.0, -37.0, -1.25, 0.0]),
    min_size=1,
    max_size=4,
).map(np.array)


# ------------------------------------------------------ agreement with the derivation


@given(x=vectors(magnitude=700.0))
@example(x=np.array([-700.0, -37.0, -1.2784645427610738, -0.0, 0.0, 1.0, 37.0, 1e300]))
def test_silu_is_the_argument_times_its_sigmoid(impl, x):
    # e^x is wrong by |x| ulp when x is wrong by one.
    assert_close(impl.silu(x), exact("silu", x), condition=np.maximum(-x, 0))


@given(x=st.lists(st.floats(-744.0, -709.8), min_size=1, max_size=4).map(np.array))
@example(x=np.array([-744.0, -720.0, -710.0]))
def test_silu_is_not_zero_where_its_exponential_overflows(impl, x):
    assert_close(impl.silu(x), exact("silu", x), condition=np.abs(x))


@given(x=vectors(magnitude=700.0))
@example(x=np.array([-700.0, -2.4, -1.2784645427610738, 0.0, 2.4, 36.0, 700.0]))
def test_slope_is_the_sigmoid_plus_the_argument_times_its_slope(impl, x):
    # Two terms that cancel left of zero; each is below 1.
    assert_close(impl.silu_derivative(x), exact("silu_derivative", x), scale=1.0)


@given(x=st.lists(st.floats(-700.0, -2.0), min_size=1, max_size=4).map(np.array))
@example(x=np.array([-700.0, -40.0, -37.0, -10.0]))
def test_slope_keeps_its_digits_in_the_left_tail(impl, x):
    want = exact("silu_derivative", x)
    assert_close(impl.silu_derivative(x), want, condition=np.abs(x))


# ------------------------------------------------------------------------------ laws


@given(x=vectors(magnitude=700.0))
def test_both_sides_of_zero_differ_by_the_argument(impl, x):
    sides = np.asarray(impl.silu(x)) - np.asarray(impl.silu(-x))
    assert_close(sides, x, ulps=32)


@given(x=vectors(magnitude=700.0))
def test_slopes_at_both_sides_add_up_to_one(impl, x):
    total = np.asarray(impl.silu_derivative(x)) + np.asarray(impl.silu_derivative(-x))
    assert_close(total, np.ones_like(x), ulps=32)


@given(x=vectors(magnitude=700.0))
@example(x=np.array([LOWEST]))
def test_silu_is_never_below_one_plus_its_lowest_place(impl, x):
    y, rectified = np.asarray(impl.silu(x)), np.maximum(x, 0)
    eps = np.finfo(np.float64).eps
    assert (y >= (1 + LOWEST) * (1 + 16 * eps)).all()
    assert (y <= rectified * (1 + 8 * eps)).all()


def test_silu_is_smallest_where_one_plus_x_plus_its_exponential_is_zero(impl):
    x = LOWEST + np.arange(-50, 51) / 1024
    y = np.asarray(impl.silu(x))
    assert y.argmin() == 50
    assert_close(y[50], 1 + LOWEST, ulps=16)


@given(x=vectors(magnitude=700.0))
@example(x=np.array([-STEEPEST, STEEPEST]))
def test_slope_lies_within_its_extremes(impl, x):
    slope = np.asarray(impl.silu_derivative(x))
    slack = 32 * np.finfo(np.float64).eps
    assert (np.abs(slope - 0.5) <= STEEPEST / 4 + slack).all()


def test_steepest_slope_is_one_half_plus_a_quarter_of_its_place(impl):
    got = impl.silu_derivative(np.array([STEEPEST]))
    assert_close(got, np.array([0.5 + STEEPEST / 4]), ulps=16)


@pytest.mark.parametrize("name", NAMES)
@given(x=float_arrays(magnitude=50.0))
def test_entries_do_not_see_each_other(impl, name, x):
    function = getattr(impl, name)
    y = np.asarray(function(x))
    assert y.shape == x.shape
    one_by_one = [function(np.array([entry]))[0] for entry in x.ravel()]
    assert_close(y.ravel(), np.array(one_by_one), scale=1.0)


@pytest.mark.parametrize("name", ["silu", "silu_derivative"])
def test_each_entry_of_a_large_table_is_taken_by_itself(impl, name):
    assert_entry_by_entry(getattr(impl, name))


@pytest.mark.needs("float32")
@pytest.mark.parametrize("name", ["silu", "silu_derivative"])
def test_single_precision_agrees_with_double(impl, name):
    assert_single_is_double(getattr(impl, name))


# --------------------------------------------------------------------- special cases


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_limits_at_infinity_are_taken(impl, name):
    got = getattr(impl, name)(np.array([-np.inf, np.inf, np.nan]))
    right = 1.0 if name == "silu_derivative" else np.inf
    assert_equal(got, np.array([0.0, right, np.nan]))


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_no_finite_input_warns(impl, name):
    largest = np.finfo(np.float64).max
    right = 1.0 if name == "silu_derivative" else largest
    assert_equal(getattr(impl, name)(np.array([-largest, largest])), [0.0, right])


# -------------------------------------------------------------------------- accuracy


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_half_of_the_smallest_numbers_goes_to_the_side_of_the_truth(impl, dtype):
    unit = np.finfo(dtype).smallest_subnormal
    k = np.arange(2, 4096)
    x = k.astype(dtype) * unit
    # A little more than x / 2, on either side of zero.
    assert_equal(impl.silu(x), ((k + 1) // 2).astype(dtype) * unit)
    assert_equal(impl.silu(-x), -(k // 2).astype(dtype) * unit)
    assert_equal(impl.silu(np.array([unit])), np.array([unit]))


@pytest.mark.contract
@given(x=whole_line)
@example(x=np.array([-751.0, -745.2, -709.0, -700.5, -699.5, -37.0, -1e-9, 0.5, 40.0]))
def test_float64_error_is_within_four_ulp_over_the_whole_line(impl, x):
    assert_ulps(impl.silu(x), exact("silu", x), ulps=4)


@pytest.mark.contract
@given(x=whole_line)
@example(x=np.array([-751.0, -745.2, -709.0, -37.0, -2.5, -2.0, -1.28, 0.5, 2.4, 40.0]))
def test_error_of_the_slope_is_within_its_promise(impl, x):
    got, want = impl.silu_derivative(x), exact("silu_derivative", x)
    tail = x < -2
    assert_ulps(got[tail], want[tail], ulps=6)
    assert (np.abs(got[~tail] - want[~tail]) <= 2.0**-50).all()


@pytest.mark.contract
@pytest.mark.needs("float16")
@pytest.mark.slow
def test_float16_is_correctly_rounded_everywhere(impl):
    x = EVERY_FLOAT16[np.isfinite(EVERY_FLOAT16)]
    got = impl.silu(x)
    assert got.dtype == np.float16
    near = np.abs(x) <= 30
    want = exact("silu", x[near].astype(np.float64))
    # Half of the smallest odd numbers are ties that a slope next to 1/2 breaks.
    assert_ulps(got[near], want, ulps=0.5000001)
    assert_equal(got[~near], np.maximum(x[~near], 0))


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", NAMES)
def test_dtype_is_kept(impl, name, dtype):
    assert getattr(impl, name)(np.zeros(2, dtype)).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_a_real_number_is_named(impl, name):
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* got dtype <U1$"):
        getattr(impl, name)("a")
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* complex128$"):
        getattr(impl, name)(np.array([1j]))
