"""sigmoid: agrees with its derivation, and keeps the laws the page states."""

import numpy as np
import pytest
from hypothesis import assume, example, given

from derivations.activations import sigmoid as spec
from derivations.engine import evaluate
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.strategies import float_arrays, probabilities, reals, vectors
from reference.conformance.tables import assert_entry_by_entry, assert_single_is_double

EVERY_FLOAT16 = np.arange(2**16, dtype=np.uint16).view(np.float16)


# Probabilities that every dtype holds.
SHARES = np.array([0.0625, 0.25, 0.375, 0.5, 0.625, 0.875])


def exact(derivation, x):
    """Return the derivation's last expression at every entry of ``x``, 50 digits."""
    symbol = spec.p if spec.p in derivation.end.free_symbols else spec.x
    return evaluate(derivation.end, {symbol: x})


def finite(x):
    return x[np.isfinite(x)]


# ------------------------------------------------------ agreement with the derivation


@given(x=vectors(magnitude=700.0))
@example(x=np.array([-745.0, -710.0, -700.0, 36.75, 700.0, 1e300]))
@example(x=np.array([-1e-300, -0.0, 0.0, 5e-324]))
def test_sigmoid_is_one_over_one_plus_exp(impl, x):
    # e^-x is wrong by |x| ulp when x is: that is the condition of any formula.
    assert_close(impl.sigmoid(x), exact(spec.stable, x), condition=np.abs(x))


@given(x=vectors(magnitude=700.0))
@example(x=np.array([-745.0, -40.0, 0.0, 36.75, 40.0, 700.0]))
def test_derivative_is_sigmoid_times_one_minus_sigmoid(impl, x):
    want = exact(spec.derivative, x)
    assert_close(impl.sigmoid_derivative(x), want, condition=np.abs(x))


@given(x=vectors(magnitude=700.0))
@example(x=np.array([-1000.0, -40.0, 0.0, 40.0, 700.0]))
def test_log_sigmoid_is_the_logarithm_of_the_sigmoid(impl, x):
    want = exact(spec.log_stable, x)
    assert_close(impl.log_sigmoid(x), want, condition=np.abs(x))


@given(p=probabilities(open_ended=True))
@example(p=np.array([0.25, 0.75, 0.5 + 2**-50, 1 - 2**-53, 5e-324]))
@example(p=np.array([0.3, 0.4999, 0.5000008, 0.50001, 0.7]))  # log p, log(1-p) cancel
def test_logit_is_the_logarithm_of_the_odds(impl, p):
    want = exact(spec.logit_stable, p)
    # Near 1/2 the odds are 1 and a rounding of p or of 1 - p moves the result by eps.
    assert_close(impl.logit(p), want, scale=1.0)


# ------------------------------------------------------------------------------ laws


@pytest.mark.claim("A3-023", "A1-018")
@given(x=vectors(magnitude=1e4))
def test_every_output_lies_between_zero_and_one(impl, x):
    y = impl.sigmoid(x)
    assert ((y >= 0) & (y <= 1)).all()
    inside = np.abs(x) < 36  # beyond, the result rounds to 1
    assert ((y > 0) & (y < 1))[inside].all()


@given(x=vectors(magnitude=700.0))
def test_sigmoid_never_falls(impl, x):
    x = np.sort(x)
    y = np.asarray(impl.sigmoid(x), dtype=np.float64)
    # Rounding may swap neighbors by their last digits.
    assert (np.diff(y) >= -8 * np.spacing(y[1:])).all()


@given(x=vectors(magnitude=700.0))
def test_sigmoid_of_minus_x_is_one_minus_sigmoid(impl, x):
    total = np.asarray(impl.sigmoid(x)) + np.asarray(impl.sigmoid(-x))
    assert_close(total, np.ones_like(x), ulps=4)


@given(x=vectors(magnitude=700.0))
def test_slope_is_even(impl, x):
    left, right = impl.sigmoid_derivative(-x), impl.sigmoid_derivative(x)
    assert_close(left, right, condition=np.abs(x))


@given(x=vectors(magnitude=30.0))
def test_logarithm_of_the_sigmoid_exponentiates_back(impl, x):
    want = exact(spec.stable, x)
    assert_close(np.exp(impl.log_sigmoid(x)), want, condition=np.abs(x))


