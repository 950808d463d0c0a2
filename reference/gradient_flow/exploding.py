"""How large a gradient can get: norms of the layers, multiplied."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference._rounding import narrow, widen
from reference._validate import (
    FloatArray,
    as_float,
    as_float_list,
    as_option,
    check_rank,
)

__all__ = ["lipschitz_bound", "spectral_norm"]

# sup |f'|, attained or approached
_STEEPEST_SLOPE = {
    "identity": 1.0,
    "sigmoid": 0.25,
    "tanh": 1.0,
    "relu": 1.0,
    "leaky_relu": 1.0,
    "softplus": 1.0,
}


def spectral_norm(matrix: ArrayLike, /) -> np.floating:
    r"""Return the factor by which a matrix can stretch a vector at most.

    $\lVert A \rVert_2 = \max_{x \ne 0} \lVert A x \rVert_2 / \lVert x \rVert_2$, the
    largest singular value.

    Parameters
    ----------
    matrix : array_like, shape (m, n)
        Any matrix.

    Returns
    -------
    scalar
        The norm; 0 for a matrix without entries.

    Raises
    ------
    TypeError
        ``matrix`` does not hold real numbers.
    ValueError
        ``matrix`` does not have two axes.

    Notes
    -----
    Special cases: an entry NaN gives NaN; otherwise an infinite entry gives ``inf``.

    The matrix is divided by its largest entry first, so that squares of entries
    neither overflow nor vanish.

    Error: a small multiple of min(m, n) ulp.

    References
    ----------
    G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th edition (2013).

    Examples
    --------
    >>> spectral_norm([[3.0, 0.0], [0.0, -4.0]])
    np.float64(4.0)
    """
    A = as_float("matrix", matrix)
    check_rank("matrix", A, 2)
    return narrow(_largest_singular_value(widen(A)), A.dtype)


def lipschitz_bound(weights: Sequence[ArrayLike], /, *, activation: str) -> np.floating:
    r"""Bound the slope of a network from above by its weights and its activation.

    $\prod_l \lVert W_l \rVert_2 \cdot \sup |f'|$: no gradient of the network with
    respect to its input is longer, wherever it is taken.

    Parameters
    ----------
    weights : sequence of array_like, shapes (d_0, d_1), (d_1, d_2), ...
        One matrix a layer.
    activation : {"identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus"}
        The activation after every layer, the last one included. For the leaky ReLU
        the negative slope may be anything from -1 to 1.

    Returns
    -------
    scalar
        The bound; 1 for a network without layers.

    Raises
    ------
    TypeError
        A matrix does not hold real numbers, or ``activation`` is not a string.
    ValueError
        A matrix does not have two axes, the shapes do not chain, or ``activation``
        is unknown.

    Notes
    -----
    Special cases: a matrix with NaN gives NaN; one with an infinite entry ``inf``,
    but NaN beside a matrix of zeros.

    Activations that are not offered: a step has no such bound. That of a line is the
    size of its slope, and that of an ELU the larger of 1 and ``alpha``: both are 1 at
    their defaults, like ``"identity"``. GELU and SiLU overshoot 1, and the bound for
    ``"identity"``, times their steepest slope once a layer, is theirs: GELU's is
    ``gelu_derivative(sqrt(2))`` (`activations.gelu.second_derivative`), SiLU's is
    $1/2 + x/4$ where $x \tanh(x/2) = 2$ (`activations.silu.steepest`).

    References
    ----------
    H. Gouk, E. Frank, B. Pfahringer and M. J. Cree, "Regularisation of neural
    networks by enforcing Lipschitz continuity", *Machine Learning* 110 (2021),
    393-416.

    Examples
    --------
    >>> lipschitz_bound([[[2.0]], [[3.0]]], activation="sigmoid")
    np.float64(0.375)
    """
    slope = _STEEPEST_SLOPE[as_option("activation", activation, _STEEPEST_SLOPE)]
    layers = as_float_list("weights", weights)
    _check_chain(layers)
    dtype = np.result_type(*(W.dtype for W in layers)) if layers else np.dtype("f8")
    norms = [slope * _largest_singular_value(widen(W)) for W in layers]
    with np.errstate(over="ignore", invalid="ignore"):
        return narrow(np.prod(norms, dtype=np.float64), dtype)


def _largest_singular_value(A: NDArray[np.float64]) -> np.float64:
    largest = np.max(np.abs(A), initial=0.0)
    if largest == 0 or not np.isfinite(largest):
        return np.float64(largest)
    with np.errstate(over="ignore"):  # the norm itself may be out of range
        return np.float64(largest * np.linalg.svd(A / largest, compute_uv=False)[0])


def _check_chain(layers: Sequence[FloatArray]) -> None:
    for i, W in enumerate(layers):
        check_rank(f"weights[{i}]", W, 2)
        if i and layers[i - 1].shape[1] != W.shape[0]:
            msg = (
                f"weights[{i}] must have as many rows as weights[{i - 1}] has "
                f"columns, got shapes {layers[i - 1].shape} and {W.shape}"
            )
            raise ValueError(msg)
