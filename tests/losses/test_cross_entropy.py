"""cross-entropy over classes: from distributions, from labels, and from scores.

Longer than most, because five functions share one page.
"""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.activations.sigmoid import x as any_real
from derivations.activations.sigmoid import σ
from derivations.engine import evaluate
from derivations.losses import cross_entropy as spec
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.strategies import distributions, labels, reals, rows
from reference.conformance.tables import (
    COPIES,
    SCORES,
    SHARES,
    assert_single_is_double,
)

FROM_PROBABILITIES = ("categorical_cross_entropy", "categorical_cross_entropy_grad")
FROM_LOGITS = ("softmax_cross_entropy", "softmax_cross_entropy_grad")
SPARSE = "sparse_categorical_cross_entropy"
WITH_TARGETS = FROM_PROBABILITIES + FROM_LOGITS
NAMES = (*WITH_TARGETS, SPARSE)
PREDICTED = {
    **dict.fromkeys(FROM_PROBABILITIES, SHARES[::-1]),
    **dict.fromkeys(FROM_LOGITS, SCORES),
}
CLASSES = np.array([1, 4, 0, 2])


def exact(expression, first, targets):
    """Return the expression for every row of probabilities or scores, and targets."""
    symbol = spec.z if spec.z.label in expression.free_symbols else spec.p
    pairs = zip(first, targets, strict=True)
    values = [evaluate(expression, {symbol: row, spec.t: t}) for row, t in pairs]
    return np.array(values, dtype=object)


def one_hot(classes, k):
    """Return the rows of the identity that the classes pick."""
    return np.eye(k)[classes]


def beside(strategy, *, positive=False):
    """Pair rows with distributions of the same shape."""
    return strategy.flatmap(
        lambda x: st.tuples(
            st.just(x),
            distributions(x.shape[1], n=x.shape[0], positive=positive),
        )
    )


def labeled(strategy):
    """Pair rows with one class each."""
    return strategy.flatmap(lambda x: st.tuples(st.just(x), labels(*x.shape)))


def copied(name, copies):
    """Return predictions and targets in copies; the copies of a class share alike."""
    predicted, targets = (np.tile(a, copies) for a in (PREDICTED[name], SHARES))
    # Scores need no change: the softmax divides.
    across = copies[1] if name in FROM_PROBABILITIES else 1
    return predicted / across, targets / copies[1]


def size(z):
    """Return the size at which a right formula may round: that of the scores."""
    return 1 + np.abs(z).max()


positive = distributions(positive=True)

# ------------------------------------------------------ agreement with the derivation


@pytest.mark.claim("A3-054")
@given(pair=beside(positive))
def test_loss_is_minus_the_expected_logarithm(impl, pair):
    want = exact(spec.loss, *pair)
    assert_close(impl.categorical_cross_entropy(*pair), np.mean(want))


@given(pair=beside(positive))
def test_gradient_is_minus_target_over_probability(impl, pair):
    want = exact(spec.gradient.end, *pair) / len(pair[0])
    assert_close(impl.categorical_cross_entropy_grad(*pair), want)


@given(pair=labeled(positive))
def test_loss_of_a_label_is_minus_its_logarithm(impl, pair):
    values = [
        evaluate(spec.one_hot.end, {spec.p: row, spec.c: int(label) + 1})
        for row, label in zip(*pair, strict=True)
    ]
    got = impl.sparse_categorical_cross_entropy(*pair)
    assert_close(got, np.mean(np.array(values, dtype=object)))


@given(pair=beside(rows(magnitude=700.0)))
@example(pair=(np.array([[1000.0, 0.0, -1000.0]]), np.array([[0.0, 0.5, 0.5]])))
@example(pair=(np.array([[-800.0, -801.0]]), np.array([[0.0, 1.0]])))
def test_loss_of_scores_is_the_loss_of_their_softmax(impl, pair):
    want = np.mean(exact(spec.loss_of_scores, *pair))
    # Log-sum-exp and the score of the class are rounded before they are subtracted.
    assert_close(impl.softmax_cross_entropy(*pair), want, scale=size(pair[0]))


