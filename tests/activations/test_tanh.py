"""tanh: agrees with its derivation, and keeps the laws the page states."""

import math

import numpy as np
import pytest
from hypothesis import example, given

from derivations.activations import sigmoid as sigmoid_spec
from derivations.activations import tanh as spec
from derivations.engine import evaluate
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.strategies import float_arrays, vectors
from reference.conformance.tables import assert_entry_by_entry, assert_single_is_double

EVERY_FLOAT16 = np.arange(2**16, dtype=np.uint16).view(np.float16)

# Where tanh and the sigmoid are equally steep: 2 arcosh((1 + sqrt 3) / 2).
CROSSING = 2 * math.acosh((1 + math.sqrt(3)) / 2)


def exact(derivation, x):
    """Return the derivation's last expression at every entry of ``x``, 50 digits."""
    return evaluate(derivation.end, {spec.x: x})


def sigmoid(x):
    """Return the sigmoid at every entry of ``x``, rounded once."""
    return evaluate(sigmoid_spec.stable.end, {sigmoid_spec.x: x}).astype(np.float64)


# ------------------------------------------------------ agreement with the derivation


@given(x=vectors(magnitude=700.0))
@example(x=np.array([-1000.0, -19.0, -0.5, 0.5, 18.9, 19.1, 1000.0]))
@example(x=np.array([-1e-300, -0.0, 0.0, 1e-20, 5e-324]))
def test_tanh_is_a_ratio_of_exponentials(impl, x):
    # |x tanh'(x) / tanh(x)| is at most 1: an error of the input does not grow.
    assert_close(impl.tanh(x), exact(spec.two_sigmoids, x))


@given(x=vectors(magnitude=370.0))
@example(x=np.array([-20.0, -3.0, 0.0, 3.0, 20.0]))
def test_slope_is_one_minus_tanh_squared(impl, x):
    # 1 - y * y is formed at size 1: an absolute error of eps.
    assert_close(impl.tanh_derivative(x), exact(spec.derivative, x), scale=1.0)


@pytest.mark.claim("A1-024")
@given(x=vectors(magnitude=370.0))
@example(x=np.array([-372.0, -40.0, -19.1, 19.1, 40.0, 372.0]))
def test_slope_keeps_its_digits_far_from_zero(impl, x):
    want = exact(spec.stable_slope, x)
    assert_close(impl.tanh_derivative(x), want, condition=2 * np.abs(x))


# ------------------------------------------------------------------------------ laws


@given(x=vectors(magnitude=1e4))
def test_tanh_is_odd(impl, x):
    assert_close(impl.tanh(-x), -np.asarray(impl.tanh(x)))


@pytest.mark.claim("A1-022", "A3-027")
@given(x=vectors(magnitude=1e4))
@example(x=np.array([-18.5, 18.5, 20.0]))
def test_every_output_lies_between_minus_one_and_one(impl, x):
    y = np.abs(impl.tanh(x))
    assert (y <= 1).all()
    assert (y < 1)[np.abs(x) < 18.5].all()
    assert_equal(y[np.abs(x) > 20], np.ones((np.abs(x) > 20).sum()))


@given(x=vectors(magnitude=700.0))
def test_tanh_never_falls(impl, x):
    y = np.asarray(impl.tanh(np.sort(x)), dtype=np.float64)
    # Rounding may swap neighbors by their last digits.
    assert (np.diff(y) >= -8 * np.spacing(np.abs(y[1:]))).all()


@given(x=vectors(magnitude=1e3))
def test_tanh_is_never_further_from_zero_than_its_argument(impl, x):
    assert (
        np.abs(impl.tanh(x)) <= np.abs(x) * (1 + 8 * np.finfo(np.float64).eps)
    ).all()


