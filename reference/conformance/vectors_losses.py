"""Test vectors of losses and their gradients: each reduction, all kinds of targets."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.activations import softplus as softplus_spec
from derivations.engine import evaluate, log
from derivations.losses import binary_cross_entropy as binary_spec
from derivations.losses import canonical_link as link_spec
from derivations.losses import cosine as cosine_spec
from derivations.losses import cross_entropy as categorical_spec
from derivations.losses import mean_squared_error as squared_spec
from reference.conformance.accuracy_truth import DIGITS, ROWWISE
from reference.conformance.vectors_activations import ROWS
from reference.conformance.vectors_case import Vector, enclosed

__all__ = ["losses"]

_LOGITS = np.array([-40.0, -17.0, -1.5, 0.0, 2.0, 17.0, 40.0, 100.0, -800.0])
_CLASSES = np.array([0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0])
_SOFT = np.array([0.5, 0.9, 0.001, 0.25, 0.75, 0.5, 0.1, 0.999, 0.5])

_PREDICTED = np.array([0.1, 0.5, 0.999, 1e-20, 1e-300, 0.75])
_TRUE = np.array([0.0, 1.0, 1.0, 1.0, 1.0, 0.25])

_SHARES = np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])
_TARGETS = np.array([[0.0, 1.0, 0.0], [0.5, 0.25, 0.25]])
_SCORES = np.array([[0.5, -1.25, 3.0], [2.0, 0.25, -0.5]])

_PAIRS = (
    ("ordinary", [[1.0, 2.0, -0.5], [0.25, -3.0, 1.0]], [[0.5, -1.0, 2.0], [1.0] * 3]),
    ("almost orthogonal", [[1.0, 1e-9]], [[0.0, 2.0]]),
    ("almost parallel", [[1.0, 1.0]], [[1.0, 1.0 + 2.0**-20]]),
    ("opposite", [[3.0, -4.0]], [[-6.0, 8.0]]),
    ("tiny", [[1e-200, 2e-200]], [[2e-200, 1e-200]]),
    ("huge", [[1e200, 2e200]], [[2e200, 1e200]]),
)


def losses() -> Iterator[Vector]:
    """Yield all of them, in float64."""
    yield from _squared()
    yield from _binary()
    yield from _binary_of_logits()
    yield from _categorical()
    yield from _of_scores()
    yield from _cosines()
    yield from _links()


def _value(
    name: str,
    case: str,
    arguments: tuple[NDArray[Any], ...],
    exact: NDArray[Any],
    *,
    condition: Any = 0.0,
) -> Iterator[Vector]:
    """Yield a loss with each reduction: a mean taken for a sum shows here."""
    total = sum(exact.ravel().tolist(), Fraction(0))
    worst = np.max(condition)
    for options, want, cost in (
        ({}, total / exact.size, worst),
        ({"reduction": "sum"}, total, worst),
        ({"reduction": "none"}, exact, condition),
    ):
        result = enclosed(want, "float64", condition=cost)
        yield Vector(name, case, "float64", arguments, (result,), options)


def _gradient(
    name: str,
    case: str,
    arguments: tuple[NDArray[Any], ...],
    exact: NDArray[Any],
    *,
    shared_by: int,
    condition: Any = 0.0,
    size: Any = 0.0,
    **options: str,
) -> Iterator[Vector]:
    """Yield the gradient of a loss with each reduction.

    It is ``exact`` of a loss that is not reduced, and of the mean the share that
    ``shared_by`` losses leave of it.
    """
    for reduction, parts in ({}, shared_by), ({"reduction": "sum"}, 1):
        size = np.asarray(size) / parts
        result = enclosed(exact / parts, "float64", condition=condition, size=size)
        chosen = {**options, **reduction}
        yield Vector(name, case, "float64", arguments, (result,), chosen)
    chosen = {**options, "reduction": "none"}
    yield Vector(name, case, "float64", arguments, (result,), chosen)


def _squared() -> Iterator[Vector]:
    for case, p, y in (
        ("six entries", _SCORES, np.full((2, 3), 0.75)),
        ("n = 1", np.array([2.5]), np.array([1.0])),
    ):
        pairs = list(zip(p.ravel(), y.ravel(), strict=True))
        known = [{squared_spec.p: [a], squared_spec.y: [b]} for a, b in pairs]
        squares = [evaluate(squared_spec.mse, k, digits=DIGITS) for k in known]
        exact = np.array(squares, dtype=object).reshape(p.shape)
        yield from _value("mse_loss", case, (p, y), exact)
        slopes = [evaluate(squared_spec.gradient, k, digits=DIGITS)[0] for k in known]
        exact = np.array(slopes, dtype=object).reshape(p.shape)
        yield from _gradient("mse_loss_grad", case, (p, y), exact, shared_by=p.size)


def _binary() -> Iterator[Vector]:
    q, t = _PREDICTED, _TRUE
    given = {binary_spec.p: q, binary_spec.y: t}
    exact = evaluate(binary_spec.likelihood.end, given, digits=DIGITS)
    name, case = "binary_cross_entropy", "probabilities"
    yield from _value(name, case, (q, t), exact)
    slopes = evaluate(binary_spec.gradient.end, given, digits=DIGITS)
    yield from _gradient(f"{name}_grad", case, (q, t), slopes, shared_by=q.size)


def _binary_of_logits() -> Iterator[Vector]:
    z, name = _LOGITS, "binary_cross_entropy_with_logits"
    for case, t in (("classes", _CLASSES), ("soft targets", _SOFT)):
        given = {binary_spec.z: z, binary_spec.y: t}
        exact = evaluate(binary_spec.with_logits.start, given, digits=DIGITS)
        yield from _value(name, case, (z, t), exact, condition=np.abs(z))
        end = binary_spec.gradient_without_cancellation.end
        slopes = evaluate(end, given, digits=DIGITS)
        # Two terms, of which one is 0 if the target is a class.
        size = 0.0 if case == "classes" else _one_minus(_SOFT)
        yield from _gradient(
            f"{name}_grad",
            case,
            (z, t),
            slopes,
            shared_by=z.size,
            condition=np.abs(z),
            size=size,
        )


def _one_minus(t: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(t, 1 - t)


def _categorical() -> Iterator[Vector]:
    p, t = _SHARES, _TARGETS
    known = [
        {categorical_spec.p: a, categorical_spec.t: b}
        for a, b in zip(p, t, strict=True)
    ]
    name, case = "categorical_cross_entropy", "two rows"
    rows = [evaluate(categorical_spec.loss, k, digits=DIGITS) for k in known]
    yield from _value(name, case, (p, t), np.array(rows, dtype=object))
    slopes = [evaluate(categorical_spec.gradient.end, k, digits=DIGITS) for k in known]
    exact = np.array(slopes, dtype=object)
    yield from _gradient(f"{name}_grad", case, (p, t), exact, shared_by=len(p))
    labels = np.array([1, 0])
    one_hot, c = categorical_spec.one_hot.end, categorical_spec.c
    costs = [
        evaluate(one_hot, {categorical_spec.p: row, c: int(label) + 1}, digits=DIGITS)
        for row, label in zip(p, labels, strict=True)
    ]
    exact = np.array(costs, dtype=object)
    yield from _value(f"sparse_{name}", "labels from 0", (p, labels), exact)


def _of_scores() -> Iterator[Vector]:
    name, logarithm = "softmax_cross_entropy", ROWWISE["log_softmax"].exact
    for case, row in ROWS:
        z, t = np.array([row]), np.zeros((1, len(row)))
        t[0, -1] = 1.0
        spread = np.array([np.ptp(z)])
        exact = np.array([-logarithm(z[0])[-1]], dtype=object)
        yield from _value(name, case, (z, t), exact, condition=spread)
    slope = f"{name}_grad"
    soft = ("soft targets, two rows", _SCORES, _TARGETS)
    for case, z, t in (*((c, np.array([r]), _last(r)) for c, r in ROWS), soft):
        exact = _slopes_of_scores(z, t)
        size = np.where((t > 0) & (t < 1), 1.0, 0.0)
        spread, n = np.ptp(z), len(z)
        yield from _gradient(
            slope, case, (z, t), exact, shared_by=n, condition=spread, size=size
        )


def _last(row: list[float]) -> NDArray[np.float64]:
    return np.eye(len(row))[-1:]


def _slopes_of_scores(z: NDArray[Any], t: NDArray[Any]) -> NDArray[Any]:
    end = categorical_spec.softmax_gradient.end
    pairs = zip(z, t, strict=True)
    rows = [
        evaluate(end, {categorical_spec.z: a, categorical_spec.t: b}, digits=DIGITS)
        for a, b in pairs
    ]
    return np.array(rows, dtype=object)


def _cosines() -> Iterator[Vector]:
    for case, first, second in _PAIRS:
        a, b = np.array(first), np.array(second)
        cosines = [
            evaluate(
                cosine_spec.similarity,
                {cosine_spec.a: x, cosine_spec.b: y},
                digits=DIGITS,
            )
            for x, y in zip(a, b, strict=True)
        ]
        exact = np.array(cosines, dtype=object)
        y = enclosed(exact, "float64", condition=a.shape[1], size=1.0)
        yield Vector("cosine_similarity", case, "float64", (a, b), (y,))
        # The square of an angle, which differences of directions tell.
        angle = np.sqrt(2 * (1 - exact).astype(float))
        y = enclosed(1 - exact, "float64", condition=a.shape[1], size=angle)
        yield Vector("cosine_distance", case, "float64", (a, b), (y,))


def _links() -> Iterator[Vector]:
    z, t = _SCORES, _TARGETS
    k = z.shape[1]
    alone = {link_spec.T: np.eye(k), link_spec.h: np.ones(k)}
    scores, target, x = link_spec.score, link_spec.target, softplus_spec.x
    partition = log(link_spec.partition)
    for link, totals, slopes in (
        (
            "softmax",
            [evaluate(partition, {**alone, link_spec.z: r}, digits=DIGITS) for r in z],
            _slopes_of_scores(z, t),
        ),
        (
            "sigmoid",
            evaluate(softplus_spec.above_zero.start, {x: z}, digits=DIGITS).sum(axis=1),
            evaluate(link_spec.sigmoid.end, {scores: z, target: t}, digits=DIGITS),
        ),
        (
            "identity",
            evaluate(scores**2 / 2, {scores: z}, digits=DIGITS).sum(axis=1),
            evaluate(link_spec.identity.end, {scores: z, target: t}, digits=DIGITS),
        ),
    ):
        whole = np.array(list(totals), dtype=object)
        y = enclosed(whole, "float64", condition=k)
        options = {"link": link}
        yield Vector("log_partition", link, "float64", (z,), (y,), options)
        yield from _gradient(
            "canonical_loss_grad",
            link,
            (z, t),
            slopes,
            shared_by=len(z),
            size=1.0,
            link=link,
        )
