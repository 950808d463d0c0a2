"""compare: agrees with exact arithmetic, and its bounds are where it says."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from reference.conformance.compare import (
    MismatchError,
    assert_close,
    assert_equal,
    assert_ulps,
)

DTYPES = [np.float16, np.float32, np.float64]
EPS = 2.0**-52
SMALLEST = 2.0**-1074

finite = st.floats(allow_nan=False, allow_infinity=False)
ordinary = st.floats(1e-290, 1e290) | st.floats(-1e290, -1e-290)


def exact(*numbers):
    out = np.empty(len(numbers), dtype=object)
    out[:] = numbers
    return out


def mismatch(check, *arguments, **options):
    with pytest.raises(MismatchError) as caught:
        check(*arguments, **options)
    return caught.value


def steps(x, n, dtype=np.float64):
    """Return the float that is n floats away from x, away from zero."""
    for _ in range(n):
        x = np.nextafter(dtype(x), dtype(np.copysign(np.inf, x)))
    return x


# ----------------------------------------------------------------------- assert_equal


@given(x=st.lists(st.floats(), max_size=5))
def test_everything_equals_itself(x):
    assert_equal(x, x)
    assert_equal(np.array(x), x)


def test_signs_of_zero_and_dtypes_do_not_matter():
    assert_equal([0.0, np.nan], [-0.0, np.nan])
    assert_equal(np.float32([0.5]), [0.5])
    assert_equal(np.array([True, False]), [1, 0])
    assert_equal([0.5], exact(Fraction(1, 2)))


@pytest.mark.parametrize("dtype", [np.complex64, np.complex128, object, "U1"])
def test_only_real_numbers_equal_real_numbers(dtype):
    error = mismatch(assert_equal, np.array([1], dtype), [1.0])
    assert error.kind == "type"
    assert (error.got, error.want) == (np.dtype(dtype), "real numbers")


@given(x=ordinary)
def test_neighbors_are_not_equal(x):
    error = mismatch(assert_equal, [x], [np.nextafter(x, np.inf)])
    assert error.kind == "value"
    assert error.index == (0,)
    assert 0.5 <= error.ulps <= 1


@pytest.mark.parametrize(
    ("got", "want", "kind"),
    [
        ([1.0], [np.nan], "nan"),
        ([np.nan], [1.0], "nan"),
        ([np.inf], [1.0], "infinity"),
        ([0.0], [1.0], "zero"),
        ([2.0], [1.0], "value"),
        ([2.0, 3.0], [2.0], "shape"),
        (2.0, [2.0], "shape"),
        (["a"], ["b"], "value"),
    ],
)
def test_the_way_of_being_unequal_is_named(got, want, kind):
    assert mismatch(assert_equal, got, want).kind == kind


def test_the_first_difference_is_shown():
    error = mismatch(assert_equal, [[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [5.0, 9.0]])
    assert error.index == (1, 0)
    assert (error.got, error.want) == (3.0, 5.0)
    assert str(error).startswith("entry (1, 0): got 3, expected 5")


# ----------------------------------------------------------------------- assert_close


@given(x=st.lists(st.floats(), max_size=5))
def test_everything_is_close_to_itself(x):
    assert_close(x, x)
    assert_ulps(x, x, 0)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("ulps", [1, 3, 16])
def test_the_bound_is_a_multiple_of_the_dtypes_eps(dtype, ulps):
    eps = float(np.finfo(dtype).eps)
    assert_close(np.array([1 + ulps * eps], dtype), [1.0], ulps=ulps)
    outside = np.array([1 + (ulps + 1) * eps], dtype)
    error = mismatch(assert_close, outside, [1.0], ulps=ulps)
    assert error.kind == "value"
    assert error.ulps == ulps + 1


@given(x=ordinary, n=st.integers(0, 40))
@example(x=1.0, n=16)
@example(x=1.0, n=17)
def test_the_verdict_is_that_of_exact_arithmetic(x, n):
    got = float(steps(x, n))
    # Where the bound itself is rounded, the verdict may be either.
    off = abs(Fraction(got) - Fraction(x)) / (16 * Fraction(EPS) * abs(Fraction(x)))
    assume(off == 1 or abs(off - 1) > Fraction(1, 10**12))
    for want in ([x], exact(Fraction(x))):
        if off <= 1:
            assert_close([got], want)
        else:
            mismatch(assert_close, [got], want)


def test_condition_widens_the_bound():
    got = [1 + 40 * EPS]
    mismatch(assert_close, got, [1.0], condition=1.0, ulps=16)  # 32 allowed
    assert_close(got, [1.0], condition=1.5, ulps=16)  # 40 allowed
    mismatch(assert_close, got + got, [1.0, 1.0], condition=[1.5, 1.0])


def test_scale_allows_for_terms_that_cancel():
    mismatch(assert_close, [3e-15], [0.0], scale=0.5)  # 1.8e-15 allowed
    assert_close([3e-15], [0.0], scale=1.0)  # 3.6e-15 allowed
    assert_close([0.0], [1e-17], scale=1.0)
    error = mismatch(assert_close, [1e-3], [0.0], scale=2.0, why="two terms of size 2")
    assert error.bound == "allowed 16 ulp of a term of size 2: two terms of size 2"


def test_scale_below_the_result_changes_nothing():
    mismatch(assert_close, [1 + 17 * EPS], [1.0], scale=0.5)


@given(want=st.floats(1e-320, 1e300), condition=st.floats(0, 1e6))
@example(want=1e-320, condition=745.0)
def test_zero_is_not_close_to_what_a_float_can_hold(want, condition):
    assert mismatch(assert_close, [0.0], [want], condition=condition).kind == "zero"
    number = exact(Fraction(want))
    assert mismatch(assert_close, [0.0], number, condition=condition).kind == "zero"


def test_zero_is_close_to_what_no_float_can_hold():
    with mpmath.workdps(50):
        assert_close([0.0], exact(mpmath.exp(-800)))
        assert_close([0.0], exact(mpmath.exp(-(10**30))))
    assert_close([0.0], [16 * SMALLEST])
    mismatch(assert_close, [0.0], [17 * SMALLEST])


def test_below_the_normal_numbers_the_bound_is_absolute():
    assert_close([100 * SMALLEST], [84 * SMALLEST])
    mismatch(assert_close, [100 * SMALLEST], [83 * SMALLEST])


def test_infinity_is_right_only_past_the_largest_number():
    with mpmath.workdps(50):
        huge = mpmath.exp(1000)
    largest = np.finfo(np.float64).max
    assert_close([np.inf], [np.inf])
    assert_close([np.inf], exact(huge))
    assert_close([-np.inf], exact(-huge))
    assert_close([np.inf], [largest])  # half an ulp more and it overflows
    assert_close(np.float32([np.inf]), [1e39])
    for got, want in [
        ([np.inf], exact(-huge)),
        ([np.inf], [1e307]),
        ([np.inf], [-np.inf]),
        ([1.0], [np.inf]),
        ([largest], [-largest]),
        (np.float32([np.inf]), [1e38]),
        (np.float32([-np.inf]), [1e39]),
        ([1e300], exact(huge)),
        ([np.inf], exact(Fraction(1))),
    ]:
        mismatch(assert_close, got, want)


def test_nan_is_close_to_nan_alone():
    assert_close([np.nan], [np.nan])
    assert_close([np.nan], exact(mpmath.nan))
    for got, want in [
        ([np.nan], [1.0]),
        ([1.0], [np.nan]),
        ([np.nan], exact(Fraction(1))),
        ([1.0], exact(mpmath.nan)),
        ([np.nan], [np.inf]),
    ]:
        assert mismatch(assert_close, got, want).kind == "nan"


def test_an_exact_expectation_is_not_rounded_first():
    third = exact(Fraction(1, 3))
    assert_ulps([1 / 3], third, 0.34)
    mismatch(assert_ulps, [1 / 3], third, 0.32)
    with mpmath.workdps(50):
        third = exact(mpmath.mpf(1) / 3)
    assert_ulps([1 / 3], third, 0.34)
    mismatch(assert_ulps, [1 / 3], third, 0.32)


def test_floats_among_exact_numbers_may_be_infinite():
    assert_close([np.inf, 1.0, np.nan], exact(np.inf, Fraction(1), np.nan))
    mismatch(assert_close, [1.0], exact(-np.inf))


def test_anything_is_wrong_where_nothing_was_expected():
    assert mismatch(assert_close, [1.0], [0.0]).kind == "value"
    assert mismatch(assert_close, [1e300], [0.0], ulps=0).kind == "value"


def test_a_bound_says_how_it_comes_about():
    error = mismatch(assert_close, [2.0], [1.0], condition=3.0)
    assert error.bound == "allowed 64 ulp = 16 x (1 + condition number 3)"


def test_shapes_must_agree():
    error = mismatch(assert_close, np.ones((2, 1)), np.ones(2))
    assert error.kind == "shape"
    assert str(error) == "got shape (2, 1), expected (2,)"
    assert mismatch(assert_ulps, 1.0, [1.0], 2).kind == "shape"


@pytest.mark.parametrize("got", [["a"], [None], [1j], [object()]])
def test_what_is_not_a_real_number_is_of_the_wrong_type(got):
    assert mismatch(assert_close, got, [1.0]).kind == "type"
    assert mismatch(assert_ulps, got, [1.0], 1).kind == "type"


@pytest.mark.parametrize("name", ["condition", "scale"])
@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf, [0.0, -1e-300]])
def test_a_bound_that_could_not_fail_is_refused(name, value):
    with pytest.raises(ValueError, match=rf"^{name} must be finite and not negative"):
        assert_close([1.0, 1.0], [1.0, 1.0], **{name: value})


def test_the_entry_furthest_off_is_shown():
    error = mismatch(assert_close, [1.0, 1.1, 2.0, 0.9], [1.0, 1.0, 1.0, 1.0])
    assert error.index == (2,)
    error = mismatch(assert_close, [1.5, 0.0], [1.0, 1e-300])
    assert error.index == (1,)  # nothing is as wrong as the loss of every digit


def test_the_reason_of_a_bound_is_shown():
    error = mismatch(assert_close, [2.0], [1.0], ulps=3, why="two roundings")
    assert error.bound == "allowed 3 ulp: two roundings"
    assert "two roundings" in str(error)


# ------------------------------------------------------------------------ assert_ulps


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("x", [1.0, 1.5, 1000.0, 6.2e-05, 6e-08])
def test_one_step_is_one_ulp(dtype, x):
    want = dtype(x)
    got = np.array([steps(want, 1, dtype)])
    assert_ulps(got, [float(want)], 1)
    mismatch(assert_ulps, got, [float(want)], 0.99)


def test_the_unit_below_a_power_of_two_is_half():
    below = np.nextafter(1.0, 0.0)
    assert_ulps([below], [1.0], 0.5)
    mismatch(assert_ulps, [1.0], [below], 0.99)
    assert_ulps([1.0], [below], 1)


def test_the_unit_of_the_subnormal_numbers_is_the_smallest():
    assert_ulps([3 * SMALLEST], [SMALLEST], 2)
    mismatch(assert_ulps, [3 * SMALLEST], [SMALLEST], 1.9)
    mismatch(assert_ulps, [3 * SMALLEST], [0.0], 2.9)
    assert_ulps([0.0], exact(Fraction(SMALLEST) / 2), 0.5)
    mismatch(assert_ulps, [SMALLEST], exact(Fraction(SMALLEST) * 49 / 100), 0.5)


@pytest.mark.parametrize("dtype", DTYPES)
def test_infinity_is_one_ulp_past_the_largest_number(dtype):
    largest = float(np.finfo(dtype).max)
    got = np.array([np.inf], dtype)
    for want in ([largest], exact(Fraction(largest))):
        mismatch(assert_ulps, got, want, 0.99)
        assert_ulps(got, want, 1.0)
        mismatch(assert_ulps, -got, want, 1.0)


@given(got=finite, want=finite)
def test_ulps_of_floats_and_of_fractions_agree(got, want):
    assume(abs(want) < 1e308)
    unit = max(float(np.spacing(abs(want))), SMALLEST)
    distance = abs(Fraction(got) - Fraction(want)) / Fraction(unit)
    assume(0 < distance < 2**60)
    for expected in ([want], exact(Fraction(want))):
        assert_ulps([got], expected, float(distance) * 1.0000001)
        mismatch(assert_ulps, [got], expected, float(distance) * 0.9999999)


def test_longer_formats_are_measured_as_float64():
    assert_close(np.array([1.0], dtype=np.longdouble) / 3, [1 / 3], ulps=0.5)
    assert_ulps(np.array([1], dtype=np.int64), [1.0], 0)
    assert_close(np.array([True]), [1.0])
