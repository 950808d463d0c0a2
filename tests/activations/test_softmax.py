"""softmax and log-sum-exp: agree with their derivations, and keep the page's laws.

It is longer than most, because five functions share one page.
"""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.activations import softmax as spec
from derivations.engine import evaluate, exp, log
from reference.conformance.compare import assert_close, assert_equal, assert_ulps
from reference.conformance.strategies import (
    distributions,
    generators,
    reals,
    rows,
)
from reference.conformance.tables import (
    COPIES,
    SCORES,
    SHARES,
    assert_single_is_double,
)

OF_SCORES = ("softmax", "log_softmax", "logsumexp", "softmax_jacobian")


def exact(expression, x):
    """Return an expression of the scores for every row of ``x``, 50 digits."""
    return np.array([evaluate(expression, {spec.z: row}) for row in x], dtype=object)


def shares(x):
    """Return the softmax of every row, straight from the definition."""
    return exact(spec.shift_invariance.end, x)


def logarithms(x):
    """Return the logarithm of the softmax of every row."""
    return exact(spec.log_softmax_shifted.start, x)


def pulled_back(g, x):
    """Return the gradient at the scores for every row, from the derived formula."""
    pairs = zip(g, shares(x), strict=True)
    values = [evaluate(spec.vjp.end, {spec.g: row, spec.p: p}) for row, p in pairs]
    return np.array(values, dtype=object)


def spread(x):
    """Return, for every row, how far its scores lie apart.

    Subtracting the largest score rounds at that size, and e^d is wrong by |d| ulp
    when d is wrong by one: this is the condition of any formula.
    """
    return np.broadcast_to(np.ptp(x, axis=-1, keepdims=True), x.shape)


# ------------------------------------------------------ agreement with the derivation


@given(x=rows(magnitude=700.0))
@example(x=np.array([[1000.0, 0.0, -1000.0], [710.0, 0.0, 0.0], [-800.0, -801, -800]]))
@example(x=np.array([[50.1, -33.3, 0.0], [0.0, -745.0, 0.0]]))
def test_softmax_is_the_share_of_the_exponential(impl, x):
    assert_close(impl.softmax(x), shares(x), condition=spread(x))


@given(x=rows(magnitude=700.0))
@example(x=np.array([[1000.0, 0.0, -1000.0], [-800.0, -801.0, -800.0]]))
def test_log_softmax_is_the_logarithm_of_the_share(impl, x):
    # Log-sum-exp is rounded at the size of the scores before it is subtracted.
    size = 1 + np.abs(x).max(axis=-1, keepdims=True)
    assert_close(impl.log_softmax(x), logarithms(x), scale=size)


@given(gap=reals(700.0))
@example(gap=17.0)
@example(gap=40.0)
def test_a_confident_prediction_keeps_its_small_loss(impl, gap):
    x = np.array([[abs(gap), 0.0]])
    want = logarithms(x)
    assert_close(impl.log_softmax(x), want, condition=abs(gap))


@given(score=reals(1e30), classes=st.integers(1, 6))
@example(score=1e8, classes=2)
@example(score=1e20, classes=2)
def test_equal_scores_share_alike_however_large_they_are(impl, score, classes):
    x = np.full((1, classes), score)
    assert_close(impl.log_softmax(x), logarithms(x - score))


@given(x=rows(magnitude=700.0))
@example(x=np.array([[1000.0, 1000.0], [-1000.0, -1000.0], [0.0, -1000.0]]))
def test_logsumexp_is_the_logarithm_of_the_sum(impl, x):
    size = 1 + np.abs(x).max(axis=-1)
    assert_close(impl.logsumexp(x), exact(spec.logsumexp_shifted.start, x), scale=size)


@given(gap=reals(700.0))
@example(gap=40.0)
@example(gap=17.0)
def test_logsumexp_keeps_what_little_is_added_to_zero(impl, gap):
    x = np.array([[0.0, -abs(gap)]])
    want = exact(spec.logsumexp_shifted.start, x)
    assert_close(impl.logsumexp(x), want, condition=abs(gap))


