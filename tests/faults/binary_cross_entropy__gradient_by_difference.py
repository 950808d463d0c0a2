"""sigmoid(z) - y as printed: nothing is left of the gradient of a confident yes."""

import numpy as np

from reference import sigmoid


def binary_cross_entropy_with_logits_grad(logits, targets, /, *, reduction="mean"):
    grad = sigmoid(logits) - np.asarray(targets)
    return grad / grad.size if reduction == "mean" else grad
