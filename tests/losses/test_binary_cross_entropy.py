"""binary cross-entropy: from probabilities and from logits, value and gradient.

Longer than most, because four functions share one page.
"""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from derivations.engine import evaluate
from derivations.losses import binary_cross_entropy as spec
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.strategies import probabilities, reals, rows, vectors
from reference.conformance.tables import (
    COPIES,
    SCORES,
    SHARES,
    assert_single_is_double,
)

FROM_PROBABILITIES = ("binary_cross_entropy", "binary_cross_entropy_grad")
FROM_LOGITS = (
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_grad",
)
NAMES = FROM_PROBABILITIES + FROM_LOGITS
PREDICTED = {
    **dict.fromkeys(FROM_PROBABILITIES, SHARES[::-1]),
    **dict.fromkeys(FROM_LOGITS, SCORES),
}


def exact(expression, first, targets):
    """Return the expression of probability or logit, and target, entry by entry."""
    symbol = spec.p if spec.p in expression.free_symbols else spec.z
    return np.array(evaluate(expression, {symbol: first, spec.y: targets}))


def paired(first, *, soft=True):
    """Pair arrays with targets of the same shape: classes, or numbers in [0, 1]."""
    classes = st.sampled_from([0.0, 1.0])
    anything = classes | st.floats(0.0, 1.0).map(lambda y: round(y, 3))

    def with_targets(array):
        elements = anything if soft else classes
        targets = hnp.arrays(np.float64, array.shape, elements=elements)
        return st.tuples(st.just(array), targets)

    return first.flatmap(with_targets)


def entropy(y):
    """Return the entropy of targets strictly between 0 and 1."""
    return np.array(evaluate(spec.entropy_below.end, {spec.q: y}), dtype=np.float64)


def fractions(p, y):
    """Return the size of y/p and (1 - y)/(1 - p), of which the gradient may be made."""
    return y / p + (1 - y) / (1 - p)


inside = probabilities(open_ended=True, smallest=1e-30)
ordinary = inside.map(lambda p: np.clip(p, 1e-9, 1 - 1e-9))

# ------------------------------------------------------ agreement with the derivation


@given(pair=paired(inside))
@example(pair=(np.array([1e-20, 1 - 2**-53]), np.array([0.0, 1.0])))
def test_loss_is_the_negative_log_likelihood_of_a_coin(impl, pair):
    want = exact(spec.likelihood.end, *pair)
    # 1 - p is formed at size 1, and its logarithm is off by as much.
    assert_close(impl.binary_cross_entropy(*pair), np.mean(want), scale=1.0)


@given(pair=paired(ordinary))
def test_gradient_is_the_miss_over_the_variance(impl, pair):
    p, y = pair
    want = exact(spec.gradient.end, p, y) / p.size
    got = impl.binary_cross_entropy_grad(p, y)
    assert_close(got, want, scale=fractions(p, y), condition=p / (1 - p))


@given(p=st.floats(1e-30, 1e-9), target=st.sampled_from([0.0, 1.0]))
@example(p=1e-20, target=1.0)
@example(p=1e-20, target=0.0)
def test_gradient_of_a_tiny_probability_is_the_same_fraction(impl, p, target):
    p, y = np.array([p]), np.array([target])
    want = exact(spec.gradient.end, p, y)
    assert_close(impl.binary_cross_entropy_grad(p, y), want)


@given(pair=paired(vectors(magnitude=700.0)))
@example(pair=(np.array([-800.0, 800.0]), np.array([1.0, 0.0])))
@example(pair=(np.array([0.0, 0.0]), np.array([0.0, 0.5])))
def test_loss_of_logits_is_the_loss_of_their_sigmoids(impl, pair):
    want = exact(spec.with_logits.start, *pair)
    # max(z, 0) - yz + log(1 + e^-|z|) rounds at the size of the logit.
    size = 1 + np.abs(pair[0]).max()
    got = impl.binary_cross_entropy_with_logits(*pair)
    assert_close(got, np.mean(want), scale=size)


@given(pair=paired(vectors(magnitude=700.0)))
@example(pair=(np.array([-800.0, 800.0]), np.array([1.0, 0.0])))
def test_gradient_in_the_logits_is_sigmoid_minus_target(impl, pair):
    want = exact(spec.logit_gradient.end, *pair) / pair[0].size
    got = impl.binary_cross_entropy_with_logits_grad(*pair)
    assert_close(got, want, scale=1 / pair[0].size)


