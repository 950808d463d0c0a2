"""perceptron: it learns from mistakes alone, and makes no more than the bound allows.

Inputs are whole numbers, so that every sum is exact and no rounding decides which row
is a mistake.
"""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from derivations.engine import evaluate
from derivations.layers import perceptron as spec
from reference import neuron
from reference.conformance.compare import assert_equal
from reference.conformance.strategies import generators

XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def whole(shape, largest=9):
    """Draw arrays of whole numbers, as floats."""
    return hnp.arrays(
        np.float64, shape, elements=st.integers(-largest, largest).map(float)
    )


@st.composite
def separable(draw):
    """Draw rows, labels and the line (c, u) that divides them: X, y, u, c."""
    d = draw(st.integers(1, 3))
    u, c = draw(whole(d, 5)), draw(st.integers(-5, 5))
    X = draw(whole((draw(st.integers(1, 7)), d)))
    z = X @ u + c
    X = X[z != 0]
    return X, np.where(z[z != 0] > 0, 1, -1), u, c


@st.composite
def labeled(draw):
    """Draw rows and labels that any line or none may divide: X, y."""
    X = draw(whole((draw(st.integers(1, 6)), draw(st.integers(1, 3)))))
    y = draw(hnp.arrays(np.int64, len(X), elements=st.sampled_from([-1, 1])))
    return X, y


def rounds(X):
    """Return enough passes for every separable set drawn here.

    At most R² |v|² / margin² mistakes, in whole numbers with margin at least 1: less
    than (1 + 3·81) · (25 + 3·25); each pass before the last makes at least one.
    """
    return int((1 + (X**2).sum(axis=1)).max(initial=1)) * 101


# ------------------------------------------------------ agreement with the derivation


@given(case=labeled())
@example(case=(XOR, np.array([-1, 1, 1, -1])))
def test_weights_are_the_sum_of_the_labeled_mistakes(impl, case):
    X, y = case
    fit = impl.perceptron_fit(X, y, max_epochs=20)
    rows = np.asarray(fit.mistakes)
    values = {spec.t: len(rows), spec.y: y[rows].tolist()}
    columns = [*X[rows].T, np.ones(len(rows))]
    want = [
        float(evaluate(spec.weights.end, {**values, spec.x: column.tolist()}))
        for column in columns
    ]
    assert_equal([*fit.weights, fit.bias], want)


@given(case=labeled())
@example(case=(XOR, np.array([-1, 1, 1, -1])))
def test_it_errs_where_it_says_and_nowhere_between(impl, case):
    X, y = case
    epochs = 6
    fit = impl.perceptron_fit(X, y, max_epochs=epochs)
    left = np.asarray(fit.mistakes).tolist()
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        clean = True
        for row, (x, label) in enumerate(zip(X, y, strict=True)):
            if label * (x @ w + b) <= 0:
                assert left[:1] == [row]
                left = left[1:]
                w, b, clean = w + label * x, b + label, False
        if clean:
            break
    assert left == []


# ------------------------------------------------------------------------------ laws


@given(case=separable())
@example(case=(XOR, np.array([-1, 1, 1, 1]), np.array([2.0, 2.0]), -1))
@example(case=(np.array([[9.0, 9.0, 9.0]]), np.array([-1]), np.ones(3), -28))
def test_what_a_line_can_divide_is_divided(impl, case):
    X, y, _, _ = case
    fit = impl.perceptron_fit(X, y, max_epochs=rounds(X))
    assert fit.converged
    assert (y * (X @ fit.weights + fit.bias) > 0).all()


@given(case=separable())
@example(case=(XOR, np.array([-1, 1, 1, 1]), np.array([2.0, 2.0]), -1))
@example(case=(XOR, np.array([-1, -1, -1, 1]), np.array([2.0, 2.0]), -3))
def test_mistakes_stay_within_the_bound(impl, case):
    X, y, u, c = case
    fit = impl.perceptron_fit(X, y, max_epochs=rounds(X))
    # With a 1 in front of each row, and the bias in front of the weights.
    radius = (1 + (X**2).sum(axis=1)).max(initial=1)
    margin = (y * (X @ u + c)).min(initial=1e3)
    assert len(fit.mistakes) * margin**2 <= radius * (u @ u + c * c)


@given(case=separable())
def test_each_mistake_leaves_the_weights_between_two_curves(impl, case):
    X, y, u, c = case
    fit = impl.perceptron_fit(X, y, max_epochs=rounds(X))
    rows = np.asarray(fit.mistakes)
    steps = y[rows, np.newaxis] * np.column_stack([np.ones(len(rows)), X[rows]])
    path = np.cumsum(steps, axis=0)
    times = np.arange(1, len(rows) + 1)
    radius = (1 + (X**2).sum(axis=1)).max(initial=1)
    margin = (y * (X @ u + c)).min(initial=1e3)
    assert ((path**2).sum(axis=1) <= times * radius).all()
    assert (path @ [c, *u] >= times * margin).all()


@given(case=labeled())
def test_turning_all_labels_turns_the_weights(impl, case):
    X, y = case
    fit = impl.perceptron_fit(X, y, max_epochs=5)
    turned = impl.perceptron_fit(X, -y, max_epochs=5)
    assert_equal(turned.mistakes, fit.mistakes)
    assert_equal(turned.weights, -np.asarray(fit.weights))
    assert_equal(turned.bias, -fit.bias)


