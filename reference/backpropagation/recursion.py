"""Backpropagation: the gradient of a whole network in one pass from the back."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow
from reference._validate import (
    FloatArray,
    as_float,
    as_option,
    check_not_empty,
    check_rank,
)
from reference.activations.relu import relu_derivative
from reference.activations.sigmoid import sigmoid_derivative
from reference.activations.softmax import softmax_vjp
from reference.activations.tanh import tanh_derivative
from reference.backpropagation.dense_backward import dense_vjp
from reference.layers._network import Network, read_network, run
from reference.losses.binary_cross_entropy import binary_cross_entropy_with_logits_grad
from reference.losses.cross_entropy import softmax_cross_entropy_grad
from reference.losses.mean_squared_error import mse_loss_grad

__all__ = ["mlp_grads"]


class MLPGrads(NamedTuple):
    """Gradients with respect to all weights, all biases, and the input."""

    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]
    x: FloatArray


# A gradient at the output of a layer, and its scores → the gradient at the scores.
_ACTIVATION_VJPS: Mapping[str, Callable[[FloatArray, FloatArray], Any]] = (
    MappingProxyType(
        {
            "identity": lambda g, _: g,
            "sigmoid": lambda g, z: g * sigmoid_derivative(z),
            "tanh": lambda g, z: g * tanh_derivative(z),
            "relu": lambda g, z: np.where(relu_derivative(z) == 0, 0, g),
            "softmax": softmax_vjp,
        }
    )
)

# Which activation has to come last, where the loss wants probabilities, and the
# gradient of both together at the scores: nothing is divided by a small probability.
_FUSED: Mapping[str, tuple[str, Callable[..., Any]]] = MappingProxyType(
    {
        "binary_cross_entropy": ("sigmoid", binary_cross_entropy_with_logits_grad),
        "categorical_cross_entropy": ("softmax", softmax_cross_entropy_grad),
    }
)


def mlp_grads(
    x: ArrayLike,
    targets: ArrayLike,
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    /,
    *,
    activations: Sequence[str],
    loss: str,
) -> MLPGrads:
    r"""Return the gradient of a network's mean loss in all its parameters.

    $\delta_L = \partial L / \partial z_L$ and
    $\delta_l = (\delta_{l+1} W_{l+1}^\top) \odot f_l'(z_l)$; then
    $\partial L / \partial W_l = a_{l-1}^\top \delta_l$,
    $\partial L / \partial b_l = \mathbf{1}^\top \delta_l$ and
    $\partial L / \partial x = \delta_1 W_1^\top$.

    Parameters
    ----------
    x : array_like, shape (n, d_0) or (d_0,)
        Inputs; samples are rows.
    targets : array_like, shape (n, d_L) or (d_L,)
        What the network should have said: any numbers, numbers in [0, 1] or
        distributions as rows, depending on the loss.
    weights : sequence of array_like, shapes (d_0, d_1), (d_1, d_2), ...
        One matrix a layer, at least one.
    biases : sequence of array_like, shapes (d_1,), (d_2,), ...
        One vector a layer.
    activations : sequence of {"identity", "sigmoid", "tanh", "relu", "softmax"}
        One name a layer.
    loss : {"mse", "binary_cross_entropy", "categorical_cross_entropy"}
        Of the network's output, averaged over all entries, or over rows for the last.
        The second needs "sigmoid", the third "softmax" as the last activation.

    Returns
    -------
    MLPGrads
        ``weights`` and ``biases``, a tuple each with one array a layer, and ``x``.

    Raises
    ------
    TypeError
        Some array does not hold real numbers, or a name is not a string.
    ValueError
        There is no layer, no sample or no output; there are not as many weights as
        biases and activations; the shapes do not chain; a name is unknown; the loss
        does not go with the last activation; or a target is not what the loss needs.

    Notes
    -----
    Special cases: the slope of a rectifier at 0 is taken as 0. A softmax in front of a
    hidden layer is pulled back by its whole Jacobian.

    Derived for any widths in `backpropagation.recursion.one_layer`, and for any number
    of layers in `backpropagation.recursion.every_layer`.

    Error: a running sum of the roundings of both passes; it grows with the product of
    the norms of the layers. In float16 and float32 everything runs in float64, and each
    gradient is rounded once; distributions among the targets must then sum to 1 to
    within 1e-6 times their length all the same.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
    back-propagating errors", *Nature* 323 (1986), 533-536.

    Examples
    --------
    >>> weights, biases = [[[2.0]], [[3.0]]], [[0.0], [0.0]]
    >>> grads = mlp_grads(
    ...     [[1.0]], [[5.0]], weights, biases,
    ...     activations=["relu", "identity"], loss="mse",
    ... )
    >>> grads.weights
    (array([[6.]]), array([[4.]]))
    """
    network = read_network(x, weights, biases, activations)
    t = as_float("targets", targets)
    kind = as_option("loss", loss, ("mse", *_FUSED))
    _check(network, t, kind)
    scores, values = run(network)
    dtype = np.result_type(network.dtype, t)
    with np.errstate(over="ignore", invalid="ignore"):
        delta = _last_delta(network, scores[-1], values[-1], t, kind)
        of_weights, of_biases = [], []
        for i in reversed(range(len(scores))):
            W, b = network.weights[i], network.biases[i]
            behind, of_weight, of_bias = dense_vjp(delta, values[i], W, b)
            of_weights.append(narrow(of_weight, dtype))
            of_biases.append(narrow(of_bias, dtype))
            if i:  # the gradient at the output of the layer in front
                pull = _ACTIVATION_VJPS[network.activations[i - 1]]
                delta = pull(behind, scores[i - 1])
    of_x = narrow(behind, dtype)
    return MLPGrads(tuple(of_weights[::-1]), tuple(of_biases[::-1]), of_x)


def _last_delta(
    network: Network, z: FloatArray, output: FloatArray, targets: FloatArray, loss: str
) -> Any:
    """Return the gradient of the loss at the scores of the last layer."""
    if loss in _FUSED:
        return _FUSED[loss][1](z, targets)
    return _ACTIVATION_VJPS[network.activations[-1]](mse_loss_grad(output, targets), z)


def _check(network: Network, targets: FloatArray, loss: str) -> None:
    """Refuse a network that this loss has no gradient for."""
    check_rank("x", network.x, 1, 2)
    if not network.weights:
        msg = "weights must hold at least one layer, got none"
        raise ValueError(msg)
    shape = (*network.x.shape[:-1], *network.biases[-1].shape)
    if targets.shape != shape:
        msg = f"targets must have the output's shape {shape}, got {targets.shape}"
        raise ValueError(msg)
    check_not_empty("targets", targets)
    if loss in _FUSED and network.activations[-1] != _FUSED[loss][0]:
        msg = (
            f"loss {loss!r} needs {_FUSED[loss][0]!r} as the last of activations, "
            f"got {network.activations[-1]!r}"
        )
        raise ValueError(msg)
