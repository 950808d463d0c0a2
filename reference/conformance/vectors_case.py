"""One test vector: what goes in, what comes out, and how far off that may be."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.measure import unit_of

__all__ = [
    "CONTRACT",
    "DTYPES",
    "MATHEMATICS",
    "Enclosure",
    "Vector",
    "enclosed",
    "signed",
]

MATHEMATICS, CONTRACT = "mathematics", "contract"
DTYPES = ("float64", "float32")

# What an honest formula may lose, apart from what the input's own condition costs.
_ULPS = 16


@dataclass(frozen=True)
class Enclosure:
    """One array of results.

    Attributes
    ----------
    exact : ndarray
        What should come out: fractions, or infinities and NaN.
    slack : ndarray of Fraction
        How far off it may be.
    """

    exact: NDArray[Any]
    slack: NDArray[Any]


@dataclass(frozen=True)
class Vector:
    """One call, or one walk of an optimizer, and what it has to return.

    Attributes
    ----------
    function, case : str
        The function of the contract, and what the case is about.
    dtype : str
        The format of arguments and results.
    arguments : tuple
        What goes in: arrays, and tuples of arrays.
    results : tuple of Enclosure
        What comes out; functions that return several arrays have several.
    options : dict
        Options that are not the default.
    level : str
        ``"mathematics"``, or ``"contract"`` for what is this project's choice.
    form : str
        ``"call"``; or ``"walk"``: the function is a step of an optimizer, and its
        arguments are where it starts, the gradient at each step, and the learning rate
        at each step. What comes out is where it stands after each.
    """

    function: str
    case: str
    dtype: str
    arguments: tuple[Any, ...]
    results: tuple[Enclosure, ...]
    options: dict[str, Any] = field(default_factory=dict)
    level: str = MATHEMATICS
    form: str = "call"


def enclosed(
    exact: Any, dtype: str, *, condition: Any = 0.0, size: Any = 0.0
) -> Enclosure:
    """Say how far off each entry may be: some ulp, more where the input asks for it.

    Parameters
    ----------
    exact : array_like of Fraction
        What should come out.
    dtype : str
        The format whose ulp count.
    condition : array_like
        How many ulp one ulp of what goes in is worth.
    size : array_like
        Where terms of this size are added up and may cancel, ulp are of it.
    """
    exact = np.asarray(exact, dtype=object)
    slack = _each(
        lambda v, c, s: _slack(v, _ULPS * (1 + float(c)), float(s), np.finfo(dtype)),
        exact,
        condition,
        size,
    )
    return Enclosure(exact, slack)


def _each(function: Callable[..., Any], *arrays: Any) -> NDArray[Any]:
    first = arrays[0]
    columns = [np.broadcast_to(array, first.shape).ravel() for array in arrays]
    values = np.empty(first.size, dtype=object)
    values[:] = [function(*entries) for entries in zip(*columns, strict=True)]
    return values.reshape(first.shape)


def _slack(value: Fraction | float, ulps: float, size: float, limits: Any) -> Fraction:
    """Return the allowed error of one entry."""
    if not isinstance(value, Fraction):
        return Fraction(0)
    near = max(abs(value), Fraction(size), Fraction(float(limits.tiny)))
    near = min(near, Fraction(float(limits.max)))
    unit = float(unit_of(np.array(float(near)), limits))
    return Fraction(ulps) * Fraction(unit)


def signed(points: Iterable[float]) -> NDArray[np.float64]:
    """Return positive numbers, zero, and the negative ones."""
    positive = np.array(list(points))
    return np.concatenate([-positive, [0.0], positive])