@given(pair=beside(rows(magnitude=700.0)))
@example(pair=(np.array([[1000.0, 0.0, -1000.0]]), np.array([[0.0, 1.0, 0.0]])))
def test_gradient_in_the_scores_is_softmax_minus_target(impl, pair):
    z, t = pair
    want = exact(spec.softmax_gradient.end, z, t) / len(z)
    spread = np.ptp(z, axis=-1).max()
    got = impl.softmax_cross_entropy_grad(z, t)
    assert_close(got, want, condition=spread, scale=1 / len(z))


@given(gap=reals(700.0))
@example(gap=40.0)
@example(gap=17.0)
def test_a_confident_and_right_score_keeps_its_small_loss(impl, gap):
    z, t = np.array([[abs(gap), 0.0]]), np.array([[1.0, 0.0]])
    want = np.mean(exact(spec.loss_of_scores, z, t))
    assert_close(impl.softmax_cross_entropy(z, t), want, condition=abs(gap))


@given(gap=reals(700.0))
@example(gap=40.0)
@example(gap=17.0)
def test_a_confident_and_right_score_keeps_its_small_gradient(impl, gap):
    z, t = np.array([[abs(gap), 0.0]]), np.array([[1.0, 0.0]])
    want = exact(spec.softmax_gradient.end, z, t)
    assert_close(impl.softmax_cross_entropy_grad(z, t), want, condition=abs(gap))


@pytest.mark.needs("reduction")
@pytest.mark.parametrize("reduction", ["sum", "none"])
@given(pair=beside(positive))
def test_losses_of_rows_are_added_up_or_left_alone(impl, reduction, pair):
    want = exact(spec.loss, *pair)
    got = impl.categorical_cross_entropy(*pair, reduction=reduction)
    assert_close(got, np.array(want.sum() if reduction == "sum" else want))


@pytest.mark.needs("reduction")
@pytest.mark.parametrize("reduction", ["sum", "none"])
@given(pair=beside(rows(magnitude=30.0)))
def test_losses_of_scores_are_added_up_or_left_alone(impl, reduction, pair):
    want = exact(spec.loss_of_scores, *pair)
    got = impl.softmax_cross_entropy(*pair, reduction=reduction)
    assert_close(got, np.array(want.sum() if reduction == "sum" else want), scale=31.0)


@pytest.mark.needs("reduction")
@pytest.mark.parametrize("reduction", ["sum", "none"])
@given(pair=labeled(positive))
def test_losses_of_labels_are_added_up_or_left_alone(impl, reduction, pair):
    p, classes = pair
    want = exact(spec.loss, p, one_hot(classes, p.shape[1]))
    got = impl.sparse_categorical_cross_entropy(p, classes, reduction=reduction)
    assert_close(got, np.array(want.sum() if reduction == "sum" else want))


@pytest.mark.needs("reduction")
@pytest.mark.parametrize("reduction", ["sum", "none"])
@given(pair=beside(positive))
def test_without_a_mean_the_gradient_is_not_divided(impl, reduction, pair):
    got = impl.categorical_cross_entropy_grad(*pair, reduction=reduction)
    assert_close(got, exact(spec.gradient.end, *pair))


@pytest.mark.needs("reduction")
@pytest.mark.parametrize("reduction", ["sum", "none"])
@given(pair=beside(rows(magnitude=30.0)))
def test_without_a_mean_the_gradient_in_scores_is_not_divided(impl, reduction, pair):
    want = exact(spec.softmax_gradient.end, *pair)
    got = impl.softmax_cross_entropy_grad(*pair, reduction=reduction)
    assert_close(got, want, condition=60.0, scale=1.0)


# ------------------------------------------------------------------------------ laws


@pytest.mark.claim("A3-085")
@given(pair=beside(positive, positive=True))
def test_loss_is_least_where_the_prediction_is_the_target(impl, pair):
    p, t = pair
    values = [evaluate(spec.entropy_below.end, {spec.q: row}) for row in t]
    floor = np.mean(np.array(values, dtype=object))
    assert_close(impl.categorical_cross_entropy(t, t), floor)
    assert impl.categorical_cross_entropy(p, t) >= float(floor) - 1e-14


@given(p=distributions(4), seed=st.integers(0, 999))
def test_a_certain_prediction_of_the_certain_class_costs_nothing(impl, p, seed):
    t = one_hot(np.random.default_rng(seed).integers(0, 4, len(p)), 4)
    assert_equal(impl.categorical_cross_entropy(t, t), 0.0)
    assert impl.categorical_cross_entropy(p / 2 + t / 2, t) >= 0


