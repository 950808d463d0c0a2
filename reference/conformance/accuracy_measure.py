"""Measure the results of one call against the exact values, rounded once."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.accuracy_tally import Tally, Wrong, place
from reference.conformance.accuracy_truth import TINY, Unary, rounded
from reference.conformance.measure import error_in, unit_of

__all__ = ["UncertainError", "measure_exactly", "measure_quickly"]

Array = NDArray[Any]

# Not even half of the allowance may ever be used.
_SHARE = 0.5

# So many inputs of each part audit the float64 formula.
_AUDITED = 6


class UncertainError(AssertionError):
    """The float64 formula is not as close to the exact value as it has to be."""


def measure_exactly(
    x: Array, got: Array, exact: Array, *, names: Array | None = None, size: Any = 0.0
) -> Tally:
    """Count errors against exact values.

    Parameters
    ----------
    x : ndarray
        Inputs, of which the ranges are told.
    got : ndarray
        Results, of the dtype in which they are judged.
    exact : ndarray of Fraction
        What they should be.
    names : ndarray of str, optional
        How inputs are written, where they are more than a number.
    size : array_like
        Where the exact value is smaller than this, errors are in units of this.
    """
    limits = np.finfo(got.dtype)
    want = np.array([rounded(value, got.dtype) for value in exact])
    wide = got.astype(np.float64)
    wrong = np.flatnonzero(wide != want)
    unit = unit_of(exact[wrong], limits)
    floor = np.broadcast_to(np.asarray(size, dtype=np.float64), x.shape)[wrong]
    unit = np.maximum(unit, unit_of(floor, limits))
    with np.errstate(all="ignore"):
        ulps = error_in(got[wrong], exact[wrong], unit, limits)
    tally = Tally(decided=len(x))
    where = place(x)
    inputs = x if names is None else names
    tally.add(
        where,
        len(x),
        Wrong(inputs[wrong], wide[wrong], want[wrong], ulps, where[wrong]),
    )
    return tally


def measure_quickly(
    function: Unary, x: Array, got: Array, *, at: int | None = None
) -> Tally:
    """Count errors in float16 or float32, evaluating few definitions.

    Parameters
    ----------
    function : Unary
        Which function it is.
    x, got : ndarray
        Finite inputs, and results of the dtype in which they are judged.
    at : int, optional
        The one range of x that all inputs lie in.

    Raises
    ------
    UncertainError
        The float64 formula misses an exact value by more than half of its allowance.
    """
    tally = Tally()
    wide = x.astype(np.float64)
    with np.errstate(all="ignore"):
        value = function.quick(wide)
        margin = function.margin(wide, value)
        low, high = (
            (value - margin).astype(got.dtype),
            (value + margin).astype(got.dtype),
        )
    differs = got != low
    differs |= low != high
    look = np.flatnonzero(differs)
    where = place(x) if at is None else at
    want = low.astype(np.float64) if at is None else low
    open_ = look[low[look] != high[look]]
    if function.lifted:  # x / 2 is a tie, and the exact value lies above it
        tiny = np.abs(wide[open_]) < TINY
        settled = open_[tiny]
        want[settled] = np.maximum(low[settled], high[settled])
        open_ = open_[~tiny]
    audited = np.linspace(0, len(x) - 1, min(_AUDITED, len(x))).astype(np.intp)
    exact = function.exact(wide[np.concatenate([open_, audited])])
    _audit(wide, value, margin, np.concatenate([open_, audited]), exact)
    want[open_] = [rounded(v, got.dtype) for v in exact[: len(open_)]]
    tally.decided, tally.audited = len(open_), len(audited)
    wrong = look[got[look] != want[look]]
    ulps = _ulps(got[wrong], value[wrong], function.size(wide[wrong]))
    spots = np.broadcast_to(where, x.shape)[wrong]
    tally.add(
        where,
        len(x),
        Wrong(
            x[wrong],
            got[wrong].astype(np.float64),
            want[wrong].astype(np.float64),
            ulps,
            spots,
        ),
    )
    return tally


def _ulps(got: Array, value: NDArray[np.float64], size: Any) -> NDArray[np.float64]:
    limits = np.finfo(got.dtype)
    unit = unit_of(np.maximum(np.abs(value), size), limits)
    with np.errstate(all="ignore"):
        return error_in(got, value, unit, limits)


def _audit(
    x: NDArray[np.float64],
    value: NDArray[np.float64],
    margin: NDArray[np.float64],
    where: NDArray[np.intp],
    exact: Array,
) -> None:
    """Hold the float64 formula against the definition."""
    for index, truth in zip(where.tolist(), exact.tolist(), strict=True):
        number = float(value[index])
        if not np.isfinite(number):
            message = f"the float64 formula gives {number} at {x[index].hex()}"
            raise UncertainError(message)
        # Far below every float16 and float32 all numbers are 0.
        allowed = (
            Fraction(float(margin[index])) * Fraction(_SHARE) + Fraction(2) ** -200
        )
        if abs(Fraction(number) - truth) > allowed:
            message = f"the float64 formula is off by too much at {x[index].hex()}"
            raise UncertainError(message)


def parts(x: Array, size: int) -> Iterator[Array]:
    """Cut inputs into pieces."""
    for start in range(0, len(x), size):
        yield x[start : start + size]
