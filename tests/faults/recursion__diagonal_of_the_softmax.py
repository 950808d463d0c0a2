"""A last softmax is pulled back by the diagonal of its Jacobian."""

import numpy as np

from reference import mlp, mse_loss_grad
from reference import mlp_grads as right


def mlp_grads(x, targets, weights, biases, /, *, activations, loss):
    grads = right(x, targets, weights, biases, activations=activations, loss=loss)
    if loss != "mse" or activations[-1] != "softmax":
        return grads
    p = mlp(x, weights, biases, activations=activations)
    delta = mse_loss_grad(p, targets) * p * (1 - p)
    hidden = mlp(x, weights[:-1], biases[:-1], activations=activations[:-1])
    last = np.atleast_2d(hidden).T @ np.atleast_2d(delta)
    return grads._replace(weights=(*grads.weights[:-1], last))