@given(logit=reals(700.0), target=st.sampled_from([0.0, 1.0]))
@example(logit=-40.0, target=0.0)
@example(logit=40.0, target=1.0)
@example(logit=-17.0, target=0.0)
def test_a_confident_and_right_logit_keeps_its_small_loss(impl, logit, target):
    z = np.array([abs(logit) if target else -abs(logit)])
    want = exact(spec.with_logits.start, z, np.array([target]))
    got = impl.binary_cross_entropy_with_logits(z, np.array([target]))
    assert_close(got, np.mean(want), condition=abs(logit))


@given(logit=reals(700.0), target=st.sampled_from([0.0, 1.0]))
@example(logit=40.0, target=1.0)
@example(logit=-40.0, target=0.0)
@example(logit=17.0, target=1.0)
def test_a_confident_and_right_logit_keeps_its_small_gradient(impl, logit, target):
    z = np.array([abs(logit) if target else -abs(logit)])
    want = exact(spec.logit_gradient.end, z, np.array([target]))
    got = impl.binary_cross_entropy_with_logits_grad(z, np.array([target]))
    assert_close(got, want, condition=abs(logit))


@pytest.mark.needs("reduction")
@pytest.mark.parametrize("reduction", ["sum", "none"])
@given(pair=paired(inside))
def test_losses_are_added_up_or_left_alone(impl, reduction, pair):
    want = exact(spec.likelihood.end, *pair)
    got = impl.binary_cross_entropy(*pair, reduction=reduction)
    total = want.sum() if reduction == "sum" else want
    assert_close(got, np.array(total), scale=1.0)


@pytest.mark.needs("reduction")
@pytest.mark.parametrize("reduction", ["sum", "none"])
@given(pair=paired(vectors(magnitude=30.0)))
def test_losses_of_logits_are_added_up_or_left_alone(impl, reduction, pair):
    want = exact(spec.with_logits.start, *pair)
    got = impl.binary_cross_entropy_with_logits(*pair, reduction=reduction)
    total = want.sum() if reduction == "sum" else want
    assert_close(got, np.array(total), scale=31.0)


@pytest.mark.needs("reduction")
@pytest.mark.parametrize("reduction", ["sum", "none"])
@given(pair=paired(ordinary))
def test_without_a_mean_the_gradient_is_not_divided(impl, reduction, pair):
    p, y = pair
    want = exact(spec.gradient.end, p, y)
    got = impl.binary_cross_entropy_grad(p, y, reduction=reduction)
    assert_close(got, want, scale=fractions(p, y), condition=p / (1 - p))


@pytest.mark.needs("reduction")
@pytest.mark.parametrize("reduction", ["sum", "none"])
@given(pair=paired(vectors(magnitude=30.0)))
def test_without_a_mean_the_gradient_in_logits_is_not_divided(impl, reduction, pair):
    got = impl.binary_cross_entropy_with_logits_grad(*pair, reduction=reduction)
    assert_close(got, exact(spec.logit_gradient.end, *pair), scale=1.0)


# ------------------------------------------------------------------------------ laws


@given(y=inside, guess=inside)
@example(y=np.array([0.25]), guess=np.array([0.25]))
def test_loss_is_least_where_the_prediction_is_the_target(impl, y, guess):
    guess = np.resize(guess, y.shape)
    floor = entropy(y).mean()
    assert_close(impl.binary_cross_entropy(y, y), floor, scale=1.0)
    assert impl.binary_cross_entropy(guess, y) >= floor - 1e-14


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_a_certain_and_right_prediction_costs_nothing(impl, label):
    y = np.array([label])
    assert_equal(impl.binary_cross_entropy(y, y), 0.0)


@given(pair=paired(probabilities(shape=3, smallest=2.0**-40, open_ended=True)))
def test_classes_may_change_places(impl, pair):
    p, y = (np.round(a * 2**20) / 2**20 for a in pair)  # 1 - p is exact
    p = np.clip(p, 2**-20, 1 - 2**-20)
    mirrored = impl.binary_cross_entropy(1 - p, 1 - y)
    assert_close(mirrored, np.asarray(impl.binary_cross_entropy(p, y)), scale=1.0)