@given(x=vectors(k=3, magnitude=2.0), y=vectors(k=3, magnitude=2.0))
def test_tanh_of_a_sum(impl, x, y):
    x, y = np.round(x * 2**20) / 2**20, np.round(y * 2**20) / 2**20  # x + y is exact
    one, other = np.asarray(impl.tanh(x)), np.asarray(impl.tanh(y))
    # 1 + tanh x tanh y is at least 0.07 here: it magnifies an error at most 15 times.
    want = (one + other) / (1 + one * other)
    assert_close(impl.tanh(x + y), want, condition=30.0, scale=1.0)


@given(x=vectors(magnitude=370.0))
@example(x=np.array([0.0]))
def test_slope_is_at_most_one_and_one_at_zero_alone(impl, x):
    slope = np.asarray(impl.tanh_derivative(x))
    assert ((slope >= 0) & (slope <= 1)).all()
    assert (slope < 1)[np.abs(x) > 1e-6].all()
    assert_equal(impl.tanh_derivative(np.zeros(1)), np.ones(1))


@given(x=vectors(magnitude=18.0))
def test_slope_is_even(impl, x):
    left, right = impl.tanh_derivative(-x), impl.tanh_derivative(x)
    assert_close(left, right, scale=1.0)


@given(x=float_arrays(magnitude=50.0))
def test_entries_do_not_see_each_other(impl, x):
    y = np.asarray(impl.tanh(x))
    assert y.shape == x.shape
    one_by_one = [impl.tanh(np.array([entry]))[0] for entry in x.ravel()]
    assert_close(y.ravel(), np.array(one_by_one))


@pytest.mark.parametrize("name", ["tanh", "tanh_derivative"])
def test_each_entry_of_a_large_table_is_taken_by_itself(impl, name):
    assert_entry_by_entry(getattr(impl, name))


@pytest.mark.needs("float32")
@pytest.mark.parametrize("name", ["tanh", "tanh_derivative"])
def test_single_precision_agrees_with_double(impl, name):
    assert_single_is_double(getattr(impl, name))


# --------------------------------------------------------------------- special cases


@pytest.mark.contract
def test_tanh_takes_the_limit_at_infinity(impl):
    got = impl.tanh(np.array([-np.inf, np.inf, np.nan]))
    assert_equal(got, np.array([-1.0, 1.0, np.nan]))


@pytest.mark.contract
def test_slope_takes_the_limit_at_infinity(impl):
    got = impl.tanh_derivative(np.array([-np.inf, np.inf, np.nan]))
    assert_equal(got, np.array([0.0, 0.0, np.nan]))


@pytest.mark.contract
@given(x=vectors(magnitude=1e4))
def test_tanh_is_odd_to_the_last_bit(impl, x):
    assert_equal(impl.tanh(-x), -np.asarray(impl.tanh(x)))


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A1-021")
@given(x=vectors(magnitude=15.0))
@example(x=np.array([1.0]))
def test_tanh_is_a_sigmoid_both_scaled_and_shifted(impl, x):
    scaled = 2 * sigmoid(2 * x)
    assert (scaled > 0).all()  # no factor alone gives the negative values of tanh
    assert impl.tanh(np.array([-1.0]))[0] < 0
    # Twice the sigmoid is rounded at size up to 2 before 1 is taken off.
    assert_close(impl.tanh(x), scaled - 1, scale=2.0)


@pytest.mark.claim("A1-023")
@given(x=vectors(magnitude=30.0))
@example(x=np.array([0.0, 2.0, 5.0]))
def test_tanh_is_steeper_than_the_sigmoid_only_near_zero(impl, x):
    x = x[np.abs(np.abs(x) - CROSSING) > 1e-6]
    steeper = np.asarray(impl.tanh_derivative(x)) > sigmoid(x) * sigmoid(-x)
    assert_equal(steeper, np.abs(x) < CROSSING)


