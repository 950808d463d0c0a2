"""Test vectors of activations: tails, ties, rows of scores, slopes that are learned."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.activations import elu as elu_spec
from derivations.activations import leaky_relu as leaky_spec
from derivations.activations import softmax as softmax_spec
from derivations.engine import Σ, evaluate
from reference.conformance.accuracy_truth import DIGITS, ROWWISE, UNARY
from reference.conformance.vectors_case import (
    CONTRACT,
    DTYPES,
    Vector,
    enclosed,
    signed,
)

__all__ = ["ROWS", "activations"]

# Tails, places where common formulas hand over to each other, subnormals, and zero.
_POINTS = (
    *(5e-324, 1e-310, 2.0**-1022, 1e-300, 1e-45, 1e-40, 1e-20, 1e-8, 2.0**-12, 0.1),
    *(0.25, 0.5, 0.7517915, 1.0, 1.2784645, 1.5, 2.0, 3.0, 5.55, 8.4, 10.0, 17.0, 20.5),
    *(36.75, 40.0, 88.8, 104.0, 709.8, 745.1, 1000.0, 1e30, 1e300),
)

_PROBABILITIES = (
    *(5e-324, 1e-310, 1e-300, 1e-20, 1e-7, 0.1, 0.25, 0.3, 0.4999, 0.5, 0.5000008),
    *(0.7, 0.75, 0.9, 1 - 2.0**-24, 1 - 2.0**-53),
)

# Where slopes and levels other than the default show.
_FEW = (0.1, 0.5, 1.0, 2.5, 17.0, 40.0)

# What a row of scores can look like: alone, tied, far apart, too large, almost certain.
ROWS = (
    ("n = 1", [3.5]),
    ("all equal", [1.0, 1.0, 1.0]),
    ("two tied", [2.0, 2.0, -1.0]),
    ("ordinary", [-0.5, 1.25, 0.75, 2.0]),
    ("large", [1000.0, 999.0, 998.5]),
    ("very negative", [-1000.0, -1001.0]),
    ("confident", [40.0, 0.0]),
    ("confident in float32", [17.0, 0.0]),
    ("largest is 0", [0.0, -40.0]),
    ("subnormal share", [0.0, -744.0]),
    ("the shift is rounded", [50.1, -33.3]),
)

_TABLE = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -40.0]])

# A cotangent, summed over the entries of a column of the Jacobian.
_PULLED_BACK = Σ(
    softmax_spec.g[softmax_spec.i] * softmax_spec.jacobian.end, softmax_spec.i
)


def activations() -> Iterator[Vector]:
    """Yield all of them."""
    for dtype in DTYPES:
        yield from _elementwise(dtype)
        yield from _steps(dtype)
        yield from _with_options(dtype)
        yield from _learned_slopes(dtype)
        yield from _rows(dtype)
        yield from _derivatives_of_rows(dtype)


def _elementwise(dtype: str) -> Iterator[Vector]:
    for name, function in UNARY.items():
        low, high = function.domain
        x = _PROBABILITIES if np.isfinite(low) else signed(_POINTS)
        x = _rounded(x, dtype)
        x = x[np.isfinite(x) & (x > low) & (x < high)]
        if function.free_at_zero:
            x = x[x != 0]
        exact = function.exact(x)
        size = np.where(x >= function.cancels_from, 1.0, 0.0)
        if name == "logit":  # near 1/2 the odds are 1, and their logarithm cancels
            size = np.ones_like(x)
        values = enclosed(exact, dtype, condition=_condition(name, x, exact), size=size)
        yield Vector(name, "values", dtype, (x,), (values,))
        ends = np.array([*function.domain, np.nan])
        limits = np.array([*map(_limit, function.ends), np.nan], dtype=object)
        some = Vector(name, "limits and NaN", dtype, (ends,), (_exactly(limits),))
        yield _conventional(some)


def _rounded(x: Any, dtype: str) -> NDArray[np.float64]:
    with np.errstate(over="ignore", under="ignore"):
        return np.unique(np.array(x).astype(dtype).astype(np.float64))


def _exactly(values: Any) -> Any:
    """Return values that are not to be missed by a digit, unless they have too many."""
    return enclosed(values, "float64")


def _conventional(vector: Vector) -> Vector:
    return Vector(**{**vars(vector), "level": CONTRACT})


def _limit(value: float) -> Any:
    """Return a limit that has to be rounded as a fraction."""
    return Fraction(value) if np.isfinite(value) else value


def _condition(name: str, x: NDArray[np.float64], exact: NDArray[Any]) -> Any:
    """Return how many ulp one ulp of the argument of an exponential is worth."""
    size = np.minimum(np.abs(x), 1100.0)
    if "gelu" in name:
        size = np.minimum(size, 40.0) ** 2
    tail = np.abs(exact.astype(np.float64)) < 0.5
    plain = "relu" in name or name == "identity"
    return np.where(tail & ~np.bool(plain), size, 0.0)


def _steps(dtype: str) -> Iterator[Vector]:
    x = _rounded(signed(_FEW), dtype)
    for options, at in (({}, 0.0), ({"threshold": 0.5}, 0.5)):
        y = np.array([Fraction(int(v > at)) for v in x], dtype=object)
        beside = x != at
        case = "beside the threshold"
        result = (_exactly(y[beside]),)
        yield Vector("binary_step", case, dtype, (x[beside],), result, options)
        case, result = "at the threshold", (_exactly(y[~beside]),)
        some = Vector("binary_step", case, dtype, (x[~beside],), result, options)
        yield _conventional(some)


def _with_options(dtype: str) -> Iterator[Vector]:
    x = _rounded(signed(_FEW), dtype)
    whole = np.array([Fraction(v) for v in x.tolist()], dtype=object)
    y = enclosed(whole * Fraction(5, 2), dtype)
    yield Vector("linear", "a slope", dtype, (x,), (y,), {"slope": 2.5})
    for slope in (0.25, 0.0, -1.0):
        given = {leaky_spec.x: x, leaky_spec.α: slope}
        exact = evaluate(leaky_spec.absolute_value.end, given, digits=DIGITS)
        y, options = enclosed(exact, dtype), {"negative_slope": slope}
        yield Vector("leaky_relu", f"slope {slope:g}", dtype, (x,), (y,), options)
    below = x < 0
    given = {elu_spec.a: -x[below], elu_spec.α: 0.5}
    exact, slopes = whole.copy(), np.full_like(whole, Fraction(1))
    exact[below] = evaluate(elu_spec.below_zero.end, given, digits=DIGITS)
    slopes[below] = evaluate(elu_spec.slope_below_zero.end, given, digits=DIGITS)
    options, case = {"alpha": 0.5}, "level 1/2"
    yield Vector("elu", case, dtype, (x,), (enclosed(exact, dtype),), options)
    x, slopes = x[x != 0], slopes[x != 0]
    y = enclosed(slopes, dtype, condition=np.abs(x))
    yield Vector("elu_derivative", case, dtype, (x,), (y,), options)


def _learned_slopes(dtype: str) -> Iterator[Vector]:
    x, g = _TABLE, np.array([[1.0, -0.5, 2.0], [0.25, 3.0, -1.0]])
    for case, slope in (
        ("one slope", np.array(0.25)),
        ("a slope each", np.array([0.25, 0.5, -1.0])),
    ):
        each = np.broadcast_to(slope, x.shape)
        given = {leaky_spec.x: x, leaky_spec.α: each}
        y = evaluate(leaky_spec.absolute_value.end, given, digits=DIGITS)
        yield Vector("prelu", case, dtype, (x, slope), (enclosed(y, dtype),))
        at_x = np.where(x > 0, g, g * each)  # exact: all have few digits
        columns = zip(x.T, g.T, strict=True) if slope.ndim else [(x.ravel(), g.ravel())]
        total = [
            evaluate(leaky_spec.slope_gradient, {leaky_spec.X: a, leaky_spec.g: b})
            for a, b in columns
        ]
        parts = (
            enclosed([[Fraction(v) for v in row] for row in at_x], dtype),
            enclosed(np.array(total, dtype=object).reshape(slope.shape), dtype),
        )
        yield Vector("prelu_vjp", case, dtype, (g, x, slope), parts)


def _rows(dtype: str) -> Iterator[Vector]:
    for name, function in ROWWISE.items():
        for case, row in ROWS:
            x = np.array(row, dtype=dtype).astype(np.float64)
            exact = np.array([function.exact(x)], dtype=object).reshape(
                () if function.reduces else x.shape
            )
            size: Any = np.abs(x).max() if function.reduces else 0.0
            y = enclosed(exact, dtype, condition=np.ptp(x), size=size)
            yield Vector(name, case, dtype, (x,), (y,))
        x = _TABLE.astype(dtype).astype(np.float64)
        exact = np.array([function.exact(column) for column in x.T], dtype=object)
        y = enclosed(exact.T, dtype, condition=50, size=float(function.reduces) * 40)
        yield Vector(name, "along columns", dtype, (x,), (y,), {"axis": 0})


def _derivatives_of_rows(dtype: str) -> Iterator[Vector]:
    for case, row in ROWS:
        z = np.array(row, dtype=dtype).astype(np.float64)
        g = np.arange(1.0, len(z) + 1) ** 2
        scores = {softmax_spec.z: z}
        given = {**scores, softmax_spec.g: g}
        p = evaluate(softmax_spec.share(softmax_spec.i), scores, digits=DIGITS)
        pulled = evaluate(_PULLED_BACK, given, digits=DIGITS)
        jacobian = evaluate(softmax_spec.jacobian.end, scores, digits=DIGITS)
        spread, size = np.ptp(z), np.diag(p.astype(float))  # 1 - p is formed at size 1
        y = enclosed(jacobian, dtype, condition=2 * spread, size=size)
        yield Vector("softmax_jacobian", case, dtype, (z,), (y,))
        size = (p * np.abs(np.subtract.outer(g, g)).max()).astype(float)
        y = enclosed(pulled, dtype, condition=spread, size=size)
        yield Vector("softmax_vjp", case, dtype, (g, z), (y,))
