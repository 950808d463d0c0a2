"""The slope is taken from the activation of the layer behind."""

import numpy as np

from reference import mlp, relu_derivative, sigmoid_derivative, tanh_derivative
from reference import mlp_grads as right

SLOPES = {
    "identity": np.ones_like,
    "sigmoid": sigmoid_derivative,
    "tanh": tanh_derivative,
    "relu": relu_derivative,
}


def mlp_grads(x, targets, weights, biases, /, *, activations, loss):
    grads = right(x, targets, weights, biases, activations=activations, loss=loss)
    if len(weights) != 2 or any(name not in SLOPES for name in activations):
        return grads
    z = np.asarray(x) @ weights[0] + biases[0]
    hidden = mlp(x, weights[:1], biases[:1], activations=activations[:1])
    back = right(
        hidden, targets, weights[1:], biases[1:], activations=activations[1:], loss=loss
    ).x
    delta = np.atleast_2d(back * SLOPES[activations[1]](z))
    first = np.atleast_2d(x).T @ delta
    return grads._replace(weights=(first, grads.weights[1]))