@given(pair=paired(vectors(magnitude=700.0)))
def test_classes_of_logits_may_change_places(impl, pair):
    z, y = pair
    y = np.round(y * 2**10) / 2**10
    mirrored = impl.binary_cross_entropy_with_logits(-z, 1 - y)
    want = np.asarray(impl.binary_cross_entropy_with_logits(z, y))
    assert_close(mirrored, want, scale=1 + np.abs(z).max())


@given(pair=paired(vectors(magnitude=1e4)))
def test_loss_of_logits_is_never_negative(impl, pair):
    z, y = pair
    # A formula that subtracts yz may miss zero by the rounding of a logit.
    slack = 4 * np.finfo(np.float64).eps * np.abs(z).max()
    assert impl.binary_cross_entropy_with_logits(z, y) >= -slack


@given(z=vectors(k=3, magnitude=700.0), shares=vectors(k=3, magnitude=1.0))
def test_loss_of_logits_is_linear_in_the_target(impl, z, shares):
    y = np.abs(shares)
    ends = [
        np.asarray(impl.binary_cross_entropy_with_logits(z[i : i + 1], np.full(1, end)))
        for i in range(3)
        for end in (0.0, 1.0)
    ]
    no, yes = np.array(ends[::2]), np.array(ends[1::2])
    want = np.mean((1 - y) * no + y * yes)
    got = impl.binary_cross_entropy_with_logits(z, y)
    assert_close(got, want, scale=1 + np.abs(z).max())


@given(one=vectors(k=3, magnitude=700.0), other=vectors(k=3, magnitude=700.0))
def test_loss_is_convex_in_the_logits(impl, one, other):
    y = np.array([0.0, 0.5, 1.0])
    middle = impl.binary_cross_entropy_with_logits((one + other) / 2, y)
    chord = (
        impl.binary_cross_entropy_with_logits(one, y)
        + impl.binary_cross_entropy_with_logits(other, y)
    ) / 2
    slack = 8 * np.finfo(np.float64).eps * (1 + np.abs(np.stack([one, other])).max())
    assert middle <= chord + slack


@given(pair=paired(vectors(magnitude=1e4)))
def test_gradient_in_the_logits_never_exceeds_one(impl, pair):
    grad = np.asarray(impl.binary_cross_entropy_with_logits_grad(*pair))
    assert (np.abs(grad) <= 1 / grad.size).all()


@given(pair=paired(vectors(magnitude=30.0)), seed=st.integers(0, 999))
def test_order_does_not_matter(impl, pair, seed):
    order = np.random.default_rng(seed).permutation(pair[0].size)
    shuffled = (a[order] for a in pair)
    want = np.asarray(impl.binary_cross_entropy_with_logits(*pair))
    assert_close(impl.binary_cross_entropy_with_logits(*shuffled), want, scale=31.0)


@pytest.mark.parametrize("copies", COPIES)
@pytest.mark.parametrize("name", [FROM_PROBABILITIES[0], FROM_LOGITS[0]])
def test_copies_of_a_table_have_its_loss(impl, name, copies):
    loss, small = getattr(impl, name), (PREDICTED[name], SHARES)
    large = [np.tile(table, copies) for table in small]
    # As many losses are added up, and rounded, as there are entries.
    assert_close(loss(*large), np.asarray(loss(*small)), condition=large[0].size)


@pytest.mark.parametrize("copies", COPIES)
@pytest.mark.parametrize("name", [FROM_PROBABILITIES[1], FROM_LOGITS[1]])
def test_copies_of_a_table_share_its_gradient(impl, name, copies):
    gradient, small = getattr(impl, name), (PREDICTED[name], SHARES)
    large = [np.tile(table, copies) for table in small]
    want = np.tile(gradient(*small), copies) / np.prod(copies)
    # Prediction and target are subtracted; all misses are of about one size.
    assert_close(gradient(*large), want, scale=np.abs(want).max())


@pytest.mark.needs("float32")
@pytest.mark.parametrize("name", NAMES)
def test_single_precision_agrees_with_double(impl, name):
    assert_single_is_double(getattr(impl, name), PREDICTED[name], SHARES)


# ------------------------------------------------------------------- through a model