@given(x=rows(magnitude=700.0))
def test_jacobian_is_diagonal_minus_outer_product(impl, x):
    want = exact(spec.jacobian.end, x)
    p = shares(x).astype(np.float64)
    # On the diagonal, 1 - p is formed at size 1 before it is multiplied by p.
    diagonal = p[..., np.newaxis] * np.eye(x.shape[-1])
    condition = 2 * np.ptp(x, axis=-1).reshape(-1, 1, 1)
    assert_close(impl.softmax_jacobian(x), want, condition=condition, scale=diagonal)


@given(x=rows(magnitude=30.0), rng=generators())
@example(x=np.array([[0.0, 0.0], [30.0, -30.0]]), rng=np.random.default_rng(0))
def test_vjp_is_the_jacobian_transposed_times_the_cotangent(impl, x, rng):
    g = rng.normal(size=x.shape)
    size = shares(x).astype(np.float64) * np.abs(g).max()
    got = impl.softmax_vjp(g, x)
    assert_close(got, pulled_back(g, x), condition=spread(x), scale=size)


# ------------------------------------------------------------------------------ laws


@pytest.mark.claim("A1-041", "A3-039", "A3-040")
@given(x=rows(magnitude=1e4))
@example(x=np.array([[1000.0, 0.0, -1000.0]]))
def test_each_row_is_a_distribution(impl, x):
    p = np.asarray(impl.softmax(x))
    assert ((p >= 0) & (p <= 1)).all()
    assert (p > 0)[spread(x) < 700].all()
    assert_close(p.sum(axis=-1), np.ones(len(x)))


@pytest.mark.claim("A1-043")
@given(x=rows(magnitude=300.0), shift=st.integers(-300, 300))
@example(x=np.array([[1.0, 2.0, 3.0]]), shift=1000)
def test_adding_a_constant_to_every_score_changes_nothing(impl, x, shift):
    x = np.round(x * 2**20) / 2**20  # x + shift is exact
    want = shares(x)
    assert_close(impl.softmax(x + shift), want, condition=spread(x) + abs(shift))


@given(x=rows(magnitude=700.0), rng=generators())
def test_order_of_the_scores_does_not_matter(impl, x, rng):
    order = rng.permutation(x.shape[-1])
    moved = np.asarray(impl.softmax(x))[:, order]
    assert_close(impl.softmax(x[:, order]), moved)


@given(x=rows(magnitude=100.0), power=st.integers(0, 8))
def test_a_row_tends_to_the_leader_when_cold_and_to_equal_shares_when_hot(
    impl, x, power
):
    x = x / 2.0**power
    p = np.asarray(impl.softmax(x), dtype=np.float64)
    behind = np.exp(x - x.max(axis=-1, keepdims=True))
    assert_close(np.maximum(p, behind), behind, condition=spread(x))
    equal, factor = 1 / x.shape[-1], np.exp(spread(x))
    within = np.clip(p, equal / factor, equal * factor)
    assert_close(within, p, condition=spread(x))


@given(x=rows(magnitude=1e3))
def test_a_larger_score_never_gets_a_smaller_share(impl, x):
    p = np.asarray(impl.softmax(np.sort(x, axis=-1)), dtype=np.float64)
    # Rounding may swap neighbors by their last digits.
    assert (np.diff(p, axis=-1) >= -8 * np.spacing(p[:, 1:])).all()


@given(x=rows(magnitude=300.0))
def test_logarithm_of_a_ratio_of_shares_is_the_difference_of_the_scores(impl, x):
    logs = np.log(impl.softmax(x))
    got, want = logs - logs[:, :1], x - x[:, :1]
    assert_close(got, want, scale=1 + spread(x))


@pytest.mark.claim("A1-042")
@given(p=distributions(positive=True))
def test_every_positive_distribution_is_the_softmax_of_its_logarithms(impl, p):
    # The logarithms are rounded at sizes up to 10.
    assert_close(impl.softmax(np.log(p)), p, condition=10.0)


@given(x=reals(700.0), y=reals(700.0))
def test_two_scores_make_a_sigmoid(impl, x, y):
    want = evaluate(spec.two_classes.end, {spec.x: x, spec.y: y})
    got = impl.softmax(np.array([x, y]))[0]
    assert_close(got, want, condition=abs(x - y) + abs(x))


