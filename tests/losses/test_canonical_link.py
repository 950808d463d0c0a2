"""canonical links: three log-partition functions, three gradients, one theorem."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.activations.softplus import softplus
from derivations.activations.softplus import x as any_real
from derivations.engine import evaluate
from derivations.losses import canonical_link as spec
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.strategies import distributions, rows, vectors
from reference.conformance.tables import (
    COPIES,
    SCORES,
    SHARES,
    assert_single_is_double,
)

LINKS = ("identity", "sigmoid", "softmax")
NAMES = ("log_partition", "canonical_loss_grad")


def exact_partition(z, link):
    """Return A for every row of scores, straight from its definition, 50 digits."""
    if link == "softmax":
        # One outcome a score, each of weight 1: T is the identity matrix.
        k = z.shape[1]
        values = {spec.T: np.eye(k), spec.h: np.ones(k)}
        return np.array(
            [evaluate(spec.log(spec.partition), {spec.z: row, **values}) for row in z],
            dtype=object,
        )
    if link == "sigmoid":
        return evaluate(softplus(any_real), {any_real: z}).sum(axis=1)
    return evaluate(spec.score**2 / 2, {spec.score: z}).sum(axis=1)


def exact_gradient(z, y, link):
    """Return prediction minus truth from the corollary of one link, 50 digits."""
    if link == "softmax":
        pairs = zip(z, y, strict=True)
        entries = [
            [
                evaluate(spec.softmax.end, {spec.z: row, spec.y: t, spec.l: place + 1})
                for place in range(len(row))
            ]
            for row, t in pairs
        ]
        return np.array(entries, dtype=object).reshape(z.shape)
    end = spec.sigmoid.end if link == "sigmoid" else spec.identity.end
    return evaluate(end, {spec.score: z, spec.target: y})


def pairs(link, *, magnitude=700.0):
    """Draw rows of scores beside targets that the link could predict."""

    def beside(z):
        targets = distributions(z.shape[1], n=z.shape[0])
        return st.tuples(st.just(z), targets)

    return rows(magnitude=magnitude).flatmap(beside)


def spread(z, link):
    """Return how many units of its last place an exponential of the scores may lose."""
    if link == "identity":
        return 0.0
    return np.ptp(z) if link == "softmax" else np.abs(z).max()


# ------------------------------------------------------ agreement with the derivation


@pytest.mark.parametrize("link", LINKS)
@given(z=rows(magnitude=700.0))
@example(z=np.array([[1000.0, 0.0, -1000.0], [-800.0, -801.0, -802.0]]))
def test_log_partition_is_the_logarithm_of_all_weights(impl, link, z):
    got = impl.log_partition(z, link=link)
    # A log-sum-exp may cancel; the other two are sums of terms of one sign.
    size = 1 + np.abs(z).max() if link == "softmax" else 0.0
    condition = spread(z, link) + z.shape[1]
    assert_close(got, exact_partition(z, link), condition=condition, scale=size)


@pytest.mark.parametrize("link", LINKS)
@given(data=st.data())
def test_gradient_is_prediction_minus_truth(impl, link, data):
    z, y = data.draw(pairs(link))
    got = impl.canonical_loss_grad(z, y, link=link, reduction="none")
    want = exact_gradient(z, y, link)
    size = np.abs(z) + np.abs(y) if link == "identity" else 1.0
    assert_close(got, want, condition=spread(z, link), scale=size)


@pytest.mark.parametrize("link", ["sigmoid", "softmax"])
@pytest.mark.parametrize("gap", [17.0, 40.0, 700.0])
def test_a_confident_and_right_row_keeps_its_small_gradient(impl, link, gap):
    # Of the softmax's two classes the second has score 0, of the sigmoid's two
    # outcomes the second has none: the small gradient is the same.
    z, y = np.array([[gap, 0.0]]), np.array([[1.0, 0.0]])
    if link == "sigmoid":
        z, y = z[:, :1], y[:, :1]
    got = impl.canonical_loss_grad(z, y, link=link)
    assert_close(got, exact_gradient(z, y, link), condition=gap)


# ------------------------------------------------------------------------------ laws


@pytest.mark.parametrize("link", LINKS)
@given(z=rows(n=1, k=3, magnitude=8.0))
def test_prediction_is_the_slope_of_the_log_partition_function(impl, link, z):
    # With target 0 the gradient is the prediction itself, but for the softmax, whose
    # target is a distribution: there it is added back.
    step = 2.0**-10
    z = np.round(z * 2**20) / 2**20  # z + step and z - step are exact
    around = np.concatenate([z + step * np.eye(3), z - step * np.eye(3)])
    high, low = np.split(np.asarray(impl.log_partition(around, link=link)), 2)
    slopes = (high - low) / (2 * step)
    predictions = exact_gradient(z, np.zeros_like(z), link)[0].astype(np.float64)
    # A central difference is off by step^2 / 6 times the third derivative, which is
    # below 1/8 for all three, and by the rounding of two values over the step.
    size = 1 + np.abs(high).max()
    allowed = step**2 / 48 + 64 * np.finfo(np.float64).eps * size / step
    assert (np.abs(slopes - predictions) <= allowed).all()


@pytest.mark.parametrize("link", LINKS)
@given(x=rows(n=2, k=3, magnitude=30.0))
def test_a_chord_never_runs_below_the_log_partition_function(impl, link, x):
    ends = np.asarray(impl.log_partition(x, link=link))
    middle = impl.log_partition(x.mean(axis=0, keepdims=True), link=link)[0]
    slack = 64 * np.finfo(np.float64).eps * (1 + np.abs(ends).max() + np.abs(x).max())
    assert middle <= ends.mean() + slack


@pytest.mark.parametrize("link", LINKS)
@given(data=st.data())
def test_mean_divides_the_sum_by_the_number_of_rows(impl, link, data):
    z, y = data.draw(pairs(link, magnitude=30.0))
    each = np.asarray(impl.canonical_loss_grad(z, y, link=link, reduction="none"))
    total = impl.canonical_loss_grad(z, y, link=link, reduction="sum")
    assert_close(total, each, condition=spread(z, link))
    mean = impl.canonical_loss_grad(z, y, link=link)
    assert_close(mean, each / len(z), condition=spread(z, link))


@pytest.mark.parametrize("link", LINKS)
@given(y=distributions(positive=True))
def test_gradient_vanishes_where_the_prediction_is_the_truth(impl, link, y):
    y = y * (1 - 2.0**-20) if link == "sigmoid" else y
    logit = np.log(y) - (np.log1p(-y) if link == "sigmoid" else 0)
    z = y if link == "identity" else logit
    got = impl.canonical_loss_grad(z, y, link=link)
    # The scores are rounded at their own size.
    assert_close(got, np.zeros_like(y), scale=1 + np.abs(z).max())


@given(z=rows(magnitude=30.0))
def test_softmax_scores_may_be_moved_together(impl, z):
    z, shift = np.round(z * 2**20) / 2**20, 8.0
    moved = impl.log_partition(z + shift, link="softmax")
    want = np.asarray(impl.log_partition(z, link="softmax")) + shift
    assert_close(moved, want, scale=shift + np.abs(z).max())


@pytest.mark.claim("A0-032")
@pytest.mark.parametrize("link", LINKS)
@given(x=vectors(k=3, magnitude=3.0), w=vectors(k=2, magnitude=3.0))
def test_a_weight_gets_each_miss_times_its_input(impl, link, x, w):
    # One feature, two outputs; the truth is the first output for every sample.
    step = 2.0**-16
    x, w = np.round(x / step) * step, np.round(w / step) * step  # products are exact
    truth = np.array([[1.0, 0.0]] * 3)

    def loss(first):
        scores = np.outer(x, [first, w[1]])
        seen = np.array([Fraction(score) for score in scores[:, 0]])
        return (exact_partition(scores, link) - seen).mean()  # a float would round it

    misses = np.asarray(impl.canonical_loss_grad(np.outer(x, w), truth, link=link))
    want = float((loss(w[0] + step) - loss(w[0] - step)) / (2 * step))
    # A central difference is off by step^2 / 6 times the third derivative, at most
    # |x|^3 / 8; the misses are rounded at their own size and at that of the scores.
    allowed = step**2 + 64 * np.finfo(np.float64).eps * (1 + np.abs(w).max()) * 9
    assert abs(misses[:, 0] @ x - want) <= allowed


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("copies", COPIES)
def test_copies_of_all_scores_add_up(impl, link, copies):
    across, large = copies[1], np.tile(SCORES, copies)
    small = np.tile(impl.log_partition(SCORES, link=link), copies[0])
    # Copies of an outcome multiply the sum of all weights, those of a score are added.
    want = small + np.log(across) if link == "softmax" else small * across
    # As many terms are added up, and rounded, as there are columns.
    got = impl.log_partition(large, link=link)
    assert_close(got, want, condition=large.shape[1])


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("copies", COPIES)
def test_copies_of_a_table_share_its_gradient(impl, link, copies):
    across = copies[1] if link == "softmax" else 1  # copies of a class share alike
    z, y = np.tile(SCORES, copies), np.tile(SHARES, copies) / across
    small = impl.canonical_loss_grad(SCORES, SHARES, link=link)
    want = np.tile(small, copies) / (copies[0] * across)
    # Prediction and truth are subtracted; a softmax adds up as many as columns.
    got = impl.canonical_loss_grad(z, y, link=link)
    assert_close(got, want, condition=z.shape[1], scale=np.abs(want).max())


@pytest.mark.needs("float32")
@pytest.mark.parametrize("link", LINKS)
def test_single_precision_agrees_with_double(impl, link):
    def gradient(z, y):
        return impl.canonical_loss_grad(z, y, link=link)

    assert_single_is_double(gradient, SCORES, SHARES)


@pytest.mark.needs("float32")
@pytest.mark.parametrize("link", LINKS)
def test_single_precision_log_partition_agrees_with_double(impl, link):
    assert_single_is_double(lambda z: impl.log_partition(z, link=link), SCORES)


def test_squared_error_of_a_sigmoid_keeps_a_factor(impl):
    z, y = np.array([[-6.0]]), np.array([[1.0]])
    canonical = impl.canonical_loss_grad(z, y, link="sigmoid")[0, 0]
    p = 1 / (1 + np.exp(6.0))
    mismatched = (p - 1) * p * (1 - p)
    assert_close(canonical, p - 1, ulps=16)
    assert abs(mismatched) < abs(canonical) / 400


# --------------------------------------------------------------------- special cases


@pytest.mark.contract
@pytest.mark.parametrize("link", LINKS)
def test_one_row_may_be_flat(impl, link):
    z, y = np.array([0.5, -1.0]), np.array([0.25, 0.75])
    flat = impl.canonical_loss_grad(z, y, link=link)
    assert_equal(flat, impl.canonical_loss_grad(z[None], y[None], link=link)[0])
    assert impl.log_partition(z, link=link) == impl.log_partition(z[None], link=link)[0]


@pytest.mark.contract
@pytest.mark.parametrize("link", LINKS)
def test_no_rows_have_no_log_partition(impl, link):
    assert impl.log_partition(np.zeros((0, 3)), link=link).shape == (0,)


@pytest.mark.contract
def test_a_square_that_does_not_fit_is_infinite(impl):
    assert impl.log_partition([1e200], link="identity") == np.inf


# -------------------------------------------------------------------------- accuracy


@pytest.mark.contract
@pytest.mark.parametrize("link", LINKS)
@given(data=st.data())
def test_gradient_is_within_eight_ulp_for_one_hot_targets(impl, link, data):
    z = data.draw(rows(magnitude=700.0))
    y = np.eye(z.shape[1])[[0] * len(z)]
    got = impl.canonical_loss_grad(z, y, link=link, reduction="none")
    assert_ulps(got, exact_gradient(z, y, link), ulps=8)


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("link", LINKS)
def test_dtype_is_kept(impl, link, dtype):
    z, y = np.zeros((2, 2), dtype), np.full((2, 2), 0.5, dtype)
    assert impl.canonical_loss_grad(z, y, link=link).dtype == dtype
    assert impl.log_partition(z, link=link).dtype == dtype


@pytest.mark.contract
def test_an_unknown_link_is_named(impl):
    message = r"^link must be one of 'identity', 'sigmoid', 'softmax'; got 'probit'$"
    with pytest.raises(ValueError, match=message):
        impl.canonical_loss_grad([0.0], [0.0], link="probit")
    with pytest.raises(ValueError, match=message):
        impl.log_partition([0.0], link="probit")
    with pytest.raises(TypeError, match=r"^link must be a string, got None$"):
        impl.log_partition([0.0], link=None)


@pytest.mark.contract
def test_targets_that_the_link_cannot_predict_are_named(impl):
    with pytest.raises(ValueError, match=r"^targets must lie in \[0, 1\], got 1\.5$"):
        impl.canonical_loss_grad([0.0], [1.5], link="sigmoid")
    with pytest.raises(ValueError, match=r"^each row of targets must sum to 1, got a"):
        impl.canonical_loss_grad([0.0, 0.0], [0.5, 0.25], link="softmax")


@pytest.mark.contract
def test_bad_shapes_are_named(impl):
    with pytest.raises(ValueError, match=r"^shapes must be equal: scores \(2,\), targ"):
        impl.canonical_loss_grad([0.0, 1.0], [1.0], link="identity")
    with pytest.raises(ValueError, match=r"^scores must have 1 or 2 axes, got shape "):
        impl.log_partition(np.zeros((1, 1, 1)), link="identity")
    with pytest.raises(ValueError, match=r"^scores has no entries along axis -1; its"):
        impl.log_partition(np.zeros((2, 0)), link="softmax")
    empty = np.zeros((0, 2))
    with pytest.raises(ValueError, match=r"^scores must not be empty, got shape \(0, "):
        impl.canonical_loss_grad(empty, empty, link="identity")


@pytest.mark.contract
def test_an_unknown_reduction_is_named(impl):
    with pytest.raises(ValueError, match=r"^reduction must be one of .* got 'median'$"):
        impl.canonical_loss_grad([0.0], [0.0], link="identity", reduction="median")


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_a_real_number_is_named(impl, name):
    arguments = (["a"],) if name == "log_partition" else (["a"], [0.0])
    with pytest.raises(TypeError, match=r"^scores must hold real numbers .* got dtype"):
        getattr(impl, name)(*arguments, link="identity")
