"""The denominator p(1 - p) of the gradient is kept above 1e-12."""

import numpy as np


def binary_cross_entropy_grad(probabilities, targets, /, *, reduction="mean"):
    p, y = np.asarray(probabilities), np.asarray(targets)
    grad = (p - y) / np.maximum(p * (1 - p), 1e-12)
    return grad / grad.size if reduction == "mean" else grad
