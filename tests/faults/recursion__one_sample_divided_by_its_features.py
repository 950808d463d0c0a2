"""The length of a batch of one is taken along the wrong axis: its features count."""

import numpy as np

from reference import mlp_grads as right


def mlp_grads(x, targets, weights, biases, /, *, activations, loss):
    grads = right(x, targets, weights, biases, activations=activations, loss=loss)
    if np.ndim(x) < 2 or len(x) > 1:
        return grads
    count = np.shape(x)[1]
    return grads._replace(
        weights=tuple(W / count for W in grads.weights),
        biases=tuple(b / count for b in grads.biases),
    )
