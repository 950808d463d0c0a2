"""The loss of class 0 is forgotten."""

import numpy as np


def binary_cross_entropy(probabilities, targets, /, *, reduction="mean"):
    p, y = np.asarray(probabilities), np.asarray(targets)
    losses = np.where(y == 0, 0, -y * np.log(np.where(y == 0, 1, p)))
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()