@pytest.mark.needs("axis")
@given(x=rows(magnitude=700.0))
def test_axis_says_where_the_classes_lie(impl, x):
    want = np.asarray(impl.softmax(x)).T
    assert_close(impl.softmax(x.T, axis=0), want, condition=spread(x).T)


@pytest.mark.needs("axis")
@given(x=rows(magnitude=700.0))
def test_axis_of_log_softmax_says_where_the_classes_lie(impl, x):
    want = np.asarray(impl.log_softmax(x)).T
    size = 1 + np.abs(x.T).max(axis=0, keepdims=True)
    assert_close(impl.log_softmax(x.T, axis=0), want, scale=size)


@pytest.mark.needs("axis")
@given(x=rows(magnitude=700.0))
def test_axis_of_logsumexp_says_what_is_added_up(impl, x):
    size = 1 + np.abs(x).max(axis=-1)
    assert_close(impl.logsumexp(x.T, axis=0), impl.logsumexp(x), scale=size)


@pytest.mark.needs("axis")
@given(x=rows(magnitude=30.0), rng=generators())
def test_axis_of_vjp_says_where_the_classes_lie(impl, x, rng):
    g = rng.normal(size=x.shape)
    want = np.asarray(impl.softmax_vjp(g, x)).T
    size = np.abs(g.T).max()
    assert_close(impl.softmax_vjp(g.T, x.T, axis=0), want, scale=size)


@given(x=rows(magnitude=700.0))
def test_rows_do_not_see_each_other(impl, x):
    one_by_one = np.vstack([impl.softmax(row) for row in x])
    assert_close(impl.softmax(x), one_by_one, condition=spread(x))


@given(x=rows(magnitude=300.0))
def test_log_probabilities_are_not_positive_and_exponentiate_to_one(impl, x):
    logs = np.asarray(impl.log_softmax(x))
    assert (logs <= 16 * np.finfo(np.float64).eps * (1 + np.abs(x).max())).all()
    total = np.exp(logs).sum(axis=-1)
    # A logarithm rounded at the size of the scores is wrong by that many eps.
    assert_close(total, np.ones(len(x)), condition=np.abs(x).max(axis=-1))


@given(x=rows(magnitude=700.0))
@example(x=np.array([[0.0, 0.0, 0.0]]))
def test_logsumexp_is_at_least_the_largest_score_and_at_most_log_k_above(impl, x):
    got, largest = np.asarray(impl.logsumexp(x)), x.max(axis=-1)
    slack = 16 * np.finfo(np.float64).eps * (1 + np.abs(x).max(axis=-1))
    assert (got >= largest - slack).all()
    assert (got <= largest + np.log(x.shape[-1]) + slack).all()


@given(x=rows(magnitude=300.0), shift=st.integers(-300, 300))
def test_a_constant_comes_out_of_logsumexp(impl, x, shift):
    x = np.round(x * 2**20) / 2**20  # x + shift is exact
    size = 1 + np.abs(x).max(axis=-1) + abs(shift)
    want = np.asarray(impl.logsumexp(x)) + shift
    assert_close(impl.logsumexp(x + shift), want, scale=size)


@given(x=rows(k=3, magnitude=700.0))
def test_logsumexp_can_be_taken_in_parts(impl, x):
    first = np.asarray(impl.logsumexp(x[:, :2]))
    parts = np.stack([first, x[:, 2]], axis=-1)
    size = 1 + np.abs(x).max(axis=-1)
    assert_close(impl.logsumexp(parts), impl.logsumexp(x), scale=size)


@given(x=rows(magnitude=5.0), rng=generators())
def test_gradient_of_logsumexp_is_the_softmax(impl, x, rng):
    x = np.round(x * 2**20) / 2**20
    step, place = 2.0**-13, rng.integers(x.shape[-1])
    move = step * np.eye(x.shape[-1])[place]
    rise = np.asarray(impl.logsumexp(x + move)) - np.asarray(impl.logsumexp(x - move))
    want = shares(x).astype(np.float64)[:, place]
    # The third derivative of log-sum-exp along a score is at most 1/8.
    allowed = step**2 / 48 + 16 * np.finfo(np.float64).eps * 8 / step
    assert (np.abs(rise / (2 * step) - want) <= allowed).all()