@given(pair=beside(distributions(4, positive=True)), seed=st.integers(0, 999))
@example(pair=(np.array([[0.999, 5e-4, 3e-4, 2e-4]]), np.eye(1, 4)), seed=3)
def test_the_order_of_rows_and_of_classes_does_not_matter(impl, pair, seed):
    rng = np.random.default_rng(seed)
    samples, classes = rng.permutation(len(pair[0])), rng.permutation(4)
    shuffled = (a[samples][:, classes] for a in pair)
    want = np.asarray(impl.categorical_cross_entropy(*pair))
    assert_close(impl.categorical_cross_entropy(*shuffled), want)


@given(pair=beside(rows(magnitude=300.0)), shift=st.integers(-300, 300))
def test_adding_a_constant_to_the_scores_changes_nothing(impl, pair, shift):
    z, t = np.round(pair[0]), pair[1]
    want = np.asarray(impl.softmax_cross_entropy(z, t))
    assert_close(impl.softmax_cross_entropy(z + shift, t), want, scale=600.0)


@given(z=rows(magnitude=1e4), seed=st.integers(0, 999))
def test_the_gradient_in_the_scores_sums_to_zero(impl, z, seed):
    t = one_hot(np.random.default_rng(seed).integers(0, z.shape[1], len(z)), z.shape[1])
    grad = np.asarray(impl.softmax_cross_entropy_grad(z, t))
    assert (np.abs(grad) <= (1 + 1e-15) / len(z)).all()
    assert_close(grad.sum(axis=-1), np.zeros(len(z)), scale=1 / len(z))


@given(t=positive)
def test_the_gradient_vanishes_where_the_softmax_is_the_target(impl, t):
    got = impl.softmax_cross_entropy_grad(np.log(t), t)
    assert_close(got, np.zeros_like(t), scale=np.abs(np.log(t)).max() / len(t) + 1)


@given(one=rows(n=3, k=4, magnitude=300.0), other=rows(n=3, k=4, magnitude=300.0))
def test_loss_is_convex_in_the_scores(impl, one, other):
    t = np.array([[1.0, 0.0, 0.0, 0.0], [0.25] * 4, [0.5, 0.5, 0.0, 0.0]])
    middle = impl.softmax_cross_entropy((one + other) / 2, t)
    chord = (
        impl.softmax_cross_entropy(one, t) + impl.softmax_cross_entropy(other, t)
    ) / 2
    slack = 16 * np.finfo(np.float64).eps * size(np.stack([one, other]))
    assert middle <= chord + slack


@pytest.mark.contract
@given(pair=beside(distributions(4, n=1, positive=True)))
def test_a_single_row_may_stand_alone(impl, pair):
    p, t = pair
    for name in FROM_PROBABILITIES:
        whole = np.asarray(getattr(impl, name)(p, t))
        assert_equal(getattr(impl, name)(p[0], t[0]), whole.reshape(whole.shape[1:]))


@pytest.mark.contract
@given(pair=labeled(distributions(4, n=1, positive=True)))
def test_a_single_row_may_stand_alone_with_its_label(impl, pair):
    p, classes = pair
    alone = impl.sparse_categorical_cross_entropy(p[0], classes[0])
    assert_equal(alone, impl.sparse_categorical_cross_entropy(p, classes))


@pytest.mark.contract
@given(pair=beside(rows(n=1, k=4, magnitude=30.0)))
def test_a_single_row_of_scores_may_stand_alone(impl, pair):
    z, t = pair
    for name in FROM_LOGITS:
        whole = np.asarray(getattr(impl, name)(z, t))
        assert_equal(getattr(impl, name)(z[0], t[0]), whole.reshape(whole.shape[1:]))


@pytest.mark.parametrize("copies", COPIES)
@pytest.mark.parametrize("name", [FROM_PROBABILITIES[0], FROM_LOGITS[0]])
def test_copies_of_all_classes_cost_the_logarithm_of_their_number(impl, name, copies):
    loss, large = getattr(impl, name), copied(name, copies)
    want = np.asarray(loss(PREDICTED[name], SHARES)) + np.log(copies[1])
    # As many terms are added up, and rounded, as there are entries.
    assert_close(loss(*large), want, condition=large[0].size)


