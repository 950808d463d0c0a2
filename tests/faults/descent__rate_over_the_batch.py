"""The step is divided by the number of samples, though the loss is a mean already."""

import numpy as np

from reference import mlp_step as right


def mlp_step(x, targets, weights, biases, /, *, activations, loss, learning_rate):
    n = len(x) if np.ndim(x) > 1 else 1
    return right(
        x,
        targets,
        weights,
        biases,
        activations=activations,
        loss=loss,
        learning_rate=learning_rate / n,
    )
