"""The rectifier: keep what is positive, replace the rest by zero."""

import numpy as np
from numpy.typing import ArrayLike

from reference._validate import FloatArray, as_float, as_real

__all__ = ["relu", "relu_derivative"]


def relu(x: ArrayLike, /) -> FloatArray:
    r"""Replace every negative entry by zero.

    $\operatorname{relu}(x) = \max(0, x)$

    Parameters
    ----------
    x : array_like, any shape
        Any real numbers.

    Returns
    -------
    ndarray, shape of ``x``
        Values in $[0, \infty)$.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers.

    Notes
    -----
    Special cases: ``-inf`` gives 0, ``inf`` gives ``inf``, NaN gives NaN. The product
    $x \cdot [x > 0]$ would turn ``-inf`` into NaN.

    Exact in every precision: no digit is rounded.

    References
    ----------
    V. Nair and G. E. Hinton, "Rectified Linear Units Improve Restricted Boltzmann
    Machines", *International Conference on Machine Learning* (2010), 807-814.

    Examples
    --------
    >>> relu([-2.0, 0.0, 3.0])
    array([0., 0., 3.])
    """
    x = as_float("x", x)
    return np.maximum(x, 0)


def relu_derivative(x: ArrayLike, /, *, at_zero: float = 0.0) -> FloatArray:
    r"""Return the slope of the rectifier at every entry.

    $\operatorname{relu}'(x) = 1$ for $x > 0$ and $0$ for $x < 0$

    Parameters
    ----------
    x : array_like, any shape
        Where to take the slope.
    at_zero : float, default 0.0
        What to return at 0, where the one-sided slopes 0 and 1 differ: any
        subgradient, a number in [0, 1]. PyTorch's choice is 0.

    Returns
    -------
    ndarray, shape of ``x``
        0, 1, or ``at_zero``.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers, or ``at_zero`` is not one.
    ValueError
        ``at_zero`` lies outside [0, 1].

    Notes
    -----
    Special cases: ``-inf`` gives 0, ``inf`` gives 1, NaN gives NaN; -0.0 is zero.

    References
    ----------
    X. Glorot, A. Bordes and Y. Bengio, "Deep Sparse Rectifier Neural Networks",
    *International Conference on Artificial Intelligence and Statistics* (2011),
    315-323.

    Examples
    --------
    >>> relu_derivative([-2.0, 0.0, 3.0])
    array([0., 0., 1.])
    >>> relu_derivative(0.0, at_zero=0.5)
    np.float64(0.5)
    """
    x = as_float("x", x)
    slope = as_real("at_zero", at_zero)
    if not 0 <= slope <= 1:
        msg = f"at_zero must lie in [0, 1], got {at_zero!r}"
        raise ValueError(msg)
    return np.heaviside(x, x.dtype.type(slope))