@given(x=vectors(magnitude=700.0))
def test_log_sigmoids_of_both_signs_differ_by_x(impl, x):
    difference = np.asarray(impl.log_sigmoid(x)) - np.asarray(impl.log_sigmoid(-x))
    assert_close(difference, x, scale=np.abs(x) + 1)


@given(p=probabilities(open_ended=True))
def test_logit_of_one_minus_p_is_minus_logit(impl, p):
    p = np.maximum(np.round(p * 2**20), 1) / 2**21  # 1 - p is exact
    assert_close(impl.logit(1 - p), -np.asarray(impl.logit(p)), scale=1.0)


@given(x=vectors(magnitude=30.0))
def test_logit_undoes_the_sigmoid(impl, x):
    p = np.asarray(impl.sigmoid(x), dtype=np.float64)
    # A rounding of p moves the log-odds by eps p / σ'(x) = eps (1 + e^x).
    assert_close(impl.logit(p), x, scale=np.abs(x) * (1 + np.exp(x)) + np.exp(x))


@given(x=reals(700.0), h=reals(1400.0))
@example(x=-1.0, h=2.0)
@example(x=-1e-3, h=2e-3)
def test_no_stretch_rises_more_than_the_one_around_zero(impl, x, h):
    h = abs(h)
    low, high, left, right = impl.sigmoid(np.array([x, x + h, -h / 2, h / 2]))
    assert_close(max(right - left, high - low), right - left, scale=1.0)


@given(x=float_arrays(magnitude=50.0))
def test_entries_do_not_see_each_other(impl, x):
    y = np.asarray(impl.sigmoid(x))
    assert y.shape == x.shape
    one_by_one = [impl.sigmoid(np.array([entry]))[0] for entry in x.ravel()]
    assert_close(y.ravel(), np.array(one_by_one), condition=np.abs(x).ravel())


@pytest.mark.parametrize("name", ["sigmoid", "sigmoid_derivative", "log_sigmoid"])
def test_each_entry_of_a_large_table_is_taken_by_itself(impl, name):
    assert_entry_by_entry(getattr(impl, name))


@pytest.mark.needs("float32")
@pytest.mark.parametrize("name", ["sigmoid", "sigmoid_derivative", "log_sigmoid"])
def test_single_precision_agrees_with_double(impl, name):
    assert_single_is_double(getattr(impl, name))


def test_logit_takes_each_entry_of_a_large_table_by_itself(impl):
    assert_entry_by_entry(impl.logit, SHARES)


@pytest.mark.needs("float32")
def test_single_precision_logit_agrees_with_double(impl):
    assert_single_is_double(impl.logit, SHARES)


# --------------------------------------------------------------------- special cases


@pytest.mark.contract
def test_sigmoid_takes_the_limit_at_infinity(impl):
    got = impl.sigmoid(np.array([-np.inf, np.inf, np.nan]))
    assert_equal(got, np.array([0.0, 1.0, np.nan]))


@pytest.mark.contract
def test_slope_takes_the_limit_at_infinity(impl):
    got = impl.sigmoid_derivative(np.array([-np.inf, np.inf, np.nan]))
    assert_equal(got, np.array([0.0, 0.0, np.nan]))


@pytest.mark.contract
def test_log_sigmoid_takes_the_limit_at_infinity(impl):
    got = impl.log_sigmoid(np.array([-np.inf, np.inf, np.nan]))
    assert_equal(got, np.array([-np.inf, 0.0, np.nan]))


@pytest.mark.contract
def test_logit_takes_the_limit_at_both_ends(impl):
    got = impl.logit(np.array([0.0, 1.0, np.nan]))
    assert_equal(got, np.array([-np.inf, np.inf, np.nan]))


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A0-012")
def test_far_points_of_a_grid_end_up_together(impl):
    gaps = np.diff(impl.sigmoid(np.arange(-10.0, 11.0)))
    assert gaps[0] < 1e-4
    assert gaps[-1] < 1e-4
    assert 0.23 < gaps[10] < 0.25


