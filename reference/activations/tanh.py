"""The hyperbolic tangent: any real number in, a number between -1 and 1 out."""

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import FloatArray, as_float

__all__ = ["tanh", "tanh_derivative"]


def tanh(x: ArrayLike, /) -> FloatArray:
    r"""Squash every entry into $(-1, 1)$.

    $\tanh(x) = (e^x - e^{-x}) / (e^x + e^{-x})$

    Parameters
    ----------
    x : array_like, any shape
        Any real numbers.

    Returns
    -------
    ndarray, shape of ``x``
        Values between -1 and 1; the ends appear only where rounding reaches them, in
        float64 from $|x| = 18.99$.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers.

    Notes
    -----
    Special cases: ``-inf`` gives -1, ``inf`` gives 1, NaN gives NaN.

    The formula as printed is ``inf / inf`` from $|x| = 710$ on and cancels near 0;
    ``numpy.tanh`` does neither. It is odd: ``tanh(-x)`` is ``-tanh(x)``, exactly.

    Error: at most 2 ulp in float64; correctly rounded in float16 and float32.

    References
    ----------
    Y. LeCun, L. Bottou, G. B. Orr and K.-R. Müller, "Efficient BackProp", in *Neural
    Networks: Tricks of the Trade* (1998).

    Examples
    --------
    >>> tanh([-1000.0, 0.0, 0.5])
    array([-1.        ,  0.        ,  0.46211716])
    """
    x = as_float("x", x)
    return narrow(np.tanh(widen(x)), x.dtype)


def tanh_derivative(x: ArrayLike, /) -> FloatArray:
    r"""Return the slope of the hyperbolic tangent at every entry.

    $\tanh'(x) = 1 - \tanh^2 x = 4 e^{-2x} / (1 + e^{-2x})^2$

    Parameters
    ----------
    x : array_like, any shape
        Where to take the slope: the argument of tanh, not its output.

    Returns
    -------
    ndarray, shape of ``x``
        Slopes in (0, 1]; the largest, 1, is at 0.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers.

    Notes
    -----
    Special cases: ``-inf`` and ``inf`` give 0, NaN gives NaN.

    $1 - \tanh^2 x$ loses everything once $\tanh x$ rounds to 1, from $|x| = 18.99$ in
    float64. The slope is even, so the code takes $e^{-|x|}$ and stays positive until
    $|x| = 373.26$ (`activations.tanh.stable_slope`). Squaring comes last: the square
    of $e^{-|x|}$ would underflow before four times it does.

    Error: at most 5 ulp in float64; correctly rounded in float16 and float32.

    Examples
    --------
    >>> tanh_derivative([0.0, 40.0])
    array([1.00000000e+00, 7.21940555e-35])
    """
    x = as_float("x", x)
    e = np.exp(-np.abs(widen(x)))
    reciprocal_cosh = 2 * e / (1 + e * e)
    return narrow(reciprocal_cosh * reciprocal_cosh, x.dtype)
