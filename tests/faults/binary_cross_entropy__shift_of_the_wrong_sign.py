"""The shift against overflow is max(z, 0) instead of max(-z, 0)."""

import numpy as np


def binary_cross_entropy_with_logits(logits, targets, /, *, reduction="mean"):
    z, y = np.asarray(logits), np.asarray(targets)
    shift = np.maximum(z, 0)
    with np.errstate(over="ignore", divide="ignore"):
        losses = z - z * y + shift + np.log(np.exp(-shift) + np.exp(-z - shift))
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()
