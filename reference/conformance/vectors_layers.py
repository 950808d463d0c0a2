"""Test vectors of layers, of what flows back through them, and of what they start with.

Sums of products: errors are in ulp of what the sizes of all terms add up to.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.activations import sigmoid as sigmoid_spec
from derivations.activations import softmax as softmax_spec
from derivations.activations import tanh as tanh_spec
from derivations.backpropagation import dense_backward as backward_spec
from derivations.engine import evaluate, tanh
from derivations.gradient_flow import vanishing as vanishing_spec
from derivations.initialization import xavier as xavier_spec
from derivations.layers import dense as dense_spec
from derivations.layers import linear_collapse as collapse_spec
from derivations.layers import neuron as neuron_spec
from derivations.regularization import dropout as dropout_spec
from reference.conformance.accuracy_truth import DIGITS
from reference.conformance.vectors_case import DTYPES, Vector, enclosed

__all__ = ["layers"]

# Two samples of three features, for two units; and a square layer, in which a matrix
# and its transpose are of one shape.
_X = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -3.0]])
_W = np.array([[0.25, -0.5], [1.0, 2.0], [-1.5, 0.125]])
_B = np.array([0.5, -2.0])
_SQUARE = np.array([[1.0, 2.0], [-0.5, 4.0]])
_OTHER = np.array([[3.0, -1.0], [0.25, 0.5]])

# A chain of neurons: sums near 0, far away, and beyond where a slope underflows.
_CHAINS = (
    ("one neuron", [2.0], [0.0]),
    ("ordinary", [2.0, -0.5, 3.0], [0.0, 1.0, -1.0]),
    ("saturated", [8.0, -1.0], [40.0, -40.0]),
    ("a factor is subnormal, the product is not", [1e200, 1e200], [745.0, 745.0]),
    ("ten neurons", [8.0] * 10, [0.0] * 10),
)


def layers() -> Iterator[Vector]:
    """Yield all of them."""
    for dtype in DTYPES:
        for case, x, W, b in (
            ("three to two", _X, _W, _B),
            ("square", _SQUARE, _OTHER, _B),
        ):
            yield from _dense(case, dtype, x, W, b)
        yield from _neurons(dtype)
        yield from _collapsed(dtype)
        yield from _networks(dtype)
    yield from _chains()
    yield from _dropout()
    yield from _counts()


def _whole(array: Any) -> NDArray[Any]:
    """Return the exact numbers in an array."""
    flat = np.empty(np.size(array), dtype=object)
    flat[:] = [Fraction(v) for v in np.ravel(array).tolist()]
    return flat.reshape(np.shape(array))


def _dense(case: str, dtype: str, x: Any, W: Any, b: Any) -> Iterator[Vector]:
    given = {dense_spec.x: x, dense_spec.w: W, dense_spec.b: b}
    y = evaluate(dense_spec.output, given, digits=DIGITS)
    size = np.abs(x) @ np.abs(W) + np.abs(b)
    yield Vector("dense", case, dtype, (x, W, b), (enclosed(y, dtype, size=size),))
    g = np.array([[1.0, -0.5], [0.25, 3.0]])
    known = {backward_spec.g: g, backward_spec.x: x, backward_spec.w: W}
    parts = [
        (backward_spec.inputs, np.abs(g) @ np.abs(W).T),
        (backward_spec.weights, np.abs(x).T @ np.abs(g)),
        (backward_spec.bias, np.abs(g).sum(axis=0)),
    ]
    back = tuple(
        enclosed(evaluate(of.end, _named(of.end, known)), dtype, size=size)
        for of, size in parts
    )
    yield Vector("dense_vjp", case, dtype, (g, x, W, b), back)


def _named(expression: Any, known: dict[Any, Any]) -> dict[Any, Any]:
    """Return the arrays that an expression speaks of."""
    names = {str(name) for name in expression.free_symbols}
    return {key: value for key, value in known.items() if str(key) in names}


def _neurons(dtype: str) -> Iterator[Vector]:
    w, b = np.array([0.5, -1.0, 0.25]), np.array(0.75)
    score = [
        evaluate(neuron_spec.z, {neuron_spec.x: x, neuron_spec.w: w, neuron_spec.b: b})
        for x in _X
    ]
    z = np.array(score, dtype=object)
    size = np.abs(_X) @ np.abs(w) + np.abs(b)
    squashed = evaluate(tanh(tanh_spec.x), {tanh_spec.x: z}, digits=DIGITS)
    for name, y in ("identity", z), ("tanh", squashed):
        result = (enclosed(y, dtype, size=size),)
        yield Vector("neuron", name, dtype, (_X, w, b), result, {"activation": name})
    ones = np.hstack([np.ones((2, 1)), _X])
    yield Vector(
        "augment", "ones first", dtype, (_X,), (enclosed(_whole(ones), dtype),)
    )
    scores = np.array([[0.5, 2.0, -1.0], [3.0, 3.0, 1.0], [-2.0, -1.5, -1.0]])
    labels = (enclosed(_whole(np.array([1, 0, 2])), dtype),)
    yield Vector("predict_labels", "the first of equals", dtype, (scores,), labels)


def _collapsed(dtype: str) -> Iterator[Vector]:
    A, B, a, b = _W, _OTHER, _B, np.array([1.0, -0.25])
    given = {
        collapse_spec.A: A,
        collapse_spec.B: B,
        collapse_spec.a: a,
        collapse_spec.b: b,
    }
    parts = (
        (collapse_spec.composed_weight, np.abs(A) @ np.abs(B)),
        (collapse_spec.composed_bias, np.abs(a) @ np.abs(B) + np.abs(b)),
    )
    results = tuple(
        enclosed(evaluate(of, _named(of, given), digits=DIGITS), dtype, size=size)
        for of, size in parts
    )
    layers = ((A, B), (a, b))
    yield Vector("collapse_linear", "two layers", dtype, layers, results)


def _networks(dtype: str) -> Iterator[Vector]:
    """Yield a hidden layer of sigmoids below a softmax: errors pass through both."""
    V, c = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]]), np.array([0.0, 0.5, -0.5])
    x, z, share = sigmoid_spec.x, softmax_spec.z, softmax_spec.share(softmax_spec.i)
    given = {dense_spec.x: _X, dense_spec.w: _W, dense_spec.b: _B}
    first = evaluate(dense_spec.output, given, digits=DIGITS)
    hidden = evaluate(sigmoid_spec.σ(x), {x: first}, digits=DIGITS)
    given = {dense_spec.x: hidden.tolist(), dense_spec.w: V, dense_spec.b: c}
    second = evaluate(dense_spec.output, given, digits=DIGITS)
    shares = [evaluate(share, {z: row.tolist()}, digits=DIGITS) for row in second]
    size = np.abs(_X) @ np.abs(_W) + np.abs(_B)
    size = ((1 + size) @ np.abs(V) + np.abs(c)).max()
    y = enclosed(np.array(shares, dtype=object), dtype, condition=size)
    arguments = (_X, (_W, V), (_B, c))
    options = {"activations": ["sigmoid", "softmax"]}
    yield Vector("mlp", "sigmoid, softmax", dtype, arguments, (y,), options)


def _chains() -> Iterator[Vector]:
    t, W, z = vanishing_spec.t, vanishing_spec.W, vanishing_spec.z
    for case, weights, sums in _CHAINS:
        w, s = np.array(weights), np.array(sums)
        given = {W: w, z: s, t: len(w)}
        exact = evaluate(vanishing_spec.chain_gradient.end, given, digits=DIGITS)
        condition = np.abs(s).sum() + np.abs(np.log(np.abs(w))).sum() + len(w)
        y = enclosed(exact, "float64", condition=condition)
        yield Vector("chain_gradient", case, "float64", (w, s), (y,))
        exact = evaluate(vanishing_spec.bound.end, {W: w, t: len(w)}, digits=DIGITS)
        y = enclosed(exact, "float64", condition=condition)
        yield Vector("vanishing_bound", case, "float64", (w,), (y,))


def _dropout() -> Iterator[Vector]:
    w, x, t = np.array([0.5, -1.0, 2.0]), np.array([1.5, 0.25, -0.75]), np.array(0.5)
    for p in (0.0, 0.25, 0.5):
        given: dict[Any, Any] = {dropout_spec.w: w, dropout_spec.x: x}
        given |= {dropout_spec.t: t, dropout_spec.p: p}
        options = {"p": p}
        for name, of in (
            ("dropout_expected_loss", dropout_spec.expected_loss),
            ("dropout_expected_grad", dropout_spec.expected_gradient),
        ):
            y = enclosed(evaluate(of.end, given, digits=DIGITS), "float64", size=4.0)
            yield Vector(name, f"p = {p:g}", "float64", (w, x, t), (y,), options)


def _counts() -> Iterator[Vector]:
    for fans in ((3, 2), (1, 1), (300, 100)):
        known = dict(zip((xavier_spec.m, xavier_spec.n), fans, strict=True))
        exact = evaluate(xavier_spec.uniform_limit.end, known, digits=DIGITS)
        arguments, case = tuple(map(np.array, fans)), f"{fans[0]} to {fans[1]}"
        y = (enclosed(exact, "float64"),)
        yield Vector("xavier_variance", case, "float64", arguments, y)
        for slope in 0.0, 0.5:
            options = {"negative_slope": slope} if slope else {}
            exact = Fraction(2, fans[0]) / (1 + Fraction(slope) ** 2)
            y = (enclosed(exact, "float64"),)
            yield Vector("he_variance", case, "float64", arguments[:1], y, options)
    sizes = np.array([3, 4, 1])
    for bias, count in (True, 21), (False, 16):
        y = (enclosed(Fraction(count), "float64"),)
        case, chosen = f"3, 4, 1, bias {bias}", {} if bias else {"bias": False}
        yield Vector("parameter_count", case, "float64", (sizes,), y, chosen)
