"""relu: agrees with its derivation, and keeps the laws the page states."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.activations import relu as spec
from derivations.engine import evaluate
from reference.conformance.compare import assert_equal
from reference.conformance.strategies import float_arrays, reals, same_shape, vectors
from reference.conformance.tables import assert_entry_by_entry, assert_single_is_double

# A sample of 1,000 that is spread like a standard normal variable, without chance.
NORMAL = np.array([NormalDist().inv_cdf((i + 0.5) / 1000) for i in range(1000)])


def exact(derivation, x):
    """Return the derivation's last expression at every entry of ``x``."""
    return evaluate(derivation.end, {spec.x: x})


# ------------------------------------------------------ agreement with the derivation


@pytest.mark.claim("A1-025", "A3-031")
@given(x=float_arrays(magnitude=1e300))
@example(x=np.array([-2.0, -5e-324, -0.0, 0.0, 5e-324, 3.0]))
def test_relu_is_half_of_x_plus_its_size(impl, x):
    assert_equal(impl.relu(x), exact(spec.absolute_value, x).astype(np.float64))


@given(a=vectors(magnitude=1e3))
def test_slope_is_one_above_zero_and_zero_below(impl, a):
    a = np.abs(a[a != 0])
    assert_equal(impl.relu_derivative(a), np.ones_like(a))
    assert_equal(impl.relu_derivative(-a), np.zeros_like(a))


# ------------------------------------------------------------------------------ laws


@given(x=vectors(magnitude=1e300))
def test_no_output_is_negative(impl, x):
    assert (np.asarray(impl.relu(x)) >= 0).all()


@given(x=vectors(magnitude=1e300))
def test_a_number_is_its_positive_part_minus_its_negative_part(impl, x):
    assert_equal(np.asarray(impl.relu(x)) - np.asarray(impl.relu(-x)), x)


@given(x=vectors(magnitude=1e300))
def test_applying_it_twice_changes_nothing(impl, x):
    once = np.asarray(impl.relu(x))
    assert_equal(impl.relu(once), once)


@given(x=vectors(magnitude=1e3), power=st.integers(-9, 9))
def test_a_positive_factor_passes_through(impl, x, power):
    assert_equal(impl.relu(2.0**power * x), 2.0**power * np.asarray(impl.relu(x)))


@given(pair=same_shape(2, magnitude=1e3, max_dims=1))
def test_no_distance_grows_and_no_order_turns(impl, pair):
    x, y = pair
    gap = np.asarray(impl.relu(x)) - np.asarray(impl.relu(y))
    assert (gap * np.sign(x - y) >= 0).all()
    assert (np.abs(gap) <= np.abs(x - y)).all()


@given(pair=same_shape(2, magnitude=1e3, max_dims=1))
def test_relu_of_a_sum_is_at_most_the_sum(impl, pair):
    x, y = (np.round(part * 2**20) / 2**20 for part in pair)  # x + y is exact
    parts = np.asarray(impl.relu(x)) + np.asarray(impl.relu(y))
    assert (np.asarray(impl.relu(x + y)) <= parts).all()


@given(x=vectors(magnitude=1e3))
def test_slope_is_the_rise_over_the_run_off_zero(impl, x):
    x = np.where(x >= 0, 1, -1) * (1 + np.round(np.abs(x) * 2**10) / 2**10)
    step = 2.0**-10  # x + step and x - step are exact, on one side of zero
    rise = np.maximum(x + step, 0) - np.maximum(x - step, 0)
    assert_equal(impl.relu_derivative(x), rise / (2 * step))


@pytest.mark.needs("option:at_zero")
@given(x=vectors(magnitude=1e3), slope=st.floats(0, 1), y=reals(1e3))
@example(x=np.ones(1), slope=1.0, y=-1.0)
def test_slope_at_zero_is_any_line_below_the_curve(impl, x, slope, y):
    chosen = impl.relu_derivative(np.zeros(1), at_zero=slope)[0]
    assert chosen == slope
    assert max(y, 0.0) >= chosen * y  # a subgradient: the line stays below
    x = x[x != 0]
    assert_equal(impl.relu_derivative(x, at_zero=slope), x > 0)


@given(x=float_arrays(magnitude=50.0))
def test_entries_do_not_see_each_other(impl, x):
    y = np.asarray(impl.relu(x))
    assert y.shape == x.shape
    one_by_one = [impl.relu(np.array([entry]))[0] for entry in x.ravel()]
    assert_equal(y.ravel(), np.array(one_by_one))


@pytest.mark.parametrize("name", ["relu", "relu_derivative"])
def test_each_entry_of_a_large_table_is_taken_by_itself(impl, name):
    assert_entry_by_entry(getattr(impl, name))


@pytest.mark.needs("float32")
@pytest.mark.parametrize("name", ["relu", "relu_derivative"])
def test_single_precision_agrees_with_double(impl, name):
    assert_single_is_double(getattr(impl, name))


# --------------------------------------------------------------------- special cases