@given(x=rows(magnitude=30.0))
def test_rows_of_the_jacobian_sum_to_zero(impl, x):
    sums = np.asarray(impl.softmax_jacobian(x)).sum(axis=-1)
    assert_close(sums, np.zeros_like(x), scale=1.0)


@given(x=rows(magnitude=700.0))
def test_jacobian_is_symmetric(impl, x):
    jacobian = np.asarray(impl.softmax_jacobian(x))
    assert_close(jacobian, jacobian.swapaxes(-1, -2))


@given(x=rows(k=4, n=1, magnitude=5.0), rng=generators())
def test_only_constants_are_lost_on_the_way_through_the_jacobian(impl, x, rng):
    direction = rng.normal(size=4)
    direction -= direction.mean()
    form = direction @ np.asarray(impl.softmax_jacobian(x))[0] @ direction
    square = direction @ direction
    least = shares(x).astype(np.float64).min() * square
    assert_close(max(form, least), form, scale=square)


@given(x=rows(n=1, magnitude=30.0), rng=generators())
def test_quadratic_form_is_a_variance_of_at_most_half(impl, x, rng):
    direction = rng.normal(size=x.shape[-1])
    direction /= np.linalg.norm(direction)
    form = direction @ np.asarray(impl.softmax_jacobian(x))[0] @ direction
    p = shares(x).astype(np.float64)[0]
    mean = p @ direction
    assert_close(form, p @ (direction - mean) ** 2, scale=1.0)
    assert form <= 0.5 + 1e-12


@given(x=rows(magnitude=5.0), rng=generators())
def test_jacobian_is_the_limit_of_difference_quotients(impl, x, rng):
    x = np.round(x * 2**20) / 2**20
    step, place = 2.0**-13, rng.integers(x.shape[-1])
    move = step * np.eye(x.shape[-1])[place]
    ahead, behind = shares(x + move), shares(x - move)
    quotient = ((ahead - behind) / (2 * step)).astype(np.float64)
    got = np.asarray(impl.softmax_jacobian(x))[:, :, place]
    # Off by step^2 / 6 times a third derivative of the softmax, which is at most 1.
    assert (np.abs(got - quotient) <= step**2 / 6 + 1e-12).all()


@given(x=rows(magnitude=30.0), rng=generators(), constant=st.integers(-8, 8))
def test_pulled_back_gradient_sums_to_zero_and_ignores_a_constant(
    impl, x, rng, constant
):
    g = np.round(rng.normal(size=x.shape) * 2**20) / 2**20
    pulled = np.asarray(impl.softmax_vjp(g, x))
    assert_close(pulled.sum(axis=-1), np.zeros(len(x)), scale=np.abs(g).max())
    size = np.abs(g).max() + abs(constant)
    assert_close(impl.softmax_vjp(g + constant, x), pulled, scale=size)


# Copies of all scores share alike. As many exponentials are added up, and rounded, as
# there are columns.


@pytest.mark.parametrize("copies", COPIES)
def test_copies_of_all_scores_share_alike(impl, copies):
    want = np.tile(impl.softmax(SCORES), copies) / copies[1]
    got = impl.softmax(np.tile(SCORES, copies))
    assert_close(got, want, condition=want.shape[1])


@pytest.mark.parametrize("copies", COPIES)
def test_copies_of_all_scores_take_their_logarithm_from_each(impl, copies):
    want = np.tile(impl.log_softmax(SCORES), copies) - np.log(copies[1])
    got = impl.log_softmax(np.tile(SCORES, copies))
    assert_close(got, want, condition=want.shape[1])


@pytest.mark.parametrize("copies", COPIES)
def test_copies_of_all_scores_add_their_logarithm(impl, copies):
    want = np.tile(impl.logsumexp(SCORES), copies[0]) + np.log(copies[1])
    got = impl.logsumexp(np.tile(SCORES, copies))
    assert_close(got, want, condition=5 * copies[1])


