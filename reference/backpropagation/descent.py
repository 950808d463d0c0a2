"""The update: all gradients first, then every parameter a step against its own."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import FloatArray, as_float, as_real
from reference.backpropagation.recursion import mlp_grads
from reference.layers._network import read_network

__all__ = ["mlp_step"]


class MLPParameters(NamedTuple):
    """Weights and biases of a network, one of each a layer."""

    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]


def mlp_step(
    x: ArrayLike,
    targets: ArrayLike,
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    /,
    *,
    activations: Sequence[str],
    loss: str,
    learning_rate: float,
) -> MLPParameters:
    r"""Move all parameters of a network one step against the gradient of its loss.

    $\theta \leftarrow \theta - \alpha\, \nabla_\theta L$

    Parameters
    ----------
    x : array_like, shape (n, d_0) or (d_0,)
        Inputs; samples are rows.
    targets : array_like, shape (n, d_L) or (d_L,)
        What the network should have said.
    weights : sequence of array_like, shapes (d_0, d_1), (d_1, d_2), ...
        One matrix a layer, at least one. They are not changed.
    biases : sequence of array_like, shapes (d_1,), (d_2,), ...
        One vector a layer. They are not changed.
    activations : sequence of {"identity", "sigmoid", "tanh", "relu", "softmax"}
        One name a layer.
    loss : {"mse", "binary_cross_entropy", "categorical_cross_entropy"}
        Of the network's output, as in `mlp_grads`.
    learning_rate : float
        $\alpha \ge 0$: how far to go.

    Returns
    -------
    MLPParameters
        New ``weights`` and ``biases``, a tuple each.

    Raises
    ------
    TypeError, ValueError
        As for `mlp_grads`, or ``learning_rate`` is not a number of at least 0.

    Notes
    -----
    Special cases: a rate of 0 leaves everything as it is.

    Every gradient is taken at the old parameters, those of later layers included. The
    loss falls if the rate is below two over its curvature along the step
    (`backpropagation.descent.descent`).

    In float16 and float32 everything runs in float64, and each new parameter is rounded
    once.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
    back-propagating errors", *Nature* 323 (1986), 533-536.

    Examples
    --------
    >>> step = mlp_step(
    ...     [[1.0]], [[0.0]], [[[1.0]]], [[0.0]],
    ...     activations=["identity"], loss="mse", learning_rate=0.25,
    ... )
    >>> step.weights
    (array([[0.5]]),)
    """
    rate = as_real("learning_rate", learning_rate)
    if rate < 0:
        msg = f"learning_rate must be at least 0, got {learning_rate!r}"
        raise ValueError(msg)
    network = read_network(x, weights, biases, activations)
    t = as_float("targets", targets)
    dtype = np.result_type(network.dtype, t)
    old = network.weights, network.biases
    grads = mlp_grads(network.x, widen(t), *old, activations=activations, loss=loss)
    with np.errstate(over="ignore", invalid="ignore"):
        new = (
            tuple(
                narrow(value - rate * gradient, dtype)
                for value, gradient in zip(values, gradients, strict=True)
            )
            for values, gradients in zip(old, grads[:2], strict=True)
        )
        return MLPParameters(*new)
