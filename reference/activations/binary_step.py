"""The binary step: yes or no, by a threshold."""

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import FloatArray, as_float, as_real

__all__ = ["binary_step"]


def binary_step(x: ArrayLike, /, *, threshold: float = 0.0) -> FloatArray:
    r"""Return 1 for every entry above a threshold, and 0 for the others.

    $H(x - t) = 1$ for $x > t$ and $0$ for $x \le t$

    Parameters
    ----------
    x : array_like, any shape
        Any real numbers.
    threshold : float, default 0.0
        The threshold $t$, any finite number. An entry equal to it gives 0.

    Returns
    -------
    ndarray, shape of ``x``
        Zeros and ones, of the dtype of ``x``.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers, or ``threshold`` is not one.
    ValueError
        ``threshold`` is not finite.

    Notes
    -----
    Special cases: ``-inf`` gives 0, ``inf`` gives 1, NaN gives NaN.

    Exact in every precision: entries and threshold are compared in float64. Its slope
    is 0 everywhere but at the threshold, where it has none.

    References
    ----------
    W. S. McCulloch and W. Pitts, "A Logical Calculus of the Ideas Immanent in Nervous
    Activity", *Bulletin of Mathematical Biophysics* 5 (1943), 115-133.

    Examples
    --------
    >>> binary_step([-2.0, 0.0, 3.0])
    array([0., 0., 1.])
    >>> binary_step([3.0, 6.0], threshold=5.0)
    array([0., 1.])
    """
    x = as_float("x", x)
    t = as_real("threshold", threshold)
    # x - t is positive if and only if x > t, rounded or not.
    with np.errstate(over="ignore"):
        return narrow(np.heaviside(widen(x) - t, 0), x.dtype)
