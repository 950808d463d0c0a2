"""SiLU: a number times its own sigmoid."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference._rounding import beside, narrow, widen
from reference._validate import FloatArray, as_float

__all__ = ["silu", "silu_derivative"]

# Beyond 800 the exponential, and 800 times it, is below the smallest float.
_FAR = 800.0


def silu(x: ArrayLike, /) -> FloatArray:
    r"""Multiply every entry by its own sigmoid.

    $\operatorname{silu}(x) = x\,\sigma(x) = x / (1 + e^{-x})$

    Parameters
    ----------
    x : array_like, any shape
        Any real numbers.

    Returns
    -------
    ndarray, shape of ``x``
        Values from -0.27846, at -1.27846, upward; negative for every negative number
        until rounding reaches 0, below -751.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers.

    Notes
    -----
    Special cases: ``-inf`` gives 0, ``inf`` gives ``inf``, NaN gives NaN.

    Left of zero the code multiplies both parts of the fraction by $e^x$, so nothing
    overflows. Far left a result may still be a float when the exponential is none any
    more: there it is multiplied in as two halves (`activations.sigmoid.stable`).

    Error: at most 4 ulp in float64; correctly rounded in float16; in float32 on all
    inputs but one.

    References
    ----------
    S. Elfwing, E. Uchibe and K. Doya, "Sigmoid-Weighted Linear Units for Neural Network
    Function Approximation in Reinforcement Learning", *Neural Networks* 107 (2018),
    3-11.

    Examples
    --------
    >>> silu([-40.0, 0.0, 1.0])
    array([-1.69934170e-16,  0.00000000e+00,  7.31058579e-01])
    """
    x = as_float("x", x)
    wide = np.maximum(widen(x), -_FAR)
    left = np.minimum(wide, 0)
    top = np.where(wide >= 0, wide, _times_exponential(left, left))
    bottom = 1 + np.exp(-np.abs(wide))
    return narrow(top / beside(bottom, 2 - np.sign(x), wide, x.dtype), x.dtype)


def silu_derivative(x: ArrayLike, /) -> FloatArray:
    r"""Return the slope of SiLU at every entry.

    $\operatorname{silu}'(x) = \sigma(x) + x\,\sigma(x)\,(1 - \sigma(x))$

    Parameters
    ----------
    x : array_like, any shape
        Where to take the slope.

    Returns
    -------
    ndarray, shape of ``x``
        Slopes from -0.09984, at -2.39936, to 1.09984, at 2.39936.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers.

    Notes
    -----
    Special cases: ``-inf`` gives 0, ``inf`` gives 1, NaN gives NaN.

    The code forms $e^x (1 + x + e^x) / (1 + e^x)^2$ on the left, and the same divided
    by $e^{2x}$ on the right (`activations.silu.quotient`).

    Error: in float64 at most 6 ulp left of -2, and $2^{-50}$ elsewhere, where the slope
    changes its sign; correctly rounded in float16; in float32 on all but 104 inputs.

    Examples
    --------
    >>> silu_derivative([-40.0, 0.0])
    array([-1.65685816e-16,  5.00000000e-01])
    """
    x = as_float("x", x)
    wide = np.clip(widen(x), -_FAR, _FAR)
    e = np.exp(-np.abs(wide))
    square = (1 + e) * (1 + e)
    left = _times_exponential((1 + wide + e) / square, np.minimum(wide, 0))
    right = (1 + e + wide * e) / square
    return narrow(np.where(wide >= 0, right, left), x.dtype)


def _times_exponential(
    factor: NDArray[np.float64], x: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Multiply by e^x for negative x; below -700 in two halves, not to underflow."""
    half = np.exp(x / 2)
    with np.errstate(under="ignore"):
        return np.where(x < -700, factor * half * half, factor * np.exp(x))
