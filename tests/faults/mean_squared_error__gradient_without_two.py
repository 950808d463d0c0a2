"""The gradient is that of half the loss; the loss is whole."""

import numpy as np


def mse_loss_grad(predictions, targets, /, *, reduction="mean"):
    misses = np.asarray(predictions) - np.asarray(targets)
    return misses / misses.size if reduction == "mean" else misses
