"""The exponential linear unit: a rectifier that levels off below zero."""

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import FloatArray, as_float, as_positive

__all__ = ["elu", "elu_derivative"]


def elu(x: ArrayLike, /, *, alpha: float = 1.0) -> FloatArray:
    r"""Keep what is positive, and let the rest level off at ``-alpha``.

    $x$ for $x \ge 0$ and $\alpha\,(e^x - 1)$ for $x < 0$

    Parameters
    ----------
    x : array_like, any shape
        Any real numbers.
    alpha : float, default 1.0
        The level $\alpha > 0$.

    Returns
    -------
    ndarray, shape of ``x``
        Values above $-\alpha$; $-\alpha$ itself appears only where rounding reaches it.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers, or ``alpha`` is not one.
    ValueError
        ``alpha`` is not positive and finite.

    Notes
    -----
    Special cases: ``-inf`` gives ``-alpha``, ``inf`` gives ``inf``, NaN gives NaN.

    The difference $e^x - 1$ loses its digits near 0; the code takes them from `expm1`.

    Error: at most 2 ulp in float64; correctly rounded in float16 and float32 where
    ``alpha`` is 1.

    References
    ----------
    D.-A. Clevert, T. Unterthiner and S. Hochreiter, "Fast and Accurate Deep Network
    Learning by Exponential Linear Units (ELUs)", *International Conference on Learning
    Representations* (2016).

    Examples
    --------
    >>> elu([-np.inf, -1e-20, 0.0, 3.0])
    array([-1.e+00, -1.e-20,  0.e+00,  3.e+00])
    """
    x = as_float("x", x)
    level = as_positive("alpha", alpha)
    wide = widen(x)
    # One of the two terms is 0.
    y = np.maximum(wide, 0) + level * np.expm1(np.minimum(wide, 0))
    return narrow(y, x.dtype)


def elu_derivative(x: ArrayLike, /, *, alpha: float = 1.0) -> FloatArray:
    r"""Return the slope of the ELU at every entry.

    $1$ for $x > 0$ and $\alpha\,e^x$ for $x \le 0$

    Parameters
    ----------
    x : array_like, any shape
        Where to take the slope.
    alpha : float, default 1.0
        The level $\alpha > 0$; the slope at 0 as well, where the one-sided slopes
        $\alpha$ and 1 differ unless $\alpha = 1$.

    Returns
    -------
    ndarray, shape of ``x``
        1 above 0, and values in $(0, \alpha]$ elsewhere; 0 appears only where rounding
        reaches it.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers, or ``alpha`` is not one.
    ValueError
        ``alpha`` is not positive and finite.

    Notes
    -----
    Special cases: ``-inf`` gives 0, ``inf`` gives 1, NaN gives NaN.

    The output plus $\alpha$ is the same number (`activations.elu.slope_from_output`),
    but far below 0 all of its digits cancel.

    Error: at most 2 ulp in float64, where $e^x$ is not subnormal; correctly rounded in
    float16 and float32 where ``alpha`` is 1.

    References
    ----------
    D.-A. Clevert, T. Unterthiner and S. Hochreiter, "Fast and Accurate Deep Network
    Learning by Exponential Linear Units (ELUs)", *International Conference on Learning
    Representations* (2016).

    Examples
    --------
    >>> elu_derivative([-np.inf, 0.0, 3.0], alpha=0.5)
    array([0. , 0.5, 1. ])
    """
    x = as_float("x", x)
    level = as_positive("alpha", alpha)
    wide = widen(x)
    below = level * np.exp(np.minimum(wide, 0))
    return narrow(np.where(wide > 0, 1.0, below)[()], x.dtype)
