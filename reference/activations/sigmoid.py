"""The logistic sigmoid: any real number in, a number between 0 and 1 out."""

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import FloatArray, as_float, check_probabilities

__all__ = ["log_sigmoid", "logit", "sigmoid", "sigmoid_derivative"]


def sigmoid(x: ArrayLike, /) -> FloatArray:
    r"""Squash every entry into (0, 1).

    $\sigma(x) = 1 / (1 + e^{-x})$

    Parameters
    ----------
    x : array_like, any shape
        Log-odds, or any real numbers.

    Returns
    -------
    ndarray, shape of ``x``
        Probabilities; 0 and 1 appear only where rounding reaches them.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers.

    Notes
    -----
    Special cases: ``-inf`` gives 0, ``inf`` gives 1, NaN gives NaN.

    Below zero the code divides both parts of the fraction by $e^{-x}$, so the
    exponential never exceeds 1 and nothing overflows (`activations.sigmoid.stable`).

    Error: at most 2 ulp in float64; correctly rounded in float16; in float32 on all
    inputs but 81, which are near-ties with $|x| < 1.5 \cdot 10^{-5}$.

    References
    ----------
    D. R. Cox, "The Regression Analysis of Binary Sequences", *Journal of the Royal
    Statistical Society, Series B* 20 (1958), 215-242.

    Examples
    --------
    >>> sigmoid([-1000.0, 0.0, 1000.0])
    array([0. , 0.5, 1. ])
    """
    x = as_float("x", x)
    # SYMMETRY: e^{-|x|} serves both sides, and it never overflows.
    e = np.exp(-np.abs(widen(x)))
    return narrow(np.where(x >= 0, 1, e) / (1 + e), x.dtype)


def sigmoid_derivative(x: ArrayLike, /) -> FloatArray:
    r"""Return the slope of the sigmoid at every entry.

    $\sigma'(x) = \sigma(x)\,(1 - \sigma(x)) = e^{-x} / (1 + e^{-x})^2$

    Parameters
    ----------
    x : array_like, any shape
        Where to take the slope: the sigmoid's argument, not its output.

    Returns
    -------
    ndarray, shape of ``x``
        Slopes in (0, 1/4], up to rounding; the largest, 1/4, is at 0.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers.

    Notes
    -----
    Special cases: ``-inf`` and ``inf`` give 0, NaN gives NaN.

    $\sigma(x)(1 - \sigma(x))$ loses everything once $\sigma(x)$ rounds to 1, from
    $x = 36.74$ in float64. The slope is even, so the code takes $e^{-|x|}$ and stays
    positive until $|x| = 745.13$ (`activations.sigmoid.derivative`).

    Error: at most 4 ulp in float64; correctly rounded in float16 and float32.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
    back-propagating errors", *Nature* 323 (1986), 533-536.

    Examples
    --------
    >>> sigmoid_derivative([0.0, 40.0])
    array([2.50000000e-01, 4.24835426e-18])
    """
    x = as_float("x", x)
    e = np.exp(-np.abs(widen(x)))
    return narrow(e / ((1 + e) * (1 + e)), x.dtype)


def log_sigmoid(x: ArrayLike, /) -> FloatArray:
    r"""Return the logarithm of the sigmoid of every entry.

    $\log \sigma(x) = -\log(1 + e^{-x})$

    Parameters
    ----------
    x : array_like, any shape
        Log-odds, or any real numbers.

    Returns
    -------
    ndarray, shape of ``x``
        Log-probabilities, all negative or zero.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers.

    Notes
    -----
    Special cases: ``-inf`` gives ``-inf``, ``inf`` gives 0, NaN gives NaN.

    The code uses $\min(x, 0) - \log(1 + e^{-|x|})$: two terms of one sign, nothing
    cancels (`activations.sigmoid.log_stable`).

    Error: at most 2 ulp in float64; correctly rounded in float16; in float32 on all
    inputs but one.

    Examples
    --------
    >>> log_sigmoid([-1000.0, 0.0])
    array([-1.00000000e+03, -6.93147181e-01])
    """
    x = as_float("x", x)
    wide = widen(x)
    return narrow(np.minimum(wide, 0) - np.log1p(np.exp(-np.abs(wide))), x.dtype)


def logit(p: ArrayLike, /) -> FloatArray:
    r"""Turn probabilities into log-odds: the inverse of the sigmoid.

    $\operatorname{logit}(p) = \log \dfrac{p}{1 - p}$

    Parameters
    ----------
    p : array_like, any shape
        Probabilities in [0, 1].

    Returns
    -------
    ndarray, shape of ``p``
        Log-odds; 0 gives ``-inf`` and 1 gives ``inf``.

    Raises
    ------
    TypeError
        ``p`` does not hold real numbers.
    ValueError
        An entry lies outside [0, 1].

    Notes
    -----
    Special cases: NaN gives NaN.

    Between 1/4 and 3/4 the code uses $\log(1 + (2p - 1)/(1 - p))$, which is the same
    number without the cancellation of two logarithms near $p = 1/2$
    (`activations.sigmoid.logit_stable`).

    Error: at most 3 ulp in float64; correctly rounded in float16 and float32.

    Examples
    --------
    >>> logit([0.0, 0.5, 0.75])
    array([      -inf, 0.        , 1.09861229])
    """
    p = as_float("p", p)
    check_probabilities("p", p)
    wide = widen(p)
    with np.errstate(divide="ignore"):  # log 0 = -inf is the right answer
        near_half = np.log1p((2 * wide - 1) / (1 - wide))
        elsewhere = np.log(wide) - np.log1p(-wide)
    return narrow(np.where(np.abs(wide - 0.5) < 0.25, near_half, elsewhere), p.dtype)