@pytest.mark.parametrize("copies", COPIES)
def test_copies_of_all_classes_cost_a_label_as_much(impl, copies):
    p, labels_ = np.tile(SHARES, copies) / copies[1], np.tile(CLASSES, copies[0])
    small = np.asarray(impl.sparse_categorical_cross_entropy(SHARES, CLASSES))
    got = impl.sparse_categorical_cross_entropy(p, labels_)
    assert_close(got, small + np.log(copies[1]), condition=len(labels_))


@pytest.mark.parametrize("copies", COPIES)
def test_copies_of_a_table_share_its_gradient(impl, copies):
    p, t = copied("categorical_cross_entropy_grad", copies)
    small = impl.categorical_cross_entropy_grad(SHARES[::-1], SHARES)
    # Target over probability: what both are divided by cancels.
    want = np.tile(small, copies) / copies[0]
    assert_close(impl.categorical_cross_entropy_grad(p, t), want)


@pytest.mark.parametrize("copies", COPIES)
def test_copies_of_a_table_of_scores_share_its_gradient(impl, copies):
    z, t = copied("softmax_cross_entropy_grad", copies)
    small = impl.softmax_cross_entropy_grad(SCORES, SHARES)
    want = np.tile(small, copies) / np.prod(copies)
    # As many exponentials are added up as there are columns; misses are differences.
    condition, scale = z.shape[1], np.abs(want).max()
    got = impl.softmax_cross_entropy_grad(z, t)
    assert_close(got, want, condition=condition, scale=scale)


@pytest.mark.needs("float32")
@pytest.mark.parametrize("name", WITH_TARGETS)
def test_single_precision_agrees_with_double(impl, name):
    assert_single_is_double(getattr(impl, name), PREDICTED[name], SHARES)


@pytest.mark.needs("float32")
def test_single_precision_agrees_with_double_for_labels(impl):
    def loss(p):
        return impl.sparse_categorical_cross_entropy(p, CLASSES)

    assert_single_is_double(loss, SHARES)


# --------------------------------------------------------------------- special cases


@pytest.mark.needs("reduction")
def test_impossible_classes_cost_nothing_if_they_do_not_happen(impl):
    p = np.array([[0.0, 1.0], [0.0, 1.0], [0.0, 1.0]])
    t = np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]])
    got = impl.categorical_cross_entropy(p, t, reduction="none")
    assert_equal(got, np.array([0.0, np.inf, np.inf]))
    got = impl.categorical_cross_entropy_grad(p, t, reduction="none")
    assert_equal(got, np.array([[0.0, -1.0], [-np.inf, 0.0], [-np.inf, -0.5]]))


@pytest.mark.parametrize("p", [1e-20, 1e-60, 1e-300])
def test_no_probability_is_clamped(impl, p):
    rows_, t = np.array([[p, 1.0]]), np.array([[1.0, 0.0]])
    want = np.mean(exact(spec.loss, rows_, t))
    assert_close(impl.categorical_cross_entropy(rows_, t), want)


def test_an_impossible_label_costs_everything(impl):
    p = np.array([[0.0, 1.0]])
    assert_equal(impl.sparse_categorical_cross_entropy(p, np.array([0])), np.inf)
    assert_equal(impl.sparse_categorical_cross_entropy(p, np.array([1])), 0.0)


@pytest.mark.contract
@pytest.mark.needs("reduction")
def test_infinite_scores_take_the_limit(impl):
    z = np.array([[-np.inf, 0.0], [-np.inf, 0.0], [np.inf, 0.0], [np.nan, 0.0]])
    t = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    got = impl.softmax_cross_entropy(z, t, reduction="none")
    assert_equal(got, np.array([0.0, np.inf, 0.0, np.nan]))
    got = impl.softmax_cross_entropy_grad(z, t, reduction="none")
    assert_equal(got, np.array([[0.0, 0.0], [-1.0, 1.0], [0.0, 0.0], [np.nan] * 2]))


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A1-123")
def test_ten_sigmoids_are_no_distribution_but_keep_the_order(impl):
    scores = np.asarray(impl.sigmoid(np.array([2.0, 1.0, -3.0])))
    assert abs(scores.sum() - 1.659) < 5e-4
    assert scores.argmax() == 0
    # Once two of them have rounded to 1, the order is lost as well.
    saturated = np.asarray(impl.sigmoid(np.array([40.0, 50.0])))
    assert saturated[0] == saturated[1]


