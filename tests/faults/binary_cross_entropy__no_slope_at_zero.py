"""At 0 both kinks have slope 0: the gradient is -y there, and not 1/2 - y."""

import numpy as np

from reference import sigmoid


def binary_cross_entropy_with_logits_grad(logits, targets, /, *, reduction="mean"):
    z, y = np.asarray(logits), np.asarray(targets)
    # The derivative of max(z, 0) - z y + log(1 + e^-|z|), term by term.
    grad = (z > 0) - y - np.sign(z) * sigmoid(-np.abs(z))
    return grad / grad.size if reduction == "mean" else grad