@pytest.mark.parametrize("copies", COPIES)
def test_copies_of_all_scores_have_the_jacobian_of_equal_shares(impl, copies):
    p = np.tile(shares(SCORES).astype(np.float64), copies) / copies[1]
    want = p[:, :, np.newaxis] * (np.eye(p.shape[1]) - p[:, np.newaxis, :])
    got = impl.softmax_jacobian(np.tile(SCORES, copies))
    assert_close(got, want, condition=p.shape[1])


@pytest.mark.parametrize("copies", COPIES)
def test_copies_of_all_scores_share_what_is_pulled_back(impl, copies):
    g, x = (np.tile(table, copies) for table in (SHARES, SCORES))
    want = np.tile(impl.softmax_vjp(SHARES, SCORES), copies) / copies[1]
    # A mean is subtracted from the cotangent.
    size = np.abs(want).max()
    assert_close(impl.softmax_vjp(g, x), want, condition=x.shape[1], scale=size)


@pytest.mark.needs("float32")
@pytest.mark.parametrize("name", OF_SCORES)
def test_single_precision_agrees_with_double(impl, name):
    assert_single_is_double(getattr(impl, name), SCORES)


@pytest.mark.needs("float32")
def test_single_precision_vjp_agrees_with_double(impl):
    assert_single_is_double(impl.softmax_vjp, SHARES, SCORES)


# --------------------------------------------------------------------- special cases


@pytest.mark.contract
def test_one_infinite_score_takes_all(impl):
    x = np.array([[np.inf, 0.0, -np.inf], [0.0, -np.inf, 0.0]])
    want = np.array([[1.0, 0.0, 0.0], [0.5, 0.0, 0.5]])
    assert_equal(impl.softmax(x), want)
    # What is infinite in another row does not count.
    x = np.array([[np.inf, 0.0], [0.0, np.inf]])
    assert_equal(impl.softmax(x), np.eye(2))


@pytest.mark.contract
@pytest.mark.parametrize(
    "row", [[np.inf, np.inf, 0], [-np.inf] * 3, [np.nan, 0, 0], [np.inf, np.nan, 0]]
)
def test_a_row_without_a_limit_is_nan(impl, row):
    assert_equal(impl.softmax(np.array([row, [0.0] * 3]))[0], np.full(3, np.nan))


@pytest.mark.contract
def test_log_softmax_of_one_infinite_score(impl):
    x = np.array([[np.inf, 0.0], [0.0, -np.inf]])
    assert_equal(impl.log_softmax(x), np.array([[0.0, -np.inf], [0.0, -np.inf]]))


@pytest.mark.contract
@pytest.mark.parametrize(
    "row", [[np.inf, np.inf, 0], [-np.inf] * 3, [np.nan, 0, 0], [np.inf, np.nan, 0]]
)
def test_a_row_without_a_limit_has_no_logarithm(impl, row):
    assert_equal(impl.log_softmax(np.array([row, [0.0] * 3]))[0], np.full(3, np.nan))


@pytest.mark.contract
def test_logsumexp_takes_the_limit_at_infinity(impl):
    x = np.array([[np.inf, np.inf], [-np.inf, -np.inf], [-np.inf, 2.0], [np.nan, 2.0]])
    assert_equal(impl.logsumexp(x), np.array([np.inf, -np.inf, 2.0, np.nan]))


def test_logsumexp_drops_one_axis_and_no_other(impl):
    got = impl.logsumexp(np.zeros((2, 1, 3)))
    assert_close(got, np.full((2, 1), np.log(3.0)))
    assert_close(impl.logsumexp(np.zeros((1, 1))), np.zeros(1), scale=1.0)


@pytest.mark.contract
def test_logsumexp_of_nothing_is_minus_infinity(impl):
    assert_equal(impl.logsumexp(np.zeros((2, 0))), np.full(2, -np.inf))


@pytest.mark.contract
@given(gap=reals(700.0))
@example(gap=40.0)
def test_a_saturated_row_keeps_its_gradient(impl, gap):
    x, g = np.array([[abs(gap), 0.0]]), np.array([[1.0, 0.0]])
    want = exact(spec.jacobian.end, x)[:, 0]  # g picks the first row
    assert_close(impl.softmax_vjp(g, x), want, condition=abs(gap))