@pytest.mark.contract
def test_relu_takes_the_limit_at_infinity(impl):
    got = impl.relu(np.array([-np.inf, np.inf, np.nan]))
    assert_equal(got, np.array([0.0, np.inf, np.nan]))


@pytest.mark.contract
def test_slope_takes_the_limit_at_infinity(impl):
    got = impl.relu_derivative(np.array([-np.inf, np.inf, np.nan]))
    assert_equal(got, np.array([0.0, 1.0, np.nan]))


@pytest.mark.contract
def test_both_zeros_are_zero(impl):
    assert_equal(impl.relu_derivative(np.array([-0.0, 0.0])), np.zeros(2))


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A2-117")
def test_the_rise_on_both_sides_of_zero_differs(impl):
    step = 2.0**-30
    right = impl.relu(np.array([step]))[0] / step
    left = -impl.relu(np.array([-step]))[0] / step
    assert (left, right) == (0.0, 1.0)


@pytest.mark.claim("A1-026")
def test_relu_does_not_add_up(impl):
    one, minus_one, together = impl.relu(np.array([1.0, -1.0, 1.0 - 1.0]))
    assert one + minus_one == 1.0
    assert together == 0.0


@pytest.mark.claim("A1-014", "A1-027", "A3-047", "A4-006")
@given(x=reals(1e300))
@example(x=2.0)
@example(x=1e6)
def test_relu_has_no_upper_bound(impl, x):
    assert impl.relu(np.array([abs(x)]))[0] == abs(x)


@pytest.mark.claim("A3-048")
@given(x=vectors(magnitude=1e3))
@example(x=np.array([-2.0, 3.0]))
def test_a_leaky_slope_reaches_every_number_only_if_it_is_positive(impl, x):
    up, down = np.asarray(impl.relu(x)), np.asarray(impl.relu(-x))
    slope = 0.25
    leaky = up - slope * down
    assert_equal(np.where(leaky >= 0, leaky, leaky / slope), x)  # onto, and one to one
    assert (up - 0.0 * down >= 0).all()
    assert (up + slope * down >= 0).all()


@pytest.mark.claim("A1-028")
def test_relu_is_zero_for_half_of_a_centered_sample(impl):
    assert (np.asarray(impl.relu(NORMAL)) == 0).sum() == 500
    assert (np.tanh(NORMAL) != 0).all()


@pytest.mark.claim("A1-030")
@pytest.mark.parametrize(("mean", "percent"), [(0.0, 50), (1.0, 15.87), (-1.0, 84.13)])
def test_share_of_zeros_depends_on_the_mean(impl, mean, percent):
    deviation = 2.0
    zeros = np.mean(np.asarray(impl.relu(deviation * (NORMAL + mean))) == 0)
    derived = evaluate(
        spec.share_of_zeros.end, {spec.μ: deviation * mean, spec.s: deviation}
    )
    # One sample in a thousand may fall on either side.
    assert abs(zeros - float(derived)) <= 1e-3
    assert abs(float(derived) - percent / 100) < 5e-5


class Counted:
    """A number that counts the multiplications it takes part in."""

    multiplications = 0

    def __init__(self, value):
        self.value = value

    def __mul__(self, other):
        Counted.multiplications += 1
        return Counted(self.value * other.value)

    def __add__(self, other):
        return Counted(self.value + other.value)


@pytest.mark.claim("A1-029")
def test_a_dense_product_multiplies_by_zeros_too(impl):
    weights = np.array([[Counted(1.0)] * 3] * 1000)

    def cost(activations):
        before = Counted.multiplications
        np.array([Counted(float(y)) for y in activations]) @ weights
        return Counted.multiplications - before

    rectified = np.asarray(impl.relu(NORMAL))
    assert cost(rectified) == cost(np.tanh(NORMAL)) == 3000
    assert cost_without_zeros(rectified) == 1500


def cost_without_zeros(activations):
    """Count the multiplications by three weights each that skip the zeros."""
    return 3 * np.count_nonzero(activations)


@pytest.mark.claim("A1-031")
def test_asking_for_membership_instead_of_sign_erases_everything(impl):
    x = [1.0, 2.0, -3.0]
    printed = [0.0 if entry in x else entry for entry in x]
    assert printed == [0.0, 0.0, 0.0]
    assert_equal(impl.relu(np.array(x)), np.array([1.0, 2.0, 0.0]))


@pytest.mark.claim("A1-032")
@given(x=vectors(magnitude=1e3))
def test_slope_left_of_zero_is_zero_and_not_merely_small(impl, x):
    x = -np.abs(x[x != 0])
    assert_equal(impl.relu_derivative(x), np.zeros_like(x))


def unit_gradient(impl, X, w, b, targets):
    """Return the gradient of the mean of (relu(X w + b) - t)^2 / 2, from relu'."""
    z = X @ w + b
    error = np.maximum(z, 0) - targets
    back = error * np.asarray(impl.relu_derivative(z)) / len(X)
    return back @ X, back.sum()


