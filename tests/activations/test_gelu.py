"""gelu: agrees with its derivation over the whole line, and keeps the page's laws."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.activations import gelu as spec
from derivations.activations.sigmoid import σ
from derivations.engine import Rational, evaluate, pi, sqrt
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.strategies import float_arrays, vectors
from reference.conformance.tables import assert_entry_by_entry, assert_single_is_double

EVERY_FLOAT16 = np.arange(2**16, dtype=np.uint16).view(np.float16)
NAMES = ("gelu", "gelu_derivative", "gelu_tanh")
FORMULAS = {
    "gelu": spec.x * spec.Φ(spec.x),
    "gelu_derivative": spec.derivative.end,
    "gelu_tanh": spec.x
    * σ(2 * sqrt(2 / pi) * (spec.x + Rational(44715, 1000000) * spec.x**3)),
}


def exact(name, x):
    """Return the formula at every entry of ``x``, 50 digits."""
    return evaluate(FORMULAS[name], {spec.x: x})


def below(x):
    """Return the chance of a normal number below each entry that is not positive."""
    return evaluate(spec.Φ(spec.x), {spec.x: np.minimum(x, 0)}).astype(np.float64)


def from_minus_five(x):
    """Move what is left of -5 to where one plus an error function is not yet 0."""
    return np.where(x < -5, np.mod(x, 5.0) - 5, x)


left = st.lists(
    st.floats(-37.0, -1e-3) | st.sampled_from([-37.0, -8.4, -8.3, -5.5, -1.5, -1.0]),
    min_size=1,
    max_size=4,
).map(np.array)

# ------------------------------------------------------ agreement with the derivation


@given(x=vectors(magnitude=700.0).map(from_minus_five))
@example(x=np.array([-5.0, -1.5, -0.75, -0.0, 0.0, 1.0, 8.0, 1e300]))
def test_gelu_is_the_argument_times_the_chance_below_it(impl, x):
    # One plus an error function may be formed: it is rounded at the size 1.
    assert_close(impl.gelu(x), exact("gelu", x), condition=1 / below(x))


@given(x=left)
@example(x=np.array([-37.0, -20.0, -8.4, -8.3, -5.5, -5.0, -1.5]))
def test_gelu_keeps_its_digits_in_the_left_tail(impl, x):
    # e^(-x²/2) is wrong by x² ulp when x is wrong by one.
    assert_close(impl.gelu(x), exact("gelu", x), condition=x**2)


@given(x=vectors(magnitude=700.0).map(from_minus_five))
@example(x=np.array([-5.0, -1.5, -(2.0**0.5), -0.75, 0.0, 0.75, 2.0**0.5, 700.0]))
def test_slope_is_the_chance_below_plus_the_argument_times_the_bell(impl, x):
    # The two terms cancel left of zero; each is below 1.
    got = impl.gelu_derivative(x)
    assert_close(got, exact("gelu_derivative", x), scale=1.0)


@given(x=left)
@example(x=np.array([-37.0, -20.0, -8.4, -5.0, -1.5]))
def test_slope_keeps_its_digits_in_the_left_tail(impl, x):
    x = np.minimum(x, -1.0)  # from -0.75 on it is positive
    got = impl.gelu_derivative(x)
    assert_close(got, exact("gelu_derivative", x), condition=x**2)


@given(x=vectors(magnitude=700.0).map(lambda x: np.maximum(x, -4)))
@example(x=np.array([-4.0, -2.699, -1.0, 0.0, 1.0, 2.699, 30.0]))
def test_variant_is_the_argument_times_one_plus_tanh(impl, x):
    want = exact("gelu_tanh", x)
    gate = np.abs((want[x != 0] / x[x != 0]).astype(np.float64))
    condition = np.full(x.shape, 2.0)
    condition[x != 0] = 1 / gate
    assert_close(impl.gelu_tanh(x), want, condition=condition)


# ------------------------------------------------------------------------------ laws


@given(x=vectors(magnitude=700.0))
def test_both_sides_of_zero_differ_by_the_argument(impl, x):
    sides = np.asarray(impl.gelu(x)) - np.asarray(impl.gelu(-x))
    assert_close(sides, x, ulps=32)


@given(x=vectors(magnitude=700.0))
def test_gelu_lies_below_the_rectifier_and_above_a_sixth_below_it(impl, x):
    y, rectified = np.asarray(impl.gelu(x)), np.maximum(x, 0)
    eps = np.finfo(np.float64).eps
    assert (y <= rectified * (1 + 8 * eps)).all()
    assert (y >= rectified * (1 - 8 * eps) - 0.16998).all()


@given(x=vectors(magnitude=700.0))
@example(x=np.array([-(2.0**0.5), 2.0**0.5]))
def test_slope_lies_within_its_extremes_at_the_root_of_two(impl, x):
    slope = np.asarray(impl.gelu_derivative(x))
    low, high = exact("gelu_derivative", np.array([-1, 1]) * 2**0.5).astype(float)
    assert (slope >= low - 1e-14).all()
    assert (slope <= high + 1e-14).all()


@given(x=vectors(magnitude=37.0))
def test_slopes_at_both_sides_add_up_to_one(impl, x):
    total = np.asarray(impl.gelu_derivative(x)) + np.asarray(impl.gelu_derivative(-x))
    assert_close(total, np.ones_like(x), ulps=32)


def test_gelu_is_smallest_near_minus_three_quarters(impl):
    x = -0.75 + np.arange(-50, 51) / 1000
    y = np.asarray(impl.gelu(x))
    assert abs(x[y.argmin()] + 0.7518) < 0.0011
    assert abs(y.min() + 0.169971) < 1e-6


@given(x=vectors(magnitude=700.0))
@example(x=np.array([-2.6989, 2.6989]))
def test_variant_strays_by_less_than_half_a_thousandth(impl, x):
    want = exact("gelu", x).astype(np.float64)
    slack = 32 * np.finfo(np.float64).eps * np.abs(x)
    assert (np.abs(np.asarray(impl.gelu_tanh(x)) - want) <= 4.733e-4 + slack).all()


def test_variant_is_another_function(impl):
    x = np.array([-2.69894138637727, 2.69894138637727])
    gap = np.abs(np.asarray(impl.gelu_tanh(x)) - exact("gelu", x).astype(np.float64))
    assert (gap > 4.732e-4).all()


@pytest.mark.parametrize("name", NAMES)
@given(x=float_arrays(magnitude=5.0))
def test_entries_do_not_see_each_other(impl, name, x):
    function = getattr(impl, name)
    y = np.asarray(function(x))
    assert y.shape == x.shape
    one_by_one = [function(np.array([entry]))[0] for entry in x.ravel()]
    assert_close(y.ravel(), np.array(one_by_one), scale=1.0)


@pytest.mark.parametrize("name", ["gelu", "gelu_tanh", "gelu_derivative"])
def test_each_entry_of_a_large_table_is_taken_by_itself(impl, name):
    assert_entry_by_entry(getattr(impl, name))


@pytest.mark.needs("float32")
@pytest.mark.parametrize("name", ["gelu", "gelu_tanh", "gelu_derivative"])
def test_single_precision_agrees_with_double(impl, name):
    assert_single_is_double(getattr(impl, name))


# --------------------------------------------------------------------- special cases


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_limits_at_infinity_are_taken(impl, name):
    got = getattr(impl, name)(np.array([-np.inf, np.inf, np.nan]))
    right = 1.0 if name == "gelu_derivative" else np.inf
    assert_equal(got, np.array([0.0, right, np.nan]))


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_no_finite_input_warns(impl, name):
    largest = np.finfo(np.float64).max
    right = 1.0 if name == "gelu_derivative" else largest
    assert_equal(getattr(impl, name)(np.array([-largest, largest])), [0.0, right])


# -------------------------------------------------------------------------- accuracy


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["gelu", "gelu_tanh"])
def test_half_of_the_smallest_numbers_goes_to_the_side_of_the_truth(impl, name, dtype):
    unit = np.finfo(dtype).smallest_subnormal
    k = np.arange(2, 4096)
    x = k.astype(dtype) * unit
    # A little more than x / 2, on either side of zero.
    assert_equal(getattr(impl, name)(x), ((k + 1) // 2).astype(dtype) * unit)
    assert_equal(getattr(impl, name)(-x), -(k // 2).astype(dtype) * unit)
    assert_equal(getattr(impl, name)(np.array([unit])), np.array([unit]))


@pytest.mark.contract
@given(x=st.lists(st.floats(-39.0, 40.0), min_size=1, max_size=4).map(np.array))
@example(
    x=np.array([-38.4, -38.0, -37.6, -37.5, -30.0, -12.0, -8.3, -3.0, -1.5, -0.75])
)
@example(x=np.array([-38.5, -1.5000000000000002, -1.4999999999999998, 1e-300, 5e-324]))
def test_float64_error_is_within_seven_ulp_over_the_whole_line(impl, x):
    assert_ulps(impl.gelu(x), exact("gelu", x), ulps=7)


@pytest.mark.contract
@given(x=st.lists(st.floats(-39.0, 40.0), min_size=1, max_size=4).map(np.array))
@example(x=np.array([-38.4, -37.6, -30.0, -8.3, -3.0, -1.5, -1.6, -0.75, 0.0, 1.4]))
def test_error_of_the_slope_is_within_its_promise(impl, x):
    got, want = impl.gelu_derivative(x), exact("gelu_derivative", x)
    tail = x < -1.5
    assert_ulps(got[tail], want[tail], ulps=7)
    assert (np.abs(got[~tail] - want[~tail]) <= 2.0**-51).all()


@pytest.mark.contract
@given(x=st.lists(st.floats(-20.0, 40.0), min_size=1, max_size=4).map(np.array))
@example(x=np.array([-20.0, -14.3, -2.699, 0.0, 2.699]))
def test_error_of_the_variant_is_within_its_promise(impl, x):
    u = np.sqrt(2 / np.pi) * (np.abs(x) + 0.044715 * np.abs(x) ** 3)
    for entry, size, got in zip(x, u, impl.gelu_tanh(x), strict=True):
        assert_ulps(
            np.array([got]), exact("gelu_tanh", np.array([entry])), 8 + 8 * size
        )


@pytest.mark.contract
@pytest.mark.needs("float16")
@pytest.mark.slow
def test_float16_is_correctly_rounded_everywhere(impl):
    x = EVERY_FLOAT16[np.isfinite(EVERY_FLOAT16)]
    got = impl.gelu(x)
    assert got.dtype == np.float16
    near = np.abs(x) <= 9
    want = exact("gelu", x[near].astype(np.float64))
    # Right of zero half of the smallest odd numbers are ties that Φ > 1/2 breaks.
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
