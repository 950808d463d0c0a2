"""The second term lacks its logarithm: the loss can be negative."""

import numpy as np


def binary_cross_entropy(probabilities, targets, /, *, reduction="mean"):
    p, y = np.asarray(probabilities), np.asarray(targets)
    losses = -(y * np.log(p) + (1 - y) * (1 - p))
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()
