"""The last layer moves before its gradient goes back: the others see new weights."""

import numpy as np

from reference import mlp_grads as right


def mlp_grads(x, targets, weights, biases, /, *, activations, loss):
    options = {"activations": activations, "loss": loss}
    grads = right(x, targets, weights, biases, **options)
    if len(weights) < 2:
        return grads
    moved = [*weights[:-1], np.asarray(weights[-1]) - 0.1 * grads.weights[-1]]
    late = right(x, targets, moved, biases, **options)
    return grads._replace(weights=(*late.weights[:-1], grads.weights[-1]))