@given(start=reals(30.0))
@example(start=0.0)
@example(start=30.0)
@example(start=-30.0)
def test_descent_arrives_at_one_weight_from_everywhere(impl, start):
    # Three of four samples speak for a positive weight: σ(w) = 3/4 is best.
    x, y = np.array([-1.0, 1.0, 1.0, 1.0]), np.array([0.0, 1.0, 1.0, 0.0])
    w = start
    for _ in range(60):  # at least 1 a step from afar, then a quarter of the error
        w -= 4 * (x @ np.asarray(impl.binary_cross_entropy_with_logits_grad(w * x, y)))
    assert_close(w, np.log(3.0), condition=8.0)


@pytest.mark.claim("A0-032")
@given(
    X=rows(n=3, k=2, magnitude=10.0),
    w=vectors(k=2, magnitude=10.0),
    y=hnp.arrays(np.float64, 3, elements=st.sampled_from([0.0, 0.25, 1.0])),
)
def test_weights_need_only_the_input_and_the_miss(impl, X, w, y):
    known = {spec.X: X, spec.w: w, spec.b: 0.5, spec.t: y}
    want = evaluate(spec.weight_gradient.end, known)
    z = X @ w + 0.5
    got = X.T @ np.asarray(impl.binary_cross_entropy_with_logits_grad(z, y))
    # A score is rounded at the size of its terms; the slope of σ is at most 1/4.
    size = (1 + np.abs(X) @ np.abs(w)).max()
    assert_close(got, want, scale=size * np.abs(X).sum(axis=0))


@pytest.mark.claim("A0-032")
def test_without_its_sigmoid_the_slope_does_not_cancel(impl):
    # Arctangent as the link: at z = 0 and at z = 1 the gradient is not p - y.
    for z in (0.0, 1.0):
        p = np.array([0.5 + np.arctan(z) / np.pi])
        slope = 1 / (np.pi * (1 + z * z))
        got = np.asarray(impl.binary_cross_entropy_grad(p, np.ones(1))) * slope
        assert abs(got - (p - 1)) > 0.03


# --------------------------------------------------------------------- special cases


@pytest.mark.contract
@pytest.mark.needs("reduction")
def test_certain_predictions_cost_nothing_or_everything(impl):
    p = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0, -0.0, np.nan])
    y = np.array([0.0, 1.0, 0.5, 1.0, 0.0, 0.5, 0.0, 0.0])
    got = impl.binary_cross_entropy(p, y, reduction="none")
    assert_equal(got, np.array([0.0, np.inf, np.inf, 0.0, np.inf, np.inf, 0.0, np.nan]))
    got = impl.binary_cross_entropy_grad(p, y, reduction="none")
    inf = np.inf
    assert_equal(got, np.array([1.0, -inf, -inf, -1.0, inf, inf, 1.0, np.nan]))


@pytest.mark.contract
@pytest.mark.needs("reduction")
def test_infinite_logits_take_the_limit(impl):
    z = np.array([np.inf, np.inf, np.inf, -np.inf, -np.inf, -np.inf, np.nan])
    y = np.array([1.0, 0.0, 0.5, 0.0, 1.0, 0.5, 1.0])
    inf, nan = np.inf, np.nan
    got = impl.binary_cross_entropy_with_logits(z, y, reduction="none")
    assert_equal(got, np.array([0.0, inf, inf, 0.0, inf, inf, nan]))
    got = impl.binary_cross_entropy_with_logits_grad(z, y, reduction="none")
    assert_equal(got, np.array([0.0, 1.0, 0.5, 0.0, -1.0, -0.5, nan]))


@pytest.mark.parametrize("p", [1e-20, 1e-60, 1e-300])
def test_no_probability_is_clamped(impl, p):
    p = np.array([p])
    for y in (np.ones(1), np.zeros(1)):
        want = np.mean(exact(spec.likelihood.end, p, y))
        assert_close(impl.binary_cross_entropy(p, y), want)


# -------------------------------------------------------------------------- accuracy


@pytest.mark.contract
@pytest.mark.needs("reduction")
@given(pair=paired(probabilities(open_ended=True)))
@example(pair=(np.array([1e-20, 1 - 2**-53, 0.5]), np.array([0.0, 1.0, 0.5])))
def test_errors_from_probabilities_are_within_their_promise(impl, pair):
    got = impl.binary_cross_entropy(*pair, reduction="none")
    assert_ulps(got, exact(spec.likelihood.end, *pair), ulps=3)
    got = impl.binary_cross_entropy_grad(*pair, reduction="none")
    assert_ulps(got, exact(spec.gradient.end, *pair), ulps=3)


