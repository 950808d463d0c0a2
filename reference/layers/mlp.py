"""The multilayer perceptron: dense layers behind each other, bent in between."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow
from reference._validate import FloatArray
from reference.layers._network import read_network, run

__all__ = ["mlp"]


def mlp(
    x: ArrayLike,
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    /,
    *,
    activations: Sequence[str],
) -> FloatArray:
    r"""Send each sample through all layers of a network, one after the other.

    $a_0 = x$, $z_l = a_{l-1} W_l + b_l$, $a_l = f_l(z_l)$; the result is $a_L$.

    Parameters
    ----------
    x : array_like, shape (..., d_0)
        Inputs; the last axis holds the features, samples are rows.
    weights : sequence of array_like, shapes (d_0, d_1), (d_1, d_2), ...
        One matrix a layer.
    biases : sequence of array_like, shapes (d_1,), (d_2,), ...
        One vector a layer.
    activations : sequence of {"identity", "sigmoid", "tanh", "relu", "softmax"}
        One name a layer, that of the last one included.

    Returns
    -------
    ndarray, shape (..., d_L)
        The output of the last layer; a copy of ``x`` if there are no layers.

    Raises
    ------
    TypeError
        Some array does not hold real numbers, or a name is not a string.
    ValueError
        There are not as many weights as biases and activations, the shapes do not
        chain, or an activation is unknown.

    Notes
    -----
    Special cases: infinite and NaN entries follow IEEE arithmetic from layer to layer;
    a sum of hidden values beyond the range of float64 may turn into NaN.

    In float16 and float32 all layers run in float64, and the result is rounded once.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
    back-propagating errors", *Nature* 323 (1986), 533-536.

    Examples
    --------
    >>> weights, biases = [[[1.0, -1.0]], [[1.0], [1.0]]], [[0.0, 0.0], [0.0]]
    >>> mlp([[-3.0], [2.0]], weights, biases, activations=["relu", "identity"])
    array([[3.],
           [2.]])
    """
    network = read_network(x, weights, biases, activations)
    _, values = run(network)
    return np.array(narrow(values[-1], network.dtype))
