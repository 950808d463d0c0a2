"""The logits are squashed first and the logarithm taken afterwards, clipped."""

import numpy as np

from reference import sigmoid


def binary_cross_entropy_with_logits(logits, targets, /, *, reduction="mean"):
    p, y = np.clip(sigmoid(logits), 1e-7, 1 - 1e-7), np.asarray(targets)
    losses = -y * np.log(p) - (1 - y) * np.log(1 - p)
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()
