"""mse_loss: agrees with its derivation, and keeps the laws the page states."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.activations.sigmoid import σ
from derivations.engine import evaluate
from derivations.losses import mean_squared_error as spec
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.strategies import (
    reals,
    rows,
    same_shape,
    vectors,
)
from reference.conformance.tables import (
    COPIES,
    SCORES,
    SHARES,
    assert_single_is_double,
)

GRADIENT = "mse_loss_grad"
BOTH = ("mse_loss", GRADIENT)


def exact(expression, predictions, targets):
    """Return an expression of predictions and targets, all entries in one row."""
    return np.array(
        evaluate(expression, {spec.p: predictions.ravel(), spec.y: targets.ravel()})
    )


def whole_numbers(count):
    """Draw arrays of one shape whose differences and squares are exact."""
    return same_shape(count).map(lambda arrays: tuple(map(np.round, arrays)))


def one_by_one(expression, predictions, targets):
    """Return the expression for each entry as a batch of its own."""
    pairs = zip(predictions.ravel(), targets.ravel(), strict=True)
    values = [exact(expression, np.array([p]), np.array([y])).item() for p, y in pairs]
    return np.array(values, dtype=object).reshape(predictions.shape)


# ------------------------------------------------------ agreement with the derivation


@pytest.mark.claim("A0-023", "A1-049")
@given(pair=same_shape(2))
@example(pair=(np.array([1e-20, 1.0]), np.array([2e-20, 1.0])))
@example(pair=(np.array([1e8 + 1]), np.array([1e8])))
def test_loss_is_the_mean_of_the_squared_misses(impl, pair):
    assert_close(impl.mse_loss(*pair), exact(spec.mse, *pair))


@given(pair=same_shape(2))
@example(pair=(np.array([1e-20, 1.0]), np.array([2e-20, 1.0])))
def test_gradient_is_two_nths_of_the_miss(impl, pair):
    want = exact(spec.gradient.end, *pair).reshape(pair[0].shape)
    assert_close(impl.mse_loss_grad(*pair), want)


@pytest.mark.needs("reduction")
@given(pair=same_shape(2))
def test_without_reduction_each_entry_has_its_squared_miss(impl, pair):
    want = one_by_one(spec.mse, *pair)
    assert_close(impl.mse_loss(*pair, reduction="none"), want)
    assert_close(impl.mse_loss(*pair, reduction="sum"), np.array(want.sum()))


@pytest.mark.needs("reduction")
@pytest.mark.parametrize("reduction", ["sum", "none"])
@given(pair=same_shape(2))
def test_without_a_mean_the_gradient_is_twice_the_miss(impl, reduction, pair):
    want = one_by_one(spec.gradient.end, *pair)
    assert_close(impl.mse_loss_grad(*pair, reduction=reduction), want)


# ------------------------------------------------------------------------------ laws


@given(pair=whole_numbers(2))
def test_loss_is_zero_just_where_predictions_are_right(impl, pair):
    predictions, targets = pair
    assert_equal(impl.mse_loss(targets, targets), 0.0)
    loss = impl.mse_loss(predictions, targets)
    assert (loss > 0) == (predictions != targets).any()


@given(pair=same_shape(2))
def test_predictions_and_targets_may_change_places(impl, pair):
    assert_equal(impl.mse_loss(*pair), impl.mse_loss(*reversed(pair)))


@given(pair=whole_numbers(2), shift=st.integers(-999, 999))
def test_only_differences_matter(impl, pair, shift):
    predictions, targets = pair
    moved = impl.mse_loss(predictions + shift, targets + shift)
    assert_equal(moved, impl.mse_loss(predictions, targets))


@given(pair=whole_numbers(2), exponent=st.integers(-20, 20))
def test_loss_grows_with_the_square_of_the_unit(impl, pair, exponent):
    unit = 2.0**exponent
    scaled = impl.mse_loss(*(unit * a for a in pair))
    assert_equal(scaled, unit**2 * np.asarray(impl.mse_loss(*pair)))


@given(pair=whole_numbers(2), seed=st.integers(0, 999))
def test_order_does_not_matter(impl, pair, seed):
    order = np.random.default_rng(seed).permutation(pair[0].size)
    shuffled = (a.ravel()[order] for a in pair)
    assert_close(impl.mse_loss(*shuffled), np.asarray(impl.mse_loss(*pair)))


@given(targets=vectors(), constant=reals(1e3))
@example(targets=np.array([0.0, 10.0]), constant=5.0)
def test_no_constant_does_better_than_the_mean(impl, targets, constant):
    bound = evaluate(spec.best_constant.end, {spec.y: targets})
    loss = impl.mse_loss(np.full_like(targets, constant), targets)
    assert loss >= float(bound) * (1 - 1e-14)
    mean = float(evaluate(spec.mean, {spec.y: targets}))
    # A rounded mean is off by half an ulp, and so is each difference from it.
    best = impl.mse_loss(np.full_like(targets, mean), targets)
    size = np.abs(targets).max()
    assert_close(best, np.array(bound), scale=1e-15 * size**2)


@given(triple=same_shape(3))
def test_loss_is_convex_in_the_predictions(impl, triple):
    one, other, targets = triple
    middle = impl.mse_loss((one + other) / 2, targets)
    chord = (impl.mse_loss(one, targets) + impl.mse_loss(other, targets)) / 2
    assert middle <= chord * (1 + 1e-14) + 1e-300


@given(pair=same_shape(2))
def test_gradient_changes_sign_with_the_miss(impl, pair):
    reverse = impl.mse_loss_grad(*reversed(pair))
    assert_equal(impl.mse_loss_grad(*pair), -np.asarray(reverse))


@pytest.mark.parametrize("copies", COPIES)
def test_copies_of_a_table_have_its_loss(impl, copies):
    large = [np.tile(table, copies) for table in (SCORES, SHARES)]
    # As many squares are added up, and rounded, as there are entries.
    want = np.asarray(impl.mse_loss(SCORES, SHARES))
    assert_close(impl.mse_loss(*large), want, condition=large[0].size)


@pytest.mark.parametrize("copies", COPIES)
def test_copies_of_a_table_share_its_gradient(impl, copies):
    large = [np.tile(table, copies) for table in (SCORES, SHARES)]
    want = np.tile(impl.mse_loss_grad(SCORES, SHARES), copies) / np.prod(copies)
    # Prediction and target are subtracted, perhaps after they were divided.
    assert_close(impl.mse_loss_grad(*large), want, scale=np.abs(want).max())


@pytest.mark.needs("float32")
@pytest.mark.parametrize("name", BOTH)
def test_single_precision_agrees_with_double(impl, name):
    assert_single_is_double(getattr(impl, name), SCORES, SHARES)


# ------------------------------------------------------------------- through a model


@pytest.mark.claim("A0-025")
@given(X=rows(n=3, k=2, magnitude=30.0), w=vectors(k=2), y=vectors(k=3))
def test_linear_model_needs_only_its_input_and_the_miss(impl, X, w, y):
    want = evaluate(spec.linear_gradient.end, {spec.X: X, spec.w: w, spec.y: y})
    got = X.T @ np.asarray(impl.mse_loss_grad(X @ w, y))
    # Both the prediction and the sum over samples may cancel.
    size = np.abs(X).T @ (np.abs(X) @ np.abs(w) + np.abs(y))
    assert_close(got, want, scale=size)


@given(X=rows(n=5, k=2, magnitude=30.0), y=vectors(k=5))
@example(X=np.array([[3.0, 1.0]] * 5), y=np.full(5, 1e-300))
def test_gradient_vanishes_at_the_least_squares_solution(impl, X, y):
    X = np.round(X)
    w = np.linalg.lstsq(X, y)[0]
    # What the solver leaves over, by its backward error; sums of absolute values, as
    # the squares in a Euclidean norm underflow for targets near 1e-300.
    norm = np.abs(X).sum()
    left = norm * (norm * np.abs(w).sum() + np.abs(y).sum())
    got = X.T @ np.asarray(impl.mse_loss_grad(X @ w, y))
    assert_close(got, np.zeros(2), scale=left)


@given(X=rows(n=3, k=2, magnitude=30.0), w=vectors(k=2, magnitude=5.0), y=vectors(k=3))
def test_sigmoid_neuron_has_the_slope_as_a_factor(impl, X, w, y):
    known = {spec.X: X, spec.w: w, spec.b: 0.25}
    outputs = [evaluate(spec.neuron, {**known, spec.i: i}) for i in (1, 2, 3)]
    s = np.array(outputs, dtype=np.float64)
    want = evaluate(spec.sigmoid_neuron_gradient.end, {**known, spec.y: y})
    got = X.T @ (np.asarray(impl.mse_loss_grad(s, y)) * s * (1 - s))
    assert_close(got, want, scale=np.abs(X).T @ (1 + np.abs(y)))


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A0-025")
def test_the_same_input_and_miss_give_a_sigmoid_neuron_different_gradients(impl):
    # Input 1 and miss 0.3 both times; the weight is 0, then 2.
    for w, rounded in ((0.0, -0.150), (2.0, -0.063)):
        s = np.array([float(evaluate(σ(spec.u), {spec.u: w}))])
        known = {spec.X: np.ones((1, 1)), spec.w: np.array([w]), spec.b: 0.0}
        want = evaluate(spec.sigmoid_neuron_gradient.end, {**known, spec.y: s + 0.3})
        got = np.asarray(impl.mse_loss_grad(s, s + 0.3)) * s * (1 - s)
        assert_close(got, want, scale=1.0)
        assert np.round(got, 3) == rounded


@pytest.mark.claim("A0-024")
@pytest.mark.parametrize("outlier", [10.0, 1e3, 1e6])
def test_one_outlier_drags_the_best_constant_along(impl, outlier):
    targets = np.array([-1.0, 0.0, 0.0, 1.0, outlier])
    at_mean = np.full(5, outlier / 5)
    at_median = np.zeros(5)
    assert impl.mse_loss(at_mean, targets) < impl.mse_loss(at_median, targets)
    # The absolute error, which Laplace errors ask for, stays with the median.
    assert np.abs(at_median - targets).sum() < np.abs(at_mean - targets).sum()


@pytest.mark.claim("A0-024")
@given(pair=same_shape(2, magnitude=30.0))
def test_gaussian_likelihood_is_an_affine_function_of_the_loss(impl, pair):
    p, y = (a.ravel() for a in pair)
    known = {spec.p: p, spec.y: y, spec.s: 1.0}
    want = evaluate(spec.gaussian.start, known)
    got = p.size / 2 * (np.log(2 * np.pi) + np.asarray(impl.mse_loss(p, y)))
    assert_close(got, np.array(want), ulps=32)


@pytest.mark.claim("A4-008")
@pytest.mark.needs("reduction")
def test_a_sum_of_signed_errors_cancels_and_a_sum_of_squares_does_not(impl):
    errors = np.array([1.0, -1.0])
    assert errors.sum() == 0.0
    assert_equal(impl.mse_loss(errors, np.zeros(2), reduction="sum"), 2.0)


# -------------------------------------------------------------------------- accuracy


@pytest.mark.contract
@given(pair=same_shape(2))
def test_float64_error_is_within_its_promise(impl, pair):
    assert_ulps(impl.mse_loss(*pair), exact(spec.mse, *pair), ulps=8)


@pytest.mark.contract
@given(pair=same_shape(2))
def test_gradient_error_is_within_its_promise(impl, pair):
    want = exact(spec.gradient.end, *pair).reshape(pair[0].shape)
    assert_ulps(impl.mse_loss_grad(*pair), want, ulps=1.5)


@pytest.mark.contract
@pytest.mark.needs("float16")
@given(pair=same_shape(2, magnitude=3e4))
def test_float16_is_rounded_once(impl, pair):
    narrow = tuple(a.astype(np.float16) for a in pair)
    wide = tuple(a.astype(np.float64) for a in narrow)
    got = impl.mse_loss(*narrow)
    assert got.dtype == np.float16
    assert_ulps(got, exact(spec.mse, *wide), ulps=0.5001)
    want = exact(spec.gradient.end, *wide).reshape(pair[0].shape)
    assert_ulps(impl.mse_loss_grad(*narrow), want, ulps=0.5001)


@pytest.mark.contract
def test_a_square_may_overflow_if_the_mean_does_not(impl):
    predictions = np.array([1.5e154, 0.0, 0.0, 0.0])
    want = exact(spec.mse, predictions, np.zeros(4))
    assert_ulps(impl.mse_loss(predictions, np.zeros(4)), want, ulps=8)


@pytest.mark.contract
@pytest.mark.needs("reduction")
def test_squares_may_vanish_if_their_sum_does_not(impl):
    predictions = np.full(1000, 1e-163)
    loss = impl.mse_loss(predictions, np.zeros(1000), reduction="sum")
    assert_ulps(loss, 1000 * exact(spec.mse, predictions, np.zeros(1000)), ulps=8)


@pytest.mark.contract
@pytest.mark.needs("float16")
def test_a_float16_square_may_exceed_its_range_if_the_mean_does_not(impl):
    predictions = np.array([300.0, 0.0, 0.0, 0.0], dtype=np.float16)
    assert_equal(impl.mse_loss(predictions, np.zeros(4, np.float16)), 22496.0)


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_is_kept(impl, name, dtype):
    assert getattr(impl, name)(np.ones(2, dtype), np.zeros(2, dtype)).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("name", BOTH)
def test_whole_numbers_count_as_float64(impl, name):
    got = getattr(impl, name)(np.array([1, 2]), np.array([True, False]))
    assert got.dtype == np.float64


@pytest.mark.contract
def test_a_reduced_loss_is_a_numpy_scalar(impl):
    loss = impl.mse_loss(np.ones(2, np.float32), np.zeros(2, np.float32))
    assert isinstance(loss, np.float32)


@pytest.mark.contract
@pytest.mark.parametrize("name", BOTH)
def test_no_finite_input_warns(impl, name):
    largest = np.finfo(np.float64).max
    getattr(impl, name)(np.array([largest, -largest]), np.array([-largest, 5e-324]))


def test_a_small_miss_beside_a_huge_one_is_kept(impl):
    got = impl.mse_loss(np.array([1e150, 1e-150]), np.zeros(2), reduction="none")
    assert_close(got, np.array([1e300, 1e-300]))


@pytest.mark.contract
def test_infinite_misses_have_infinite_losses(impl):
    predictions = np.array([np.inf, np.inf, np.nan, 1.0])
    targets = np.array([0.0, np.inf, 0.0, 1.0])
    got = impl.mse_loss(predictions, targets, reduction="none")
    assert_equal(got, np.array([np.inf, np.nan, np.nan, 0.0]))
    got = impl.mse_loss_grad(predictions, targets, reduction="sum")
    assert_equal(got, np.array([np.inf, np.nan, np.nan, 0.0]))


@pytest.mark.contract
@pytest.mark.parametrize("name", BOTH)
def test_nothing_is_broadcast(impl, name):
    message = r"^shapes must be equal: predictions \(3,\), targets \(3, 1\)$"
    with pytest.raises(ValueError, match=message):
        getattr(impl, name)(np.zeros(3), np.zeros((3, 1)))


@pytest.mark.contract
@pytest.mark.parametrize("name", BOTH)
def test_an_empty_batch_has_no_mean(impl, name):
    message = r"^predictions must not be empty, got shape \(0,\)$"
    with pytest.raises(ValueError, match=message):
        getattr(impl, name)([], [])


@pytest.mark.contract
@pytest.mark.needs("reduction")
def test_an_empty_batch_has_a_sum(impl):
    assert_equal(impl.mse_loss([], [], reduction="sum"), 0.0)
    assert_equal(impl.mse_loss([], [], reduction="none"), np.zeros(0))


@pytest.mark.contract
@pytest.mark.needs("reduction")
@pytest.mark.parametrize("name", BOTH)
def test_an_unknown_reduction_is_named(impl, name):
    message = r"^reduction must be one of 'mean', 'sum', 'none'; got 'average'$"
    with pytest.raises(ValueError, match=message):
        getattr(impl, name)([1.0], [1.0], reduction="average")


@pytest.mark.contract
@pytest.mark.parametrize("name", BOTH)
def test_what_is_not_a_real_number_is_named(impl, name):
    with pytest.raises(TypeError, match=r"^predictions must hold real numbers .* <U1$"):
        getattr(impl, name)(["a"], [1.0])
    with pytest.raises(TypeError, match=r"^targets must hold real numbers .*128$"):
        getattr(impl, name)([1.0], np.array([1j]))
