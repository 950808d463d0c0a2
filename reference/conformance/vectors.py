"""``lemmata vectors``: inputs and enclosures that any language can read.

The file needs no Python to be used: every number is a string, in hexadecimal, ``inf``
or ``nan``, as C's ``strtod`` reads it. Expected values are the definitions of the book,
evaluated to 60 digits; no implementation was asked.
"""

# Over 300 lines: the cases are listed here, beside what turns them into a file.

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import reference
from derivations.engine import evaluate
from derivations.losses import binary_cross_entropy as binary_spec
from derivations.losses import cross_entropy as categorical_spec
from derivations.losses import mean_squared_error as squared_spec
from reference.conformance.accuracy_truth import ROWWISE, UNARY, rounded
from reference.conformance.check import write_whole
from reference.conformance.errors import CommandError

__all__ = ["FILE", "Vector", "command", "document", "vectors"]

FILE = "vectors.json"

MATHEMATICS = "mathematics"

# What an honest formula may lose, apart from what the input's own condition costs.
_ULPS = 16

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

# What a row of scores can look like: alone, tied, far apart, too large, almost certain.
_ROWS = (
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

_LOGITS = ([-40.0, -17.0, -1.5, 0.0, 2.0, 17.0, 40.0, 100.0, -800.0],)
_CLASSES = ([0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0],)
_SOFT = ([0.5, 0.9, 0.001, 0.25, 0.75, 0.5, 0.1, 0.999, 0.5],)


@dataclass(frozen=True)
class Vector:
    """One call, and what it has to return.

    Attributes
    ----------
    function, case : str
        The function of the contract, and what the case is about.
    level : str
        ``"mathematics"``, or ``"contract"`` for what is this project's choice.
    dtype : str
        The format of arguments and results.
    options : dict
        Options that are not the default.
    arguments : tuple of ndarray
        What goes in.
    exact : ndarray
        What should come out: fractions, or infinities and NaN.
    slack : ndarray
        How far off it may be.
    """

    function: str
    case: str
    level: str
    dtype: str
    options: dict[str, Any]
    arguments: tuple[NDArray[Any], ...]
    exact: NDArray[Any]
    slack: NDArray[Any]


def vectors() -> list[Vector]:
    """Return all vectors, always the same."""
    return [*_elementwise(), *_rows(), *_losses()]


def _elementwise() -> Iterator[Vector]:
    for name, function in UNARY.items():
        bounded = function.domain != (-np.inf, np.inf)
        for dtype in ("float64", "float32"):
            x = _signed(_POINTS) if not bounded else np.array(_PROBABILITIES)
            with np.errstate(over="ignore", under="ignore"):
                x = np.unique(x.astype(dtype).astype(np.float64))
            low, high = function.domain
            x = x[np.isfinite(x) & (x > low) & (x < high)]
            if function.free_at_zero:
                x = x[x != 0]
            exact = function.exact(x)
            condition = _condition(name, x, exact)
            size = np.where(x >= function.cancels_from, 1.0, 0.0)
            if name == "logit":  # near 1/2 the odds are 1, and their logarithm cancels
                size = np.ones_like(x)
            slack = _slacks(exact, dtype, condition, size)
            yield Vector(name, "values", MATHEMATICS, dtype, {}, (x,), exact, slack)
            ends = np.array([*function.domain, np.nan])
            limits = np.array([*map(_limit, function.ends), np.nan], dtype=object)
            case, none = "limits and NaN", _slacks(limits, dtype)
            yield Vector(name, case, "contract", dtype, {}, (ends,), limits, none)


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


def _signed(points: Iterable[float]) -> NDArray[np.float64]:
    positive = np.array(list(points))
    return np.concatenate([-positive, [0.0], positive])


def _rows() -> Iterator[Vector]:
    for name, function in ROWWISE.items():
        for case, row in _ROWS:
            for dtype in ("float64", "float32"):
                x = np.array(row, dtype=dtype).astype(np.float64)
                exact = np.array([function.exact(x)], dtype=object).reshape(
                    () if function.reduces else x.shape
                )
                size: Any = np.abs(x).max() if function.reduces else 0.0
                slack = _slacks(exact, dtype, np.ptp(x), size)
                yield Vector(name, case, MATHEMATICS, dtype, {}, (x,), exact, slack)


def _losses() -> Iterator[Vector]:
    p, y = np.array([[0.5, -1.25, 3.0], [2.0, 0.25, -0.5]]), np.full((2, 3), 0.75)
    squares = np.array([[_square(a, 0.75) for a in row] for row in p], dtype=object)
    yield from _reduced("mse_loss", "six entries", (p, y), squares)
    one = (np.array([2.5]), np.array([1.0]))
    yield from _reduced("mse_loss", "n = 1", one, np.array([_square(2.5, 1.0)]))

    for case, targets in (("classes", _CLASSES), ("soft targets", _SOFT)):
        z, t = np.array(_LOGITS[0]), np.array(targets[0])
        given = {binary_spec.z: z, binary_spec.y: t}
        exact = np.asarray(evaluate(binary_spec.with_logits.start, given, digits=60))
        name = "binary_cross_entropy_with_logits"
        yield from _reduced(name, case, (z, t), exact, condition=np.abs(z))

    q = np.array([0.1, 0.5, 0.999, 1e-20, 1e-300, 0.75])
    t = np.array([0.0, 1.0, 1.0, 1.0, 1.0, 0.25])
    given = {binary_spec.p: q, binary_spec.y: t}
    exact = np.asarray(evaluate(binary_spec.likelihood.end, given, digits=60))
    yield from _reduced("binary_cross_entropy", "probabilities", (q, t), exact)

    for case, row in _ROWS:
        z = np.array([row])
        t = np.zeros_like(z)
        t[0, -1] = 1.0
        exact = np.array([-ROWWISE["log_softmax"].exact(z[0])[-1]], dtype=object)
        name = "softmax_cross_entropy"
        spread = np.array([np.ptp(z)])
        yield from _reduced(name, case, (z, t), exact, condition=spread)

    shares = np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])
    t = np.array([[0.0, 1.0, 0.0], [0.5, 0.25, 0.25]])
    rows = [
        evaluate(
            categorical_spec.loss,
            {categorical_spec.p: a, categorical_spec.t: b},
            digits=60,
        )
        for a, b in zip(shares, t, strict=True)
    ]
    exact = np.array(rows, dtype=object)
    yield from _reduced("categorical_cross_entropy", "two rows", (shares, t), exact)


