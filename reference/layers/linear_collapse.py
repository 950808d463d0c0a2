"""Layers without an activation, multiplied out into the one layer that they are."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import FloatArray, as_float_list, check_rank

__all__ = ["collapse_linear"]


class AffineLayer(NamedTuple):
    """One layer, $x W + b$.

    Attributes
    ----------
    weights : ndarray, shape (d_in, d_out)
        $W$.
    bias : ndarray, shape (d_out,)
        $b$.
    """

    weights: FloatArray
    bias: FloatArray


def collapse_linear(weights: ArrayLike, biases: ArrayLike, /) -> AffineLayer:
    r"""Return the one layer that computes what a stack of straight layers does.

    $W = W_1 W_2 \cdots W_L$ and
    $b = (\cdots (b_1 W_2 + b_2) W_3 + \cdots) W_L + b_L$

    Parameters
    ----------
    weights : sequence of array_like, shapes (d_0, d_1), (d_1, d_2), ...
        One matrix a layer, at least one.
    biases : sequence of array_like, shapes (d_1,), (d_2,), ...
        One vector a layer.

    Returns
    -------
    AffineLayer
        ``weights``, shape (d_0, d_L), and ``bias``, shape (d_L,).

    Raises
    ------
    TypeError
        ``weights`` or ``biases`` is not a sequence of arrays of real numbers.
    ValueError
        There is no layer, or not one bias for each matrix; a matrix does not have 2
        axes or a bias not 1; or the shapes do not chain.

    Notes
    -----
    Special cases: a layer without units leaves zeros for weights and the later biases.
    NaN and infinities propagate as in products of matrices.

    The products are formed in float64 and rounded once. They agree with the stack up
    to rounding relative to the products of the sizes of all entries, which may be much
    more than the result.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning* (2016), chapter 6.

    Examples
    --------
    >>> layer = collapse_linear([[[2.0]], [[3.0, 4.0]]], [[1.0], [0.0, 5.0]])
    >>> layer.weights, layer.bias
    (array([[6., 8.]]), array([3., 9.]))
    """
    matrices = as_float_list("weights", weights)
    vectors = as_float_list("biases", biases)
    _check_stack(matrices, vectors)
    W, b = widen(matrices[0]), widen(vectors[0])
    with np.errstate(over="ignore", invalid="ignore"):
        for A, a in zip(matrices[1:], vectors[1:], strict=True):
            W, b = W @ widen(A), b @ widen(A) + widen(a)
    dtype = np.result_type(*matrices, *vectors)
    return AffineLayer(narrow(W, dtype).copy(), narrow(b, dtype).copy())


def _check_stack(matrices: list[FloatArray], vectors: list[FloatArray]) -> None:
    if not matrices or len(matrices) != len(vectors):
        msg = (
            "weights and biases must hold one array for each layer, at least one; got "
            f"{len(matrices)} weights and {len(vectors)} biases"
        )
        raise ValueError(msg)
    for i, (W, b) in enumerate(zip(matrices, vectors, strict=True)):
        check_rank(f"weights[{i}]", W, 2)
        if b.shape != W.shape[1:]:
            msg = (
                f"biases[{i}] must have one entry for each column of weights[{i}], "
                f"got shapes {b.shape} and {W.shape}"
            )
            raise ValueError(msg)
        if i and len(W) != matrices[i - 1].shape[1]:
            msg = (
                f"weights[{i}] must have as many rows as weights[{i - 1}] has "
                f"columns, got {len(W)} and {matrices[i - 1].shape[1]}"
            )
            raise ValueError(msg)