@pytest.mark.claim("A1-124")
def test_scores_that_do_not_sum_to_one_have_no_cross_entropy(impl):
    # Every sigmoid at its ceiling: the raw logarithm is tiny for every label.
    ceiling = float(evaluate(σ(any_real), {any_real: 20.0}))
    scores = np.full((1, 10), ceiling)
    assert (-np.log(scores) < 2.1e-9).all()
    shares = scores / scores.sum(axis=-1, keepdims=True)
    for label in range(10):
        loss = impl.sparse_categorical_cross_entropy(shares, np.array([label]))
        assert_close(loss, np.log(10.0))


@pytest.mark.claim("A1-124")
def test_raw_renormalized_and_softmax_losses_are_three_numbers(impl):
    z = np.array([[2.0, 1.0, -3.0]])
    scores = np.array(evaluate(σ(any_real), {any_real: z}), dtype=np.float64)
    shares = scores / scores.sum(axis=-1, keepdims=True)
    softmax = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
    label = np.array([0])
    assert np.round(-np.log(scores[0, 0]), 4) == 0.1269
    for p, rounded in ((shares, 0.6333), (softmax, 0.3182)):
        loss = impl.sparse_categorical_cross_entropy(p, label)
        assert np.round(loss, 4) == rounded


@pytest.mark.claim("A3-053")
@pytest.mark.needs("reduction")
def test_samples_in_columns_must_be_normalized_along_the_first_axis(impl):
    scores = np.array([[1.0, 3, 2, 4], [1.0, 3, 2, 4], [4.0, 2, 3, 1]])
    over_samples = scores / scores.sum(axis=-1, keepdims=True)
    over_classes = scores / scores.sum(axis=0, keepdims=True)
    assert_close(over_classes.sum(axis=0), np.ones(4))
    assert (np.abs(over_samples.sum(axis=0) - 1) > 0.05).all()
    targets = one_hot(np.array([0, 1, 2, 0]), 3)
    losses = impl.categorical_cross_entropy(over_classes.T, targets, reduction="none")
    assert np.shape(losses) == (4,)
    picked = (over_samples.T * targets).sum(axis=1)
    assert (np.abs(picked - np.exp(-losses)) > 0.01).all()


@pytest.mark.claim("A3-055")
def test_the_loss_leaves_its_arguments_alone(impl):
    # What dividing in place does to the array of whoever called.
    scores = np.array([[2.0, 2.0]])
    scores /= scores.sum(axis=-1, keepdims=True)
    assert_equal(scores, np.array([[0.5, 0.5]]))
    whole = np.array([[2, 2]])
    with pytest.raises(TypeError, match="Cannot cast ufunc 'divide'"):
        whole /= whole.sum(axis=-1, keepdims=True)
    p, t = np.array([[0.25, 0.75]]), np.array([[0.0, 1.0]])
    impl.categorical_cross_entropy(p, t)
    assert_equal(p, np.array([[0.25, 0.75]]))
    assert_equal(t, np.array([[0.0, 1.0]]))


@pytest.mark.claim("A3-056")
def test_a_clip_caps_the_loss_and_charges_perfect_predictions(impl):
    assert np.round(-np.log(1e-7), 3) == 16.118
    wrong = np.array([[1e-10, 1 - 1e-10]])
    assert impl.categorical_cross_entropy(wrong, np.array([[1.0, 0.0]])) > 23.02
    assert -np.log(1 - 1e-7) > 1e-7
    right = np.array([[1.0, 0.0]])
    assert_equal(impl.categorical_cross_entropy(right, right), 0.0)


@pytest.mark.claim("A3-057")
@pytest.mark.needs("reduction")
def test_class_numbers_are_not_targets(impl):
    classes = np.array([0, 1, 2, 0])
    columns = np.array(
        [[0.5, 0.25, 0.25, 0.5], [0.25, 0.5, 0.25, 0.25], [0.25] * 2 + [0.5, 0.25]]
    )
    # Numbers against samples in columns broadcast silently, to one number a class ...
    silent = np.sum(classes * -np.log(columns), axis=-1)
    assert silent.shape == (3,)
    # ... and against samples in rows they do not fit.
    with pytest.raises(ValueError, match="could not be broadcast"):
        classes * -np.log(columns.T)
    losses = impl.sparse_categorical_cross_entropy(columns.T, classes, reduction="none")
    assert_close(losses, np.full(4, np.log(2.0)))


