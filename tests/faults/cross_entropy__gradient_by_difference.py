"""softmax - target as printed: nothing is left of the gradient of a confident row."""

import numpy as np

from reference import softmax


def softmax_cross_entropy_grad(logits, targets, /, *, reduction="mean"):
    grad = softmax(logits) - np.asarray(targets)
    return grad / len(grad) if reduction == "mean" else grad
