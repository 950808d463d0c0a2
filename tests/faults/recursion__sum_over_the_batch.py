"""Gradients are added up over the samples where the loss is their mean."""

import numpy as np

from reference import mlp_grads as right


def mlp_grads(x, targets, weights, biases, /, *, activations, loss):
    grads = right(x, targets, weights, biases, activations=activations, loss=loss)
    n = len(x) if np.ndim(x) > 1 else 1
    return grads._replace(
        weights=tuple(n * W for W in grads.weights),
        biases=tuple(n * b for b in grads.biases),
    )