# -------------------------------------------------------------------------- accuracy


@pytest.mark.contract
@pytest.mark.needs("reduction")
@given(pair=beside(rows(magnitude=700.0)))
@example(pair=(np.array([[40.0, 0.0], [50.1, -33.3]]), np.array([[1.0, 0.0]] * 2)))
def test_errors_from_scores_are_within_their_promise(impl, pair):
    got = impl.softmax_cross_entropy(*pair, reduction="none")
    assert_ulps(got, exact(spec.loss_of_scores, *pair), ulps=6)


@pytest.mark.contract
@pytest.mark.needs("reduction")
@given(pair=labeled(rows(magnitude=700.0)))
@example(pair=(np.array([[40.0, 0.0], [50.1, -33.3]]), np.array([0, 1])))
def test_error_of_the_gradient_in_scores_is_within_its_promise(impl, pair):
    z, t = pair[0], one_hot(pair[1], pair[0].shape[1])
    got = impl.softmax_cross_entropy_grad(z, t, reduction="none")
    assert_ulps(got, exact(spec.softmax_gradient.end, z, t), ulps=8)


@pytest.mark.contract
@pytest.mark.needs("reduction")
@given(pair=beside(positive))
def test_errors_from_probabilities_are_within_their_promise(impl, pair):
    got = impl.categorical_cross_entropy(*pair, reduction="none")
    assert_ulps(got, exact(spec.loss, *pair), ulps=4)
    got = impl.categorical_cross_entropy_grad(*pair, reduction="none")
    assert_ulps(got, exact(spec.gradient.end, *pair), ulps=0.5)


@pytest.mark.contract
@pytest.mark.needs("float32", "reduction")
@given(pair=beside(rows(magnitude=80.0)))
def test_float32_is_rounded_once(impl, pair):
    z = pair[0].astype(np.float32)
    t = one_hot(pair[1].argmax(axis=1), z.shape[1])
    got = impl.softmax_cross_entropy(z, t.astype(np.float32), reduction="none")
    assert got.dtype == np.float32
    want = exact(spec.loss_of_scores, z.astype(np.float64), t)
    assert_ulps(got, want, ulps=0.5001)


# -------------------------------------------------------------------- error contract


def second(name):
    """Return a second argument that fits [[0.5, 0.5]]."""
    return np.array([1]) if name == SPARSE else np.array([[0.0, 1.0]])


