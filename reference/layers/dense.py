"""A dense layer: every unit adds up all inputs, each times a weight of its own."""

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import (
    FloatArray,
    as_array,
    as_count,
    as_floats,
    as_labels,
    check_rank,
)
from reference.layers._shapes import check_layer

__all__ = ["dense", "parameter_count"]


def dense(x: ArrayLike, weights: ArrayLike, bias: ArrayLike, /) -> FloatArray:
    r"""Add up the inputs of every unit, weighted, and the unit's bias, row by row.

    $z_{ik} = \sum_j x_{ij} W_{jk} + b_k$, which is $Z = X W + \mathbf{1} b^\top$

    Parameters
    ----------
    x : array_like, shape (..., d_in)
        Inputs; the last axis holds the features, samples are rows.
    weights : array_like, shape (d_in, d_out)
        One column of weights a unit.
    bias : array_like, shape (d_out,)
        One number a unit.

    Returns
    -------
    ndarray, shape (..., d_out)
        One pre-activation a sample and unit.

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        ``x`` has no axis, ``weights`` are no matrix, or the lengths do not fit: as many
        rows of weights as features, as many biases as columns of weights.

    Notes
    -----
    Special cases: without features every row is the bias; without rows there is nothing
    to return. An infinite or NaN entry follows IEEE arithmetic through the sum, and so
    does a product beyond the range of float64.

    PyTorch's ``Linear`` stores its weights as (d_out, d_in): transpose them first. With
    samples as columns everything is transposed (`layers.dense.column_layout`).

    Error: at most $d_{in} + 1$ units of rounding of $\sum_j |x_j W_{jk}| + |b_k|$, in
    whatever order the sum is taken. In float16 and float32 the sum is formed in float64
    and rounded once.

    References
    ----------
    N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd edition (2002).

    Examples
    --------
    >>> dense([[1.0, 2.0]], [[1.0, 0.0, -1.0], [0.0, 1.0, 1.0]], [0.0, 0.5, 0.0])
    array([[1. , 2.5, 1. ]])
    """
    x, W, b = as_floats(x=x, weights=weights, bias=bias)
    check_layer(x.shape, W, b)
    with np.errstate(over="ignore", invalid="ignore"):
        z: FloatArray = narrow(widen(x) @ widen(W) + widen(b), x.dtype)
    return z


def parameter_count(sizes: ArrayLike, /, *, bias: bool = True) -> int:
    r"""Count the weights and biases of a network of dense layers.

    $\sum_l (n_{l-1} + 1)\, n_l$, or $\sum_l n_{l-1} n_l$ without biases

    Parameters
    ----------
    sizes : array_like of int, shape (L + 1,)
        $n_0, n_1, \ldots, n_L$: the number of inputs, then of units layer by layer.
    bias : bool, default True
        Whether every unit has a bias.

    Returns
    -------
    int
        Exact, however large.

    Raises
    ------
    TypeError
        ``sizes`` does not hold integers, or ``bias`` is not a bool.
    ValueError
        There are fewer than two sizes, not in one row, or one is not at least 1.

    Notes
    -----
    Derived in `layers.dense.layer_count`, and for any depth in
    `layers.dense.network_count`.

    Examples
    --------
    >>> parameter_count([784, 100, 10])
    79510
    """
    if as_array("sizes", sizes).ndim == 1 and len(as_array("sizes", sizes)) < 2:
        msg = f"sizes must name the inputs and at least one layer, got {sizes!r}"
        raise ValueError(msg)
    listed = as_labels("sizes", sizes)
    check_rank("sizes", listed, 1)
    counts = [as_count(f"sizes[{i}]", size) for i, size in enumerate(listed)]
    flag: object = bias
    if not isinstance(flag, bool | np.bool):
        msg = f"bias must be True or False, got {bias!r}"
        raise TypeError(msg)
    return sum((d_in + int(bias)) * d_out for d_in, d_out in pairwise(counts))
