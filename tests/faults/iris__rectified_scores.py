"""The last layer has a rectifier too: all scores below zero are a tie."""

import numpy as np

from reference import mlp

__all__ = ["classifier_predict"]


def classifier_predict(x, weights, biases, /):
    scores = mlp(x, weights, biases, activations=["relu"] * len(weights))
    return np.argmax(scores, axis=1)