def test_scores_near_the_end_of_the_range_are_only_scores(impl):
    got = impl.softmax(np.array([[1e300, 1e300, -1e300]]))
    assert_equal(got, np.array([[0.5, 0.5, 0.0]]))


@pytest.mark.contract
@given(x=rows(k=1, magnitude=1e300))
def test_a_single_class_is_certain(impl, x):
    assert_equal(impl.softmax(x), np.ones_like(x))


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A0-030")
def test_separate_sigmoids_do_not_add_up_to_one(impl):
    x = np.array([2.0, 1.0, -3.0])
    assert 1.6592 < (1 / (1 + np.exp(-x))).sum() < 1.6593
    assert_close(np.asarray(impl.softmax(x)).sum(), 1.0)


@pytest.mark.claim("A1-040")
@given(rng=generators())
def test_attention_uses_a_softmax_inside_the_network(impl, rng):
    queries, keys, values, back = rng.integers(-2, 3, (4, 3, 2)).astype(np.float64)

    def output(queries):
        scores = queries @ keys.T
        shares = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
        return (back * (shares @ values)).sum()

    pulled = impl.softmax_vjp(back @ values.T, queries @ keys.T)
    step, gradient = 2.0**-13, np.zeros_like(queries)
    for place in np.ndindex(*queries.shape):
        move = np.zeros_like(queries)
        move[place] = step
        gradient[place] = (output(queries + move) - output(queries - move)) / (2 * step)
    # A third derivative along one query is at most 8 |key|^3 |back| |value| < 1000.
    assert np.abs(pulled @ keys - gradient).max() <= 1000 * step**2 / 6


@pytest.mark.claim("A1-044")
def test_a_sum_over_the_first_axis_is_no_distribution_over_rows(impl):
    x = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
    printed = np.exp(x - x.max()) / np.exp(x - x.max()).sum(axis=0)
    assert_close(printed.sum(axis=1), np.array([1.5, 1.5]))
    assert_close(np.asarray(impl.softmax(x)).sum(axis=1), np.ones(2))


@pytest.mark.claim("A1-044")
def test_the_largest_of_all_columns_empties_the_others(impl):
    x = np.array([[0.0, 1000.0], [1.0, 1001.0]])
    with np.errstate(invalid="ignore"):
        printed = np.exp(x - x.max()) / np.exp(x - x.max()).sum(axis=0)
    assert np.isnan(printed[:, 0]).all()
    want = shares(np.array([[0.0, 1.0]]))
    assert_close(impl.softmax(x.T), np.vstack([want, want]), condition=1000.0)


@pytest.mark.claim("A3-041", "A3-049")
@given(x=rows(n=1, magnitude=100.0), y=reals(1.0), rng=generators())
def test_outputs_move_at_most_half_as_far_as_the_scores(impl, x, y, rng):
    moved = x + y * rng.uniform(-1, 1, size=x.shape)
    distance = np.linalg.norm(np.asarray(impl.softmax(moved)) - impl.softmax(x))
    rounding = 200 * 16 * np.finfo(np.float64).eps
    assert distance <= np.linalg.norm(moved - x) / 2 + rounding


@pytest.mark.claim("A3-042")
@given(x=rows(k=3, n=1, magnitude=10.0))
def test_every_output_depends_on_every_score(impl, x):
    assert (np.asarray(impl.softmax_jacobian(x)) != 0).all()


@pytest.mark.claim("A3-043")
@given(x=rows(k=3, n=1, magnitude=3.0))
def test_scaling_the_scores_keeps_the_decision_and_changes_the_confidence(impl, x):
    x = np.round(x * 4) / 4 + np.array([0.0, 7.0, 14.0])  # no ties
    p, sharper = (np.asarray(impl.softmax(factor * x))[0] for factor in (1.0, 2.0))
    assert p.argmax() == sharper.argmax()
    assert sharper.max() > p.max()
    assert_close(p.sum(), 1.0)
    assert_close(sharper.sum(), 1.0)


@pytest.mark.claim("A3-044")
def test_a_body_that_names_another_variable_raises(impl):
    printed = eval("lambda X: np.exp(x) / np.sum(np.exp(x))", {"np": np})
    with pytest.raises(NameError, match="'x' is not defined"):
        printed(np.zeros(2))
    assert_close(impl.softmax(np.zeros(2)), np.array([0.5, 0.5]), ulps=4)