@pytest.mark.claim("A1-023")
def test_tanh_is_four_times_as_steep_at_zero_and_flatter_at_two(impl):
    at_zero, at_two = impl.tanh_derivative(np.array([0.0, 2.0]))
    assert at_zero == 4 * 0.25
    assert 0.0706 < at_two < 0.0707
    assert 0.1049 < sigmoid(np.array([2.0]))[0] * sigmoid(np.array([-2.0]))[0] < 0.1050


@pytest.mark.claim("A3-026")
def test_a_rescaled_sigmoid_is_tanh_of_half_the_argument(impl):
    rescaled = 2 * sigmoid(np.array([1.0])) - 1
    assert_close(impl.tanh(np.array([0.5])), rescaled, ulps=4)
    assert impl.tanh(np.array([1.0]))[0] - rescaled[0] > 0.29


@pytest.mark.claim("A3-047", "A3-048", "A4-006")
def test_tanh_leaves_the_interval_from_zero_to_one_and_stays_bounded(impl):
    low, high = impl.tanh(np.array([-1.0, 1e6]))
    assert -0.762 < low < -0.761
    assert high <= 1


@pytest.mark.claim("A1-014")
def test_a_bounded_range_for_an_unbounded_sum(impl):
    assert np.ptp(impl.tanh(np.array([-1e6, 1e6]))) <= 2


@pytest.mark.claim("A1-028")
@given(x=vectors(magnitude=1e3))
@example(x=np.array([0.0]))
def test_tanh_is_zero_at_zero_alone(impl, x):
    assert_equal(np.asarray(impl.tanh(x)) == 0, x == 0)


# -------------------------------------------------------------------------- accuracy


@pytest.mark.contract
@pytest.mark.needs("float16")
@pytest.mark.slow
def test_float16_tanh_is_correctly_rounded_everywhere(impl):
    x = EVERY_FLOAT16[np.isfinite(EVERY_FLOAT16)]
    got = impl.tanh(x)
    assert got.dtype == np.float16
    assert_ulps(got, exact(spec.two_sigmoids, x.astype(np.float64)), ulps=0.5)


@pytest.mark.contract
@pytest.mark.needs("float16")
@pytest.mark.slow
def test_float16_slope_is_correctly_rounded_everywhere(impl):
    x = EVERY_FLOAT16[np.isfinite(EVERY_FLOAT16)]
    assert impl.tanh_derivative(x).dtype == np.float16
    far = np.abs(x) > 20  # 4 e^-40 is less than half of the smallest float16
    assert_equal(impl.tanh_derivative(x[far]), np.zeros(far.sum()))
    want = exact(spec.stable_slope, x[~far].astype(np.float64))
    assert_ulps(impl.tanh_derivative(x[~far]), want, ulps=0.5)


@pytest.mark.contract
@pytest.mark.parametrize(
    ("name", "derivation", "ulps"),
    [("tanh", spec.two_sigmoids, 2), ("tanh_derivative", spec.stable_slope, 5)],
)
@given(x=vectors(magnitude=373.0))
@example(x=np.array([-373.2, -354.0, -18.99, -1e-9, 0.55, 18.99, 354.0, 372.6]))
@example(x=np.array([-1e-300, 0.0, 5e-324]))
def test_float64_error_is_within_its_promise(impl, name, derivation, ulps, x):
    assert_ulps(getattr(impl, name)(x), exact(derivation, x), ulps=ulps)


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", ["tanh", "tanh_derivative"])
def test_dtype_is_kept(impl, name, dtype):
    assert getattr(impl, name)(np.zeros(2, dtype)).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("name", ["tanh", "tanh_derivative"])
def test_no_finite_input_warns(impl, name):
    largest = np.finfo(np.float64).max
    assert np.isfinite(getattr(impl, name)(np.array([-largest, largest]))).all()


@pytest.mark.contract
@pytest.mark.parametrize("name", ["tanh", "tanh_derivative"])
def test_what_is_not_a_real_number_is_named(impl, name):
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* got dtype <U1$"):
        getattr(impl, name)("a")
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* complex128$"):
        getattr(impl, name)(np.array([1j]))
