"""prediction: the label is that of the largest score, on whatever scale."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from derivations.activations import softmax as softmax_spec
from derivations.engine import evaluate
from derivations.layers import prediction as spec
from reference import sigmoid, softmax
from reference.conformance.compare import assert_equal
from reference.conformance.strategies import (
    distributions,
    float_arrays,
    generators,
    rows,
)


def whole(largest=30):
    """Draw rows of whole numbers, which no softmax and no sigmoid makes tie."""
    shape = st.tuples(st.integers(1, 4), st.integers(1, 6))
    elements = st.integers(-largest, largest).map(float)
    return hnp.arrays(np.float64, shape, elements=elements)


def chosen(x, labels):
    """Return what each row has at its label."""
    return np.take_along_axis(x, np.asarray(labels)[:, np.newaxis], axis=1)[:, 0]


# ------------------------------------------------------ agreement with the derivation


@pytest.mark.claim("A1-132")
@given(x=whole())
@example(x=np.array([[1.0, 3.0, 2.0], [-5.0, -5.0, -6.0]]))
def test_the_label_has_the_largest_probability(impl, x):
    labels = np.asarray(impl.predict_labels(x)).tolist()
    for row, label in zip(x, labels, strict=True):
        shares = evaluate(softmax_spec.shift_invariance.end, {softmax_spec.z: row})
        assert shares[label] == max(shares)


# ------------------------------------------------------------------------------ laws


@given(x=rows(magnitude=1e6))
@example(x=np.array([[0.0, 5e-324], [-1e308, 1e308], [1.0, 1.0]]))
def test_no_score_is_larger_than_that_of_the_label(impl, x):
    assert_equal(chosen(x, impl.predict_labels(x)), x.max(axis=1))


@given(x=float_arrays(np.float32, shape=(3, 4)))
def test_float32_scores_are_told_apart(impl, x):
    assert_equal(chosen(x, impl.predict_labels(x)), x.max(axis=1))


@pytest.mark.parametrize("function", [softmax, sigmoid, np.tanh, np.cbrt])
@given(x=whole(15))
def test_increasing_functions_of_the_scores_leave_the_label(impl, function, x):
    # On whole numbers up to 15 none of them rounds two scores to one; tanh might.
    scores = x / 2 if function is np.tanh else x
    labels = impl.predict_labels(np.asarray(function(scores)))
    assert_equal(chosen(x, labels), x.max(axis=1))


@given(x=whole(), shift=st.integers(-1000, 1000), power=st.integers(-20, 20))
def test_shifting_and_stretching_the_scores_leaves_the_label(impl, x, shift, power):
    labels = impl.predict_labels((x + shift) * 2.0**power)
    assert_equal(chosen(x, labels), x.max(axis=1))


@given(x=whole())
def test_turning_the_signs_finds_the_smallest(impl, x):
    assert_equal(chosen(x, impl.predict_labels(-x)), x.min(axis=1))


@given(x=whole(), rng=generators())
def test_the_label_moves_with_its_column(impl, x, rng):
    order = rng.permutation(x.shape[1])
    labels = order[np.asarray(impl.predict_labels(x[:, order]))]
    assert_equal(chosen(x, labels), x.max(axis=1))


@given(x=rows())
def test_rows_are_labeled_one_by_one(impl, x):
    assert_equal([impl.predict_labels(row) for row in x], impl.predict_labels(x))


@given(labels=hnp.arrays(np.int64, st.integers(1, 5), elements=st.integers(0, 3)))
def test_labels_are_found_again_in_one_hot_rows(impl, labels):
    assert_equal(impl.predict_labels(np.eye(4)[labels]), labels)


@given(p=distributions(4, n=1), q=distributions(4, n=1))
def test_no_rule_is_right_more_often(impl, p, q):
    label = int(np.asarray(impl.predict_labels(p))[0])
    right = evaluate(spec.best_rule.start, {spec.p: p[0], spec.q: q[0]})
    # The entries of q are rounded, so they need not add up to exactly one.
    assert right <= Fraction(p[0, label]) * sum(map(Fraction, q[0]))


def test_saturated_sigmoids_tie_where_scores_do_not(impl):
    scores = np.array([[40.0, 50.0]])
    assert_equal(impl.predict_labels(scores), [1])
    assert len(set(sigmoid(scores)[0].tolist())) == 1


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@given(x=hnp.arrays(np.float64, (3, 4), elements=st.sampled_from([0.0, 1.0])))
def test_the_first_of_several_largest_wins(impl, x):
    labels = np.asarray(impl.predict_labels(x))
    want = [row.index(max(row)) for row in x.tolist()]
    assert_equal(labels, want)


@pytest.mark.contract
def test_infinite_scores_are_compared(impl):
    x = np.array([[-np.inf, -np.inf], [0.0, np.inf], [-1e308, -np.inf]])
    assert_equal(impl.predict_labels(x), [0, 1, 0])


@pytest.mark.contract
def test_large_integers_are_not_rounded_together(impl):
    assert_equal(impl.predict_labels([2**53, 2**53 + 1]), 1)


@pytest.mark.contract
def test_labels_are_integers(impl):
    assert np.asarray(impl.predict_labels(np.eye(3))).dtype == np.intp
    assert np.asarray(impl.predict_labels(np.zeros((0, 3)))).shape == (0,)


@pytest.mark.contract
def test_scores_that_are_no_numbers_are_named(impl):
    with pytest.raises(ValueError, match=r"^scores must not hold NaN, which is"):
        impl.predict_labels([[1.0, np.nan]])
    with pytest.raises(TypeError, match=r"^scores must hold real numbers"):
        impl.predict_labels(["a", "b"])


@pytest.mark.contract
def test_scores_without_classes_are_named(impl):
    message = r"^scores has no entries along axis -1; its shape is \(3, 0\)$"
    with pytest.raises(ValueError, match=message):
        impl.predict_labels(np.zeros((3, 0)))
    with pytest.raises(ValueError, match=r"^scores must have 1 or 2 axes, got shape"):
        impl.predict_labels(np.zeros((2, 2, 2)))