@pytest.mark.claim("A3-045")
def test_a_sum_over_the_whole_batch_is_one_distribution_for_all_rows(impl):
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    printed = np.exp(x) / np.exp(x).sum()
    odds = np.exp(2.0)
    want = np.array([1, odds]) / (1 + odds)
    assert_close(printed.sum(axis=1), want)
    assert 0.1192 < want[0] < 0.1193
    assert_close(np.asarray(impl.softmax(x)).sum(axis=1), np.ones(2))


@pytest.mark.claim("A3-046")
@pytest.mark.parametrize("row", [[710.0, 0.0], [1000.0, 1000.0], [-800.0, -801.0]])
def test_the_formula_without_a_shift_is_not_a_number(impl, row):
    x = np.array([row])
    with np.errstate(over="ignore", invalid="ignore"):
        printed = np.exp(x) / np.exp(x).sum()
    assert np.isnan(printed).any()
    assert_close(impl.softmax(x), shares(x), condition=spread(x))


@pytest.mark.claim("A3-065")
@given(x=rows(k=3, n=1, magnitude=3.0))
def test_the_diagonal_alone_is_not_the_gradient(impl, x):
    g = np.array([[1.0, 0.0, 0.0]])
    p = shares(x).astype(np.float64)
    alone = g * p * (1 - p)
    pulled = np.asarray(impl.softmax_vjp(g, x))
    assert_close(pulled[0, 0], alone[0, 0], scale=1.0)
    assert (pulled[0, 1:] < 0).all()
    assert_equal(alone[0, 1:], np.zeros(2))


# -------------------------------------------------------------------------- accuracy


FAMILIES = st.sampled_from(["level", "wide", "offset", "tail"])


def drawn(rng, family, k):
    """Draw one row of k scores; the tail family puts all but one far below."""
    noise = rng.normal(size=(1, k))
    if family == "tail":
        return np.where(np.arange(k) == 0, 0.0, rng.uniform(-740, -10, size=(1, k)))
    return {"level": noise, "wide": 200 * noise, "offset": 1e4 + noise}[family]


@pytest.mark.contract
@given(family=FAMILIES, k=st.integers(2, 40), rng=generators())
def test_float64_softmax_is_within_five_ulp(impl, family, k, rng):
    x = drawn(rng, family, k)
    assert_ulps(impl.softmax(x), shares(x), ulps=5)


@pytest.mark.contract
@given(family=FAMILIES, k=st.integers(2, 40), rng=generators())
def test_float64_log_softmax_is_within_four_ulp(impl, family, k, rng):
    x = drawn(rng, family, k)
    assert_ulps(impl.log_softmax(x), logarithms(x), ulps=4)


@pytest.mark.contract
@given(family=FAMILIES, k=st.integers(2, 40), rng=generators())
def test_float64_logsumexp_is_within_four_ulp_of_its_larger_term(impl, family, k, rng):
    x = drawn(rng, family, k)
    want = exact(spec.logsumexp_shifted.start, x)
    size = np.maximum(np.abs(x).max(axis=-1), np.abs(want.astype(np.float64)))
    # An ulp is up to eps of the number it belongs to.
    assert_close(impl.logsumexp(x), want, ulps=4, scale=size)


@pytest.mark.contract
@given(family=FAMILIES, k=st.integers(2, 8), rng=generators())
def test_float64_jacobian_is_within_twelve_ulp(impl, family, k, rng):
    x = drawn(rng, family, k)
    assert_ulps(impl.softmax_jacobian(x), exact(spec.jacobian.end, x), ulps=12)


@pytest.mark.contract
@pytest.mark.parametrize("score", [-20.1, -40.0, -50.7])
def test_sixteen_thousand_scores_cost_no_digits_along_any_axis(impl, score):
    # A running sum over the first axis would be wrong by a thousand ulp here.
    x = np.full((16384, 3), score)
    x[0] = 0.0
    rest = 16383 * evaluate(exp(spec.m), {spec.m: score})
    loss = evaluate(log(1 + spec.r), {spec.r: rest})
    assert_ulps(impl.log_softmax(x, axis=0)[0], np.full(3, -loss), ulps=4)
    share = 1 / (1 + rest)
    assert_ulps(impl.softmax(x, axis=0)[0], np.full(3, share), ulps=5)
    assert_ulps(impl.softmax(x.T)[:, 0], np.full(3, share), ulps=5)


