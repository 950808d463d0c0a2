"""Exclusive or, by the smallest network of rectifiers that can do it."""

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import FloatArray, as_float, check_rank

__all__ = ["xor_net"]


def xor_net(x: ArrayLike, /) -> FloatArray:
    r"""Return the exclusive or of two bits, by a network with two hidden rectifiers.

    $\operatorname{relu}(s) - 2 \operatorname{relu}(s - 1)$ with $s = x_1 + x_2$

    Parameters
    ----------
    x : array_like, shape (n, 2) or (2,)
        Pairs as rows, or a single one; between the bits the network interpolates.

    Returns
    -------
    ndarray, shape (n,), or a scalar for a single pair
        0 or 1 for bits.

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers.
    ValueError
        ``x`` does not have 1 or 2 axes, or not 2 columns.

    Notes
    -----
    Special cases: a sum of ``-inf`` gives 0, one of ``inf`` gives ``-inf``; NaN
    propagates.

    Exact on bits; elsewhere within a few units of the last place of the larger of the
    inputs and 1 (`layers.xor.up`, `layers.xor.down`).

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning* (2016), section 6.1.

    Examples
    --------
    >>> xor_net([[0, 0], [0, 1], [1, 0], [1, 1]])
    array([0., 1., 1., 0.])
    """
    x = as_float("x", x)
    check_rank("x", x, 1, 2)
    if x.shape[-1] != 2:
        msg = f"x must have 2 columns, got shape {x.shape}"
        raise ValueError(msg)
    with np.errstate(over="ignore", invalid="ignore"):
        s = widen(x)[..., 0] + widen(x)[..., 1]
        # THE SAME TENT: min(relu(s), 2 - s), which does not subtract inf from inf.
        return narrow(np.minimum(np.maximum(s, 0), 2 - s), x.dtype)