@pytest.mark.claim("A1-033")
@given(X=vectors(k=12, magnitude=100.0), targets=vectors(k=4, magnitude=100.0))
def test_a_dead_unit_never_moves(impl, X, targets):
    X = np.abs(X.reshape(4, 3))
    w, b = np.array([-1.0, -0.5, 0.0]), -0.25
    for _ in range(3):
        w_gradient, b_gradient = unit_gradient(impl, X, w, b, targets)
        w, b = w - 0.1 * w_gradient, b - 0.1 * b_gradient
    assert_equal(w, np.array([-1.0, -0.5, 0.0]))
    assert b == -0.25


@pytest.mark.claim("A1-033")
def test_one_step_too_long_kills_and_other_inputs_revive(impl):
    X = np.linspace(0.1, 1, 10).reshape(10, 1)
    targets = np.zeros(10)
    w, b = np.ones(1), 0.0
    w_gradient, b_gradient = unit_gradient(impl, X, w, b, targets)
    w, b = w - 5 * w_gradient, b - 5 * b_gradient
    assert (X @ w + b < 0).all()
    dead, alive = (unit_gradient(impl, side * X, w, b, targets) for side in (1, -5))
    assert_equal(dead[0], np.zeros(1))
    assert alive[0][0] != 0


@pytest.mark.claim("A1-034")
def test_half_of_the_units_on_positive_inputs_are_dead_from_the_start(impl):
    weights = np.sqrt(2.0) * NORMAL.reshape(1, 1000)  # variance 2 / fan_in, fan_in 1
    inputs = np.linspace(0.1, 5, 20).reshape(20, 1)
    slopes = np.asarray(impl.relu_derivative(inputs @ weights))
    assert (slopes == 0).all(axis=0).sum() == 500


@pytest.mark.claim("A3-019")
@given(x=float_arrays(magnitude=1e3))
def test_relu_keeps_the_shape_and_changes_the_range(impl, x):
    y = np.asarray(impl.relu(x - 2000.0))
    assert y.shape == x.shape
    assert_equal(y, np.zeros_like(x))


@pytest.mark.claim("A3-033")
def test_relu_hands_its_result_back(impl):
    def printed(x):
        out = x.copy()
        out[x <= 0] = 0

    x = np.array([-1.0, 2.0])
    assert printed(x) is None
    assert_equal(impl.relu(x), np.array([0.0, 2.0]))


@pytest.mark.claim("A3-034")
def test_scaling_whole_numbers_in_place_fails_and_relu_does_not(impl):
    whole = np.array([-1, 2])
    with pytest.raises(TypeError, match="Cannot cast"):
        whole *= 0.5
    floats = np.array([-1.0, 2.0])
    floats *= 0.5
    assert_equal(floats, np.array([-0.5, 1.0]))
    assert_equal(impl.relu(whole), np.array([0, 2]))


@pytest.mark.claim("A3-069")
def test_the_rectified_output_is_not_the_slope(impl):
    outputs = np.array([3.0, -1.0])
    rectified = np.where(outputs <= 0, 0, outputs)
    assert_equal(rectified, np.array([3.0, 0.0]))
    assert_equal(impl.relu_derivative(outputs), np.array([1.0, 0.0]))


@pytest.mark.claim("A4-005")
@given(a=st.booleans(), b=st.booleans())
def test_two_rectifiers_represent_exclusive_or(impl, a, b):
    inner, outer = impl.relu(np.array([a + b, a + b - 1.0]))
    assert inner - 2 * outer == float(a != b)


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", ["relu", "relu_derivative"])
def test_dtype_is_kept(impl, name, dtype):
    assert getattr(impl, name)(np.zeros(2, dtype)).dtype == dtype


@pytest.mark.contract
def test_the_result_is_never_the_argument_itself(impl):
    x = np.array([1.0, 2.0])
    assert not np.shares_memory(impl.relu(x), x)


@pytest.mark.contract
@pytest.mark.parametrize("name", ["relu", "relu_derivative"])
def test_what_is_not_a_real_number_is_named(impl, name):
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* got dtype <U1$"):
        getattr(impl, name)("a")
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* complex128$"):
        getattr(impl, name)(np.array([1j]))


@pytest.mark.contract
@pytest.mark.needs("option:at_zero")
@pytest.mark.parametrize("wrong", [-0.1, 1.5])
def test_a_slope_at_zero_that_is_no_subgradient_is_named(impl, wrong):
    message = rf"^at_zero must lie in \[0, 1\], got {wrong}$"
    with pytest.raises(ValueError, match=message):
        impl.relu_derivative([0.0], at_zero=wrong)


@pytest.mark.contract
@pytest.mark.needs("option:at_zero")
def test_a_slope_at_zero_that_is_no_number_is_named(impl):
    message = r"^at_zero must be a real number, got 'half'$"
    with pytest.raises(TypeError, match=message):
        impl.relu_derivative([0.0], at_zero="half")
