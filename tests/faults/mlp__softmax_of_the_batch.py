"""A last softmax runs over the samples instead of the classes."""

import numpy as np

from reference import mlp as right
from reference import softmax


def mlp(x, weights, biases, /, *, activations):
    if not len(activations) or activations[-1] != "softmax" or np.ndim(x) < 2:
        return right(x, weights, biases, activations=activations)
    names = [*activations[:-1], "identity"]
    return softmax(right(x, weights, biases, activations=names), axis=0)
