"""Scores are activated in place: the slope is taken at the activated values."""

import numpy as np

from reference import dense_vjp, mlp, mse_loss_grad
from reference import mlp_grads as right

SLOPES = {
    "identity": np.ones_like,
    "sigmoid": lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
}


def mlp_grads(x, targets, weights, biases, /, *, activations, loss):
    grads = right(x, targets, weights, biases, activations=activations, loss=loss)
    if loss != "mse" or any(name not in SLOPES for name in activations):
        return grads
    values = [
        mlp(x, weights[:k], biases[:k], activations=activations[:k])
        for k in range(len(weights) + 1)
    ]
    back, of_weights, of_biases = mse_loss_grad(values[-1], targets), [], []
    for k in reversed(range(len(weights))):
        delta = back * SLOPES[activations[k]](values[k + 1])
        layer = dense_vjp(delta, values[k], weights[k], biases[k])
        back = layer.x
        of_weights.insert(0, layer.weights)
        of_biases.insert(0, layer.bias)
    return grads._replace(weights=tuple(of_weights), biases=tuple(of_biases), x=back)