@pytest.mark.contract
@pytest.mark.parametrize("name", WITH_TARGETS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_is_kept(impl, name, dtype):
    half = np.full((2, 2), 0.5, dtype)
    assert getattr(impl, name)(half, half).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("name", [NAMES[0], NAMES[2], SPARSE])
def test_a_reduced_loss_is_a_numpy_scalar(impl, name):
    fits = second(name)
    fits = fits if name == SPARSE else fits.astype(np.float32)
    loss = getattr(impl, name)(np.full((1, 2), 0.5, np.float32), fits)
    assert isinstance(loss, np.float32)


@pytest.mark.contract
def test_whole_numbers_are_distributions_too(impl):
    assert_equal(impl.categorical_cross_entropy([[0, 1]], [[0, 1]]), 0.0)


@pytest.mark.contract
@pytest.mark.parametrize("name", FROM_LOGITS)
def test_no_finite_score_warns(impl, name):
    largest = np.finfo(np.float64).max
    z = np.array([[largest, -largest], [-largest, largest]])
    getattr(impl, name)(z, np.array([[0.0, 1.0], [0.5, 0.5]]))


@pytest.mark.contract
@pytest.mark.parametrize("name", WITH_TARGETS)
def test_nothing_is_broadcast(impl, name):
    message = r"^shapes must be equal: \w+ \(2, 2\), targets \(2,\)$"
    with pytest.raises(ValueError, match=message):
        getattr(impl, name)(np.full((2, 2), 0.5), np.array([0.5, 0.5]))


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_only_rows_and_tables_of_rows_are_taken(impl, name):
    message = r"^(probabilities|logits) must have 1 or 2 axes, got shape \(1, 1, 1\)$"
    with pytest.raises(ValueError, match=message):
        getattr(impl, name)(np.ones((1, 1, 1)), np.ones((1, 1, 1), dtype=int))


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_no_classes_are_no_distribution(impl, name):
    message = (
        r"^(probabilities|logits) has no entries along axis -1; its shape is \(0, 0\)$"
    )
    fits = np.zeros(0, dtype=int) if name == SPARSE else np.zeros((0, 0))
    with pytest.raises(ValueError, match=message):
        getattr(impl, name)(np.zeros((0, 0)), fits)


@pytest.mark.contract
@pytest.mark.parametrize("name", WITH_TARGETS)
def test_targets_that_do_not_sum_to_one_are_named(impl, name):
    message = r"^each row of targets must sum to 1, got a row that sums to 0\.75$"
    with pytest.raises(ValueError, match=message):
        getattr(impl, name)([[0.5, 0.5]], [[0.5, 0.25]])


@pytest.mark.contract
@pytest.mark.parametrize("name", [*FROM_PROBABILITIES, SPARSE])
def test_probabilities_that_do_not_sum_to_one_are_named(impl, name):
    message = r"^each row of probabilities must sum to 1, got a row that sums to 1\.25$"
    with pytest.raises(ValueError, match=message):
        getattr(impl, name)([[0.5, 0.75]], second(name))


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_a_sum_may_be_off_by_rounding_but_not_by_more(impl, name):
    fits = second(name)
    getattr(impl, name)([[0.5, 0.5 + 1.9e-6]], fits)
    if name not in FROM_LOGITS:
        with pytest.raises(
            ValueError, match=r"^each row of probabilities must sum to 1"
        ):
            getattr(impl, name)([[0.5, 0.5 + 2.1e-6]], fits)


@pytest.mark.contract
def test_three_equal_shares_in_float16_are_a_distribution(impl):
    thirds = np.full((1, 3), 1 / 3, dtype=np.float16)  # they sum to 0.99976
    got = impl.categorical_cross_entropy(thirds, thirds)
    assert_close(np.array([got]), np.array([np.log(3.0)], dtype=np.float16), ulps=4)
    message = r"^each row of probabilities must sum to 1"
    with pytest.raises(ValueError, match=message):
        impl.categorical_cross_entropy(thirds * np.float16(0.98), thirds)


@pytest.mark.contract
@pytest.mark.parametrize("wrong", [-1, 2])
def test_a_label_out_of_range_is_named(impl, wrong):
    message = rf"^labels must lie in \[0, 2\), got {wrong}$"
    with pytest.raises(ValueError, match=message):
        impl.sparse_categorical_cross_entropy([[0.5, 0.5]] * 3, [0, wrong, 1])


@pytest.mark.contract
def test_labels_are_whole_numbers_one_a_row(impl):
    with pytest.raises(TypeError, match=r"^labels must hold integers, got dtype float"):
        impl.sparse_categorical_cross_entropy([[0.5, 0.5]], [1.0])
    message = r"^labels must have shape \(3,\), one a row, got \(2,\)$"
    with pytest.raises(ValueError, match=message):
        impl.sparse_categorical_cross_entropy([[0.5, 0.5]] * 3, [0, 1])


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_no_rows_have_no_mean(impl, name):
    message = r"^(probabilities|logits) must not be empty, got shape \(0, 2\)$"
    fits = np.zeros(0, dtype=int) if name == SPARSE else np.zeros((0, 2))
    with pytest.raises(ValueError, match=message):
        getattr(impl, name)(np.zeros((0, 2)), fits)


@pytest.mark.contract
@pytest.mark.needs("reduction")
@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_reduction_is_named(impl, name):
    message = r"^reduction must be one of 'mean', 'sum', 'none'; got 'all'$"
    with pytest.raises(ValueError, match=message):
        getattr(impl, name)([[0.5, 0.5]], second(name), reduction="all")


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_a_real_number_is_named(impl, name):
    message = r"^(probabilities|logits) must hold real numbers .* got dtype <U1$"
    with pytest.raises(TypeError, match=message):
        getattr(impl, name)([["a", "b"]], second(name))
