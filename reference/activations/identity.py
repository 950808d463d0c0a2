"""Activations that bend nothing: the identity, and any line through the origin."""

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import FloatArray, as_float, as_real

__all__ = ["identity", "linear"]


def identity(x: ArrayLike, /) -> FloatArray:
    r"""Return every entry as it is, in an array of its own.

    $f(x) = x$

    Parameters
    ----------
    x : array_like, any shape
        Any real numbers.

    Returns
    -------
    ndarray, shape of ``x``
        A copy of ``x``; integers become float64.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers.

    Notes
    -----
    Special cases: infinities and NaN are returned as they are.

    Exact in every precision. Its slope is 1 everywhere.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006).

    Examples
    --------
    >>> identity([-2.0, 0.0, 3.0])
    array([-2.,  0.,  3.])
    """
    return np.positive(as_float("x", x))  # a copy, unlike x itself


def linear(x: ArrayLike, /, *, slope: float = 1.0) -> FloatArray:
    r"""Multiply every entry by one slope.

    $f(x) = a\,x$

    Parameters
    ----------
    x : array_like, any shape
        Any real numbers.
    slope : float, default 1.0
        The slope $a$, any finite number.

    Returns
    -------
    ndarray, shape of ``x``

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers, or ``slope`` is not one.
    ValueError
        ``slope`` is not finite.

    Notes
    -----
    Special cases: an infinity gives the limit, which is 0 if the slope is 0; NaN gives
    NaN. Its slope is ``slope`` everywhere.

    Error: correctly rounded in float64; float16 and float32 are rounded once more.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006).

    Examples
    --------
    >>> linear([-2.0, 0.0, 3.0], slope=0.5)
    array([-1. ,  0. ,  1.5])
    """
    x = as_float("x", x)
    a = as_real("slope", slope)
    if a == 0:  # 0 * inf would be NaN
        x = np.where(np.isinf(x), x.dtype.type(0), x)[()]
    with np.errstate(over="ignore"):
        return narrow(a * widen(x), x.dtype)