@pytest.mark.claim("A0-015")
@given(x=reals(1e3), y=reals(1e3))
def test_distances_shrink_to_at_most_a_quarter(impl, x, y):
    low, high = impl.sigmoid(np.array([x, y]))
    bound = min(1.0, abs(x - y) / 4)
    assert abs(high - low) <= bound + 8 * np.finfo(np.float64).eps


@pytest.mark.claim("A0-016")
def test_floats_reach_one_although_no_real_number_does(impl):
    # 1 - 2^-54 is where correct rounding reaches 1; common formulas do from 36.74 on.
    at_rounding = exact(spec.stable, np.array([38.0]))[0]
    assert at_rounding < 1
    assert impl.sigmoid(np.array([38.0]))[0] == 1.0
    assert impl.sigmoid(np.array([36.0]))[0] < 1.0


@pytest.mark.claim("A0-017")
@given(prior=reals(0.98), likelihood=reals(0.98), other=reals(0.98))
def test_sigmoid_of_the_log_odds_is_the_posterior(impl, prior, likelihood, other):
    prior, likelihood, other = (0.01 + abs(v) for v in (prior, likelihood, other))
    assume(prior < 1)
    joint, rest = prior * likelihood, (1 - prior) * other
    got = impl.sigmoid(np.array([np.log(joint / rest)]))
    # The log-odds are rounded near 5, and their error is multiplied by 1 - posterior.
    assert_close(got, np.array([joint / (joint + rest)]), condition=10.0)


@pytest.mark.claim("A0-018")
def test_slope_is_positive_far_from_zero(impl):
    x = np.array([-700.0, -37.0, -10.0, 10.0, 30.0, 37.0, 700.0])
    slope = impl.sigmoid_derivative(x)
    assert (slope > 0).all()
    assert [f"{value:.3g}" for value in slope[3:5]] == ["4.54e-05", "9.36e-14"]


@pytest.mark.claim("A0-019")
def test_a_saturated_sample_counts_thousands_of_times_less(impl):
    center, tail = impl.sigmoid_derivative(np.array([0.0, 10.0]))
    assert 5507 < center / tail < 5508


@pytest.mark.claim("A0-020")
@given(x=vectors(magnitude=30.0))
def test_slope_can_be_computed_from_the_sigmoid(impl, x):
    y = np.array([float(v) for v in exact(spec.stable, x)])
    # 1 - y is formed at size 1: an absolute error of eps.
    assert_close(impl.sigmoid_derivative(x), y * (1 - y), scale=1.0)


@pytest.mark.claim("A0-044")
def test_textbook_formula_overflows_below_minus_709(impl):
    x = np.array([-710.0])
    with np.errstate(over="ignore"):
        textbook = 1 / (1 + np.exp(-x))
    assert textbook[0] == 0
    assert_close(impl.sigmoid(x), exact(spec.stable, x), condition=np.abs(x))


@pytest.mark.claim("A1-019")
@given(w=vectors(k=2, magnitude=50.0), bias=reals(50.0))
def test_one_sigmoid_unit_cannot_represent_exclusive_or(impl, w, bias):
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float64)
    side = np.asarray(impl.sigmoid(corners @ w + bias)) > 0.5
    assert side.tolist() != [False, True, True, False]


@pytest.mark.claim("A1-020", "A1-055")
@given(x=vectors(magnitude=700.0))
@example(x=np.array([0.0]))
def test_slope_is_at_most_one_quarter(impl, x):
    slope = np.asarray(impl.sigmoid_derivative(x))
    assert (slope <= 0.25 * (1 + 8 * np.finfo(np.float64).eps)).all()
    assert (slope[np.abs(x) > 1e-6] < 0.25).all()  # equality at 0 alone
    assert_equal(impl.sigmoid_derivative(np.zeros(1)), np.array([0.25]))


@pytest.mark.claim("A1-056")
def test_sigmoid_itself_exceeds_one_quarter(impl):
    assert_equal(impl.sigmoid(np.zeros(1)), np.array([0.5]))


@pytest.mark.claim("A3-024")
def test_the_formula_without_its_minus_sign_falls(impl):
    x = np.array([2.0])
    printed = 1 / (1 + np.exp(x))
    assert_close(impl.sigmoid(-x), printed, ulps=8)
    assert impl.sigmoid(x)[0] - printed[0] > 0.76