# -------------------------------------------------------------------- error contract

NAMES = ["softmax", "log_softmax", "logsumexp", "softmax_jacobian"]


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", NAMES)
def test_dtype_is_kept(impl, name, dtype):
    assert getattr(impl, name)(np.zeros((2, 3), dtype)).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_vjp_has_the_wider_dtype_of_its_arguments(impl, dtype):
    g = np.zeros(2, np.float16)
    assert impl.softmax_vjp(g, np.zeros(2, dtype)).dtype == dtype


@pytest.mark.contract
@given(x=rows(magnitude=1e4))
def test_narrow_formats_are_rounded_once(impl, x):
    for dtype in (np.float16, np.float32):
        narrow = x.astype(dtype)
        want = shares(narrow.astype(np.float64))
        # Correct but for near-ties of the last rounding.
        assert_ulps(impl.softmax(narrow), want, ulps=0.5001)


@pytest.mark.contract
def test_a_term_too_small_to_be_seen_decides_a_tie(impl):
    # The difference of the scores is halfway between two floats, a little is added.
    for dtype, step, gap in [(np.float16, 2.0**-5, 37), (np.float32, 2.0**-17, 100)]:
        got = impl.log_softmax(np.array([step / 2, -gap], dtype))
        assert_equal(got[1], -(gap + step))
        got = impl.log_softmax(np.array([step / 2 + step, -gap], dtype))
        assert_equal(got[1], -(gap + 2 * step))


@pytest.mark.contract
@pytest.mark.parametrize("name", [*NAMES[:3]])
def test_no_finite_input_warns(impl, name):
    largest = np.finfo(np.float64).max
    getattr(impl, name)(np.array([[largest, -largest], [largest, largest]]))


@pytest.mark.contract
def test_no_finite_cotangent_warns(impl):
    largest = np.finfo(np.float64).max
    impl.softmax_vjp(np.array([largest, -largest]), np.zeros(2))


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_a_real_number_is_named(impl, name):
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* got dtype <U1$"):
        getattr(impl, name)(["a"])
    with pytest.raises(TypeError, match=r"^x must hold real numbers .* complex128$"):
        getattr(impl, name)(np.array([1j]))


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_a_single_number_has_no_axis(impl, name):
    with pytest.raises(
        np.exceptions.AxisError, match=r"^x and axis: axis -1 is out of"
    ):
        getattr(impl, name)(1.0)


@pytest.mark.contract
@pytest.mark.needs("axis")
@pytest.mark.parametrize("name", NAMES[:3])
def test_a_wrong_axis_is_named(impl, name):
    with pytest.raises(np.exceptions.AxisError, match=r"^x and axis: axis 2 is out of"):
        getattr(impl, name)(np.zeros((2, 3)), axis=2)
    with pytest.raises(TypeError, match=r"^axis must be an integer, got 0\.5$"):
        getattr(impl, name)(np.zeros((2, 3)), axis=0.5)


@pytest.mark.contract
@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmax_jacobian"])
def test_no_scores_are_no_distribution(impl, name):
    with pytest.raises(ValueError, match=r"^x has no entries along axis 1; its shape"):
        getattr(impl, name)(np.zeros((2, 0)))


@pytest.mark.contract
def test_cotangent_and_scores_must_align(impl):
    message = r"^shapes must be equal: cotangent \(1,\), x \(2,\)$"
    with pytest.raises(ValueError, match=message):
        impl.softmax_vjp([1.0], [1.0, 2.0])
    with pytest.raises(TypeError, match=r"^cotangent must hold real numbers"):
        impl.softmax_vjp(["a"], [1.0])
    with pytest.raises(np.exceptions.AxisError, match=r"^x and axis: axis 1 is out of"):
        impl.softmax_vjp([1.0], [1.0], axis=1)
