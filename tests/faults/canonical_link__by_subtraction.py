"""prediction - target as printed: nothing is left of a confident and right row."""

import numpy as np

from reference import sigmoid, softmax

PREDICT = {"identity": np.asarray, "sigmoid": sigmoid, "softmax": softmax}


def canonical_loss_grad(scores, targets, /, *, link, reduction="mean"):
    grad = PREDICT[link](scores) - np.asarray(targets)
    return grad / len(grad) if reduction == "mean" else grad
