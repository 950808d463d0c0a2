"""(1 - y) z - log sigmoid(z): a confident and right prediction of class 0 costs 0."""

import numpy as np

from reference import log_sigmoid


def binary_cross_entropy_with_logits(logits, targets, /, *, reduction="mean"):
    z, y = np.asarray(logits), np.asarray(targets)
    losses = (1 - y) * z - log_sigmoid(z)
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()
