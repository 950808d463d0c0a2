"""Back through a dense layer: what its weights, biases and inputs are to the loss."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import FloatArray, as_floats
from reference.layers._shapes import check_layer

__all__ = ["dense_vjp"]


class DenseGrads(NamedTuple):
    """Gradients with respect to what a dense layer was given, in the same shapes."""

    x: FloatArray
    weights: FloatArray
    bias: FloatArray


def dense_vjp(
    cotangent: ArrayLike, x: ArrayLike, weights: ArrayLike, bias: ArrayLike, /
) -> DenseGrads:
    r"""Pull a gradient at the scores of a dense layer back to all it was given.

    For $Z = X W + \mathbf{1} b^\top$ and $G = \partial L / \partial Z$:
    $\partial L / \partial X = G W^\top$, $\partial L / \partial W = X^\top G$ and
    $\partial L / \partial b = \sum_i G_i$.

    Parameters
    ----------
    cotangent : array_like, shape (..., d_out)
        $G$: the gradient of a loss with respect to the scores, one row a sample.
    x : array_like, shape (..., d_in)
        The inputs that the layer was given.
    weights : array_like, shape (d_in, d_out)
        The weights that it used, before any update.
    bias : array_like, shape (d_out,)
        The biases; their values do not matter.

    Returns
    -------
    DenseGrads
        ``x``, ``weights`` and ``bias``, each in the shape of the argument.

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        The shapes do not fit: those of `dense`, and a cotangent of its result.

    Notes
    -----
    Special cases: without samples the gradients of weights and bias are 0. Infinite and
    NaN entries follow IEEE arithmetic through the sums.

    Nothing is divided by the number of samples: if the loss is a mean, $G$ holds that
    division already (`backpropagation.dense_backward.averaged_once`).

    Error: as many units of rounding as there are terms, of the sum of their sizes. In
    float16 and float32 the sums are formed in float64 and rounded once.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
    back-propagating errors", *Nature* 323 (1986), 533-536.

    Examples
    --------
    >>> grads = dense_vjp([[1.0, 0.0]], [[2.0, 3.0]], [[4.0, 5.0], [6.0, 7.0]], [0, 0])
    >>> grads.weights
    array([[2., 0.],
           [3., 0.]])
    >>> grads.x
    array([[4., 6.]])
    """
    G, x, W, b = as_floats(cotangent=cotangent, x=x, weights=weights, bias=bias)
    check_layer(x.shape, W, b)
    expected = (*x.shape[:-1], *b.shape)
    if G.shape != expected:
        msg = f"cotangent must have shape {expected}, one a score, got {G.shape}"
        raise ValueError(msg)
    dtype, G, x, W = x.dtype, widen(G), widen(x), widen(W)
    # Several leading axes are samples all the same.
    gradients, samples = G.reshape(-1, W.shape[1]), x.reshape(-1, W.shape[0])
    with np.errstate(over="ignore", invalid="ignore"):
        return DenseGrads(
            narrow(G @ W.T, dtype),
            narrow(samples.T @ gradients, dtype),
            narrow(gradients.sum(axis=0), dtype),
        )
