"""Probabilities are clipped, and epsilon is added once more in the logarithm."""

import numpy as np

EPSILON = 1e-7


def binary_cross_entropy(probabilities, targets, /, *, reduction="mean"):
    p, y = np.asarray(probabilities), np.asarray(targets)
    p = np.clip(p, EPSILON, 1 - EPSILON)
    losses = -y * np.log(p + EPSILON) - (1 - y) * np.log(1 - p + EPSILON)
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()