@given(case=labeled(), rng=generators())
def test_columns_may_be_listed_in_any_order(impl, case, rng):
    X, y = case
    order = rng.permutation(X.shape[1])
    want = np.asarray(impl.perceptron_fit(X, y, max_epochs=5).weights)[order]
    assert_equal(impl.perceptron_fit(X[:, order], y, max_epochs=5).weights, want)


@given(case=separable(), rng=generators())
def test_rows_in_another_order_may_give_another_line_which_divides_too(impl, case, rng):
    X, y, _, _ = case
    order = rng.permutation(len(X))
    fit = impl.perceptron_fit(X[order], y[order], max_epochs=rounds(X))
    assert (y * (X @ fit.weights + fit.bias) > 0).all()


@given(case=labeled(), epochs=st.integers(1, 4))
def test_it_stops_after_the_passes_it_is_given(impl, case, epochs):
    X, y = case
    fit = impl.perceptron_fit(X, y, max_epochs=epochs)
    assert len(fit.mistakes) <= epochs * len(X)
    again = impl.perceptron_fit(X, y, max_epochs=epochs + 1)
    assert_equal(again.mistakes[: len(fit.mistakes)], fit.mistakes)
    assert (len(again.mistakes) == len(fit.mistakes)) == bool(again.converged)


@pytest.mark.parametrize("epochs", [1, 2, 50])
def test_exclusive_or_is_never_learned(impl, epochs):
    y = np.array([-1, 1, 1, -1])
    fit = impl.perceptron_fit(XOR, y, max_epochs=epochs)
    assert not fit.converged
    assert (y * (XOR @ fit.weights + fit.bias) <= 0).any()


# -------------------------------------------------------------- what the articles say


@pytest.mark.claim("A1-008")
@given(step=st.floats(1e-6, 0.01))
def test_a_perceptron_jumps_where_other_neurons_slope(impl, step):
    y = np.array([-1, 1, 1, 1])
    fit = impl.perceptron_fit(XOR, y, max_epochs=50)
    w, moved = np.asarray(fit.weights), np.asarray(fit.weights) + step

    def answers(weights):
        return np.sign(XOR @ weights + float(fit.bias)).tolist()

    def slopes(weights):
        return neuron(XOR, weights, fit.bias, activation="sigmoid").tolist()

    # Its answer does not react to its weights, so no gradient could train it.
    assert answers(moved) == answers(w) == y.tolist()
    assert slopes(moved)[1:] != slopes(w)[1:]


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
def test_without_rows_the_weights_are_zero(impl):
    fit = impl.perceptron_fit(np.zeros((0, 2)), np.zeros(0, int), max_epochs=3)
    assert_equal(fit.weights, [0.0, 0.0])
    assert (float(fit.bias), len(fit.mistakes), fit.converged) == (0.0, 0, True)


@pytest.mark.contract
def test_a_sum_that_is_no_number_is_a_mistake(impl):
    fit = impl.perceptron_fit([[np.nan]], [1], max_epochs=3)
    assert_equal(fit.weights, [np.nan])
    assert_equal(fit.mistakes, [0, 0, 0])
    assert fit.converged is False


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_of_the_rows_is_kept(impl, dtype):
    fit = impl.perceptron_fit(np.ones((2, 3), dtype), [1, 1], max_epochs=3)
    assert fit.weights.dtype == dtype
    assert fit.bias.dtype == dtype
    assert fit.mistakes.dtype == np.intp


@pytest.mark.contract
def test_a_pass_without_a_mistake_is_the_last(impl):
    fit = impl.perceptron_fit([[1.0], [-1.0]], [1, -1], max_epochs=2**62)
    assert_equal(fit.mistakes, [0, 1])


@pytest.mark.contract
def test_labels_other_than_plus_and_minus_one_are_named(impl):
    message = r"^each label in y must be -1 or 1, got 0$"
    with pytest.raises(ValueError, match=message):
        impl.perceptron_fit([[1.0], [2.0]], [1, 0], max_epochs=1)
    with pytest.raises(TypeError, match=r"^y must hold integers, got dtype float64$"):
        impl.perceptron_fit([[1.0]], [1.0], max_epochs=1)


@pytest.mark.contract
def test_rows_that_do_not_fit_are_named(impl):
    message = r"^X and y must have equally many rows, got shapes \(2, 1\) and \(1,\)$"
    with pytest.raises(ValueError, match=message):
        impl.perceptron_fit([[1.0], [2.0]], [1], max_epochs=1)
    with pytest.raises(ValueError, match=r"^X must have 2 axes, got shape \(1,\)$"):
        impl.perceptron_fit([1.0], [1], max_epochs=1)
    with pytest.raises(ValueError, match=r"^y must have 1 axes, got shape \(1, 1\)$"):
        impl.perceptron_fit([[1.0]], [[1]], max_epochs=1)


@pytest.mark.contract
def test_passes_are_counted(impl):
    with pytest.raises(ValueError, match=r"^max_epochs must be at least 1, got 0$"):
        impl.perceptron_fit([[1.0]], [1], max_epochs=0)
    with pytest.raises(TypeError, match=r"^max_epochs must be an integer, got 1\.5$"):
        impl.perceptron_fit([[1.0]], [1], max_epochs=1.5)