@pytest.mark.claim("A3-025")
def test_powers_of_a_rounded_e_are_less_accurate_than_exp(impl):
    x = np.array([-100.0])
    want = float(exact(spec.stable, x)[0])
    powers = float(1 / (1 + np.e ** (-x[0])))
    assert 4e-15 < abs(powers / want - 1) < 7e-15
    assert abs(impl.sigmoid(x)[0] / want - 1) < 1e-15


@pytest.mark.claim("A3-067", "A4-012")
def test_output_formula_at_the_pre_activation_is_not_the_slope(impl):
    z = np.array([0.0, 2.0])
    assert_equal(z * (1 - z), np.array([0.0, -2.0]))
    slope = impl.sigmoid_derivative(z)
    assert_close(slope, np.array([0.25, 0.10499358540350652]))


@pytest.mark.claim("A3-082")
@given(x=vectors(magnitude=700.0))
def test_output_crosses_one_half_where_the_input_crosses_zero(impl, x):
    x = x[np.abs(x) > 1e-9]
    assert_equal(np.asarray(impl.sigmoid(x)) > 0.5, x > 0)


# -------------------------------------------------------------------------- accuracy


# Beyond 20 the exponential e^-20 = 2.1e-9 is below half of the smallest float16, 3e-8:
# there each function rounds to what its formula says without the exponential.
FAR = 20


@pytest.mark.contract
@pytest.mark.needs("float16")
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "derivation", "far"),
    [
        ("sigmoid", spec.stable, lambda x: x > 0),
        ("sigmoid_derivative", spec.derivative, np.zeros_like),
        ("log_sigmoid", spec.log_stable, lambda x: np.minimum(x, 0)),
    ],
)
def test_float16_is_correctly_rounded_everywhere(impl, name, derivation, far):
    x = finite(EVERY_FLOAT16)
    got = getattr(impl, name)(x)
    assert got.dtype == np.float16
    near = np.abs(x) <= FAR
    assert_ulps(got[near], exact(derivation, x[near].astype(np.float64)), ulps=0.5)
    assert_equal(got[~near], far(x[~near]))


@pytest.mark.contract
@pytest.mark.parametrize(
    ("name", "derivation", "ulps"),
    [
        ("sigmoid", spec.stable, 2),
        ("sigmoid_derivative", spec.derivative, 4),
        ("log_sigmoid", spec.log_stable, 2),
    ],
)
@given(x=vectors(magnitude=745.0))
@example(x=np.array([-745.1, -708.4, -36.74, -1e-9, 0.5, 36.74, 708.4, 745.1]))
def test_float64_error_is_within_its_promise(impl, name, derivation, ulps, x):
    assert_ulps(getattr(impl, name)(x), exact(derivation, x), ulps=ulps)


@pytest.mark.contract
@given(p=probabilities(open_ended=True))
@example(p=np.array([0.25, 0.75, 0.5 + 2**-50, 1 - 2**-53, 5e-324]))
@example(p=np.array([0.3, 0.4999, 0.5000008, 0.50001, 0.7]))  # log p, log(1-p) cancel
def test_logit_is_within_three_ulp(impl, p):
    assert_ulps(impl.logit(p), exact(spec.logit_stable, p), ulps=3)


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", ["sigmoid", "sigmoid_derivative", "log_sigmoid"])
def test_dtype_is_kept(impl, name, dtype):
    assert getattr(impl, name)(np.zeros(2, dtype)).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_probabilities_is_kept(impl, dtype):
    assert impl.logit(np.full(2, 0.5, dtype)).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("name", ["sigmoid", "sigmoid_derivative", "log_sigmoid"])
def test_what_is_not_a_real_number_is_named(impl, name):
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* got dtype <U1$"):
        getattr(impl, name)("a")
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* complex128$"):
        getattr(impl, name)(np.array([1j]))


@pytest.mark.contract
@pytest.mark.parametrize("wrong", [-0.1, 1.5, np.inf])
def test_what_is_not_a_probability_is_named(impl, wrong):
    with pytest.raises(ValueError, match=rf"^p must lie in \[0, 1\], got {wrong}$"):
        impl.logit([0.5, wrong])
