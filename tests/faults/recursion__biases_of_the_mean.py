"""Gradients of biases are means over the samples instead of sums."""

import numpy as np

from reference import mlp_grads as right


def mlp_grads(x, targets, weights, biases, /, *, activations, loss):
    grads = right(x, targets, weights, biases, activations=activations, loss=loss)
    n = len(x) if np.ndim(x) > 1 else 1
    return grads._replace(biases=tuple(b / n for b in grads.biases))
