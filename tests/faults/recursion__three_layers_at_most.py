"""Beyond three layers from the back the gradients are left at zero."""

import numpy as np

from reference import mlp_grads as right


def mlp_grads(x, targets, weights, biases, /, *, activations, loss):
    grads = right(x, targets, weights, biases, activations=activations, loss=loss)
    reached = len(weights) - 3
    kept = [
        W if i >= reached else np.zeros_like(W) for i, W in enumerate(grads.weights)
    ]
    return grads._replace(weights=tuple(kept))
