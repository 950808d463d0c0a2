"""Cosine similarity and distance: how far apart two directions are."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference._rounding import narrow, widen
from reference._validate import (
    FloatArray,
    as_floats,
    check_axis,
    check_not_empty,
    check_same_shape,
)

__all__ = ["cosine_distance", "cosine_similarity"]


def cosine_similarity(a: ArrayLike, b: ArrayLike, /, *, axis: int = -1) -> FloatArray:
    r"""Return the cosine of the angle between the vectors along an axis.

    $\cos \theta = \dfrac{\sum_i a_i b_i}{\|a\| \, \|b\|}$

    Parameters
    ----------
    a, b : array_like, shape (..., k, ...)
        Vectors along ``axis``; one shape, none of them zero.
    axis : int, default -1
        The axis that the vectors lie along.

    Returns
    -------
    ndarray, the shape without ``axis``
        Cosines in [-1, 1]: 1 for equal directions, 0 for a right angle.

    Raises
    ------
    TypeError
        An argument does not hold real numbers, or ``axis`` is no integer.
    ValueError
        The shapes differ, ``axis`` is empty, or a vector is zero: it has no direction.
    numpy.exceptions.AxisError
        ``axis`` is out of range.

    Notes
    -----
    Special cases: NaN propagates; a vector with an infinite entry gives NaN.

    Squares leave the range of floats long before the entries do. The code first
    divides each vector by a power of two next to its largest entry, which is exact and
    changes no direction (`losses.cosine.scaling`).

    Error: in float64 at most $(k + 4) \cdot 2^{-53}$, absolutely; a product that
    cancels has few right digits.

    Examples
    --------
    >>> cosine_similarity([3.0, 4.0], [4.0, 3.0])
    np.float64(0.96)
    >>> cosine_similarity([1e-200, 0.0], [1e200, 1e200])
    np.float64(0.7071067811865476)
    """
    a, b, dtype = _vectors(a, b, axis)
    with np.errstate(invalid="ignore"):  # an infinite entry: NaN
        lengths = np.sqrt((a * a).sum(axis=-1) * (b * b).sum(axis=-1))
        cosine = (a * b).sum(axis=-1) / lengths
    return narrow(np.clip(cosine, -1, 1), dtype)


def cosine_distance(a: ArrayLike, b: ArrayLike, /, *, axis: int = -1) -> FloatArray:
    r"""Return one minus the cosine of the angle between the vectors along an axis.

    $1 - \cos \theta = \tfrac12 \left\| \dfrac{a}{\|a\|} - \dfrac{b}{\|b\|} \right\|^2$

    Parameters
    ----------
    a, b : array_like, shape (..., k, ...)
        Vectors along ``axis``; one shape, none of them zero.
    axis : int, default -1
        The axis that the vectors lie along.

    Returns
    -------
    ndarray, the shape without ``axis``
        Distances in [0, 2]: 0 for equal directions, 1 for a right angle, 2 for opposite
        ones. Not a metric: two short ways may be shorter than the direct one.

    Raises
    ------
    TypeError
        An argument does not hold real numbers, or ``axis`` is no integer.
    ValueError
        The shapes differ, ``axis`` is empty, or a vector is zero: it has no direction.
    numpy.exceptions.AxisError
        ``axis`` is out of range.

    Notes
    -----
    Special cases: those of `cosine_similarity`.

    Subtracting the cosine from 1 leaves nothing of angles below $10^{-8}$. Half the
    squared distance of the two directions is the same number
    (`losses.cosine.half_square`), and keeps the digits that the angle has.

    Error: in float64 at most $(k + 8) \cdot 2^{-53} (d + \sqrt d)$, and
    $10^{-32} k^2$ where the directions agree.

    Examples
    --------
    >>> cosine_distance([1.0, 0.0], [0.0, 2.0])
    np.float64(1.0)
    >>> cosine_distance([1.0, 0.0], [1.0, 1e-9])
    np.float64(5e-19)
    """
    a, b, dtype = _vectors(a, b, axis)
    # IDENTITY: 1 - cos is half the squared distance of the directions.
    with np.errstate(invalid="ignore"):  # an infinite entry: NaN
        gap = _direction(a) - _direction(b)
    return narrow(np.clip((gap * gap).sum(axis=-1) / 2, 0, 2), dtype)


def _vectors(
    a: ArrayLike, b: ArrayLike, axis: int
) -> tuple[NDArray[Any], NDArray[Any], np.dtype[Any]]:
    """Return both in float64 with vectors on the last axis and entries of size one."""
    a, b = as_floats(a=a, b=b)
    check_same_shape(a=a, b=b)
    axis = check_axis("a", a, axis)
    check_not_empty("a", a, axis=axis)
    scaled = []
    for name, vectors in (("a", a), ("b", b)):
        wide = np.moveaxis(widen(vectors), axis, -1)
        largest = np.abs(wide).max(axis=-1, keepdims=True)
        if (largest == 0).any():
            msg = f"{name} must not hold a zero vector: it has no direction"
            raise ValueError(msg)
        # A power of two brings the largest entry into [1/2, 1) without rounding.
        with np.errstate(invalid="ignore", under="ignore"):
            scaled.append(np.ldexp(wide, -np.frexp(largest)[1]))
    return scaled[0], scaled[1], a.dtype


def _direction(vectors: NDArray[Any]) -> NDArray[Any]:
    return vectors / np.sqrt((vectors * vectors).sum(axis=-1, keepdims=True))