def _square(prediction: float, target: float) -> Any:
    given = {squared_spec.p: [prediction], squared_spec.y: [target]}
    return evaluate(squared_spec.mse, given, digits=60)


def _reduced(
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
    mean = np.array(total / exact.size, dtype=object)
    whole = np.array(total, dtype=object)
    for options, want, cost in (
        ({}, mean, worst),
        ({"reduction": "sum"}, whole, worst),
        ({"reduction": "none"}, exact, condition),
    ):
        slack = _slacks(want, "float64", cost)
        yield Vector(
            name, case, MATHEMATICS, "float64", options, arguments, want, slack
        )


def _slacks(
    exact: NDArray[Any], dtype: str, condition: Any = 0.0, size: Any = 0.0
) -> NDArray[Any]:
    """Say how far off each entry may be: some ulp, more where the input asks for it."""
    steps = _ULPS * (1 + np.broadcast_to(condition, exact.shape))
    sizes = np.broadcast_to(size, exact.shape)
    triples = zip(exact.ravel(), steps.ravel(), sizes.ravel(), strict=True)
    limits = np.finfo(dtype)
    slack = [_slack(v, float(ulps), float(least), limits) for v, ulps, least in triples]
    return np.array(slack, dtype=object).reshape(exact.shape)


def _slack(value: Any, ulps: float, size: float, limits: Any) -> Fraction:
    """Return the allowed error of one entry."""
    if not isinstance(value, Fraction):
        return Fraction(0)
    near = max(abs(value), Fraction(size), Fraction(float(limits.tiny)))
    near = min(near, Fraction(float(limits.max)))
    unit = Fraction(float(np.spacing(limits.dtype.type(float(near)))))
    return Fraction(ulps) * unit


def document() -> dict[str, Any]:
    """Return what the file holds."""
    return {
        "format": 1,
        "lemmata": reference.__version__,
        "vectors": [_record(vector) for vector in vectors()],
    }


def _record(vector: Vector) -> dict[str, Any]:
    def entries(pick: Callable[[Any, Any], str]) -> list[str]:
        pairs = zip(vector.exact.ravel(), vector.slack.ravel(), strict=True)
        return [pick(value, slack) for value, slack in pairs]

    return {
        "function": vector.function,
        "case": vector.case,
        "level": vector.level,
        "dtype": vector.dtype,
        "options": vector.options,
        "arguments": [_array(argument) for argument in vector.arguments],
        "expected": {
            "shape": list(vector.exact.shape),
            "nearest": entries(lambda v, _: _hex(_nearest(v, vector.dtype))),
            "low": entries(lambda v, s: _hex(_outer(v, -s, vector.dtype))),
            "high": entries(lambda v, s: _hex(_outer(v, s, vector.dtype))),
        },
    }


def _array(array: NDArray[Any]) -> dict[str, Any]:
    return {
        "shape": list(array.shape),
        "data": [_hex(float(value)) for value in array.ravel()],
    }


def _hex(value: float) -> str:
    return value.hex() if np.isfinite(value) else str(value)


def _nearest(value: Any, dtype: str) -> float:
    return rounded(value, dtype) if isinstance(value, Fraction) else float(value)


def _outer(value: Any, slack: Fraction, dtype: str) -> float:
    """Return the last accepted number on one side."""
    if not isinstance(value, Fraction):
        return float(value)
    return rounded(value + slack, dtype)


def command(options: argparse.Namespace) -> int:
    """Run ``lemmata vectors`` and return its exit status."""
    folder: Path = options.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot write to {folder}: {error.strerror}"
        raise CommandError(message) from error
    content = document()
    text = json.dumps(content, indent=1, ensure_ascii=True, allow_nan=False) + "\n"
    write_whole(folder / FILE, text)
    count = len(content["vectors"])
    names = {vector["function"] for vector in content["vectors"]}
    sys.stdout.write(f"{folder / FILE}: {count} vectors of {len(names)} functions.\n")
    return 0