@pytest.mark.contract
@pytest.mark.needs("reduction")
@given(pair=paired(vectors(magnitude=745.0)))
@example(pair=(np.array([-40.0, 40.0, 36.75]), np.array([0.0, 1.0, 1.0])))
def test_error_from_logits_is_within_its_promise(impl, pair):
    got = impl.binary_cross_entropy_with_logits(*pair, reduction="none")
    assert_ulps(got, exact(spec.with_logits.start, *pair), ulps=3)


@pytest.mark.contract
@pytest.mark.needs("reduction")
@given(pair=paired(vectors(magnitude=745.0), soft=False))
@example(pair=(np.array([-40.0, 40.0, 36.75]), np.array([0.0, 1.0, 1.0])))
def test_error_of_the_gradient_in_logits_is_within_its_promise(impl, pair):
    got = impl.binary_cross_entropy_with_logits_grad(*pair, reduction="none")
    assert_ulps(got, exact(spec.logit_gradient.end, *pair), ulps=3)


@pytest.mark.contract
@pytest.mark.needs("float16", "reduction")
@given(pair=paired(vectors(magnitude=50.0)))
def test_float16_is_rounded_once(impl, pair):
    z, y = (a.astype(np.float16) for a in pair)
    want = exact(spec.with_logits.start, z.astype(np.float64), y.astype(np.float64))
    got = impl.binary_cross_entropy_with_logits(z, y, reduction="none")
    assert got.dtype == np.float16
    assert_ulps(got, want, ulps=0.5001)


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_is_kept(impl, name, dtype):
    half = np.full(2, 0.5, dtype)
    assert getattr(impl, name)(half, half).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("name", [NAMES[0], NAMES[2]])
def test_a_reduced_loss_is_a_numpy_scalar(impl, name):
    loss = getattr(impl, name)(np.full(2, 0.5, np.float32), np.ones(2, np.float32))
    assert isinstance(loss, np.float32)


@pytest.mark.contract
@pytest.mark.parametrize("name", FROM_LOGITS)
def test_no_finite_logit_warns(impl, name):
    largest = np.finfo(np.float64).max
    z, y = np.array([largest, -largest, largest]), np.array([0.0, 1.0, 0.5])
    getattr(impl, name)(z, y)


@pytest.mark.contract
@pytest.mark.parametrize("name", FROM_PROBABILITIES)
def test_no_probability_warns(impl, name):
    p = np.array([0.0, 1.0, 5e-324, 0.0, 1.0])
    getattr(impl, name)(p, np.array([1.0, 0.0, 1.0, 0.0, 1.0]))


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_broadcast(impl, name):
    message = r"^shapes must be equal: \w+ \(3,\), targets \(3, 1\)$"
    with pytest.raises(ValueError, match=message):
        getattr(impl, name)(np.full(3, 0.5), np.full((3, 1), 0.5))


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_targets_outside_zero_and_one_are_named(impl, name):
    with pytest.raises(ValueError, match=r"^targets must lie in \[0, 1\], got 1\.5$"):
        getattr(impl, name)([0.5, 0.5], [1.0, 1.5])


@pytest.mark.contract
@pytest.mark.parametrize("name", FROM_PROBABILITIES)
def test_probabilities_outside_zero_and_one_are_named(impl, name):
    message = r"^probabilities must lie in \[0, 1\], got -0\.5$"
    with pytest.raises(ValueError, match=message):
        getattr(impl, name)([-0.5], [1.0])


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_an_empty_batch_has_no_mean(impl, name):
    message = r"^(probabilities|logits) must not be empty, got shape \(0,\)$"
    with pytest.raises(ValueError, match=message):
        getattr(impl, name)([], [])


@pytest.mark.contract
@pytest.mark.needs("reduction")
@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_reduction_is_named(impl, name):
    message = r"^reduction must be one of 'mean', 'sum', 'none'; got 'all'$"
    with pytest.raises(ValueError, match=message):
        getattr(impl, name)([0.5], [1.0], reduction="all")


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_a_real_number_is_named(impl, name):
    message = r"^(probabilities|logits) must hold real numbers .* got dtype <U1$"
    with pytest.raises(TypeError, match=message):
        getattr(impl, name)(["a"], [1.0])
    with pytest.raises(TypeError, match=r"^targets must hold real numbers .*128$"):
        getattr(impl, name)([0.5], np.array([1j]))
