"""The name of the reduction is compared with a number: the mean is never taken."""

import numpy as np

MEAN = 1


def mse_loss(predictions, targets, /, *, reduction="mean"):
    squares = np.square(np.asarray(predictions) - np.asarray(targets))
    if reduction == "none":
        return squares
    return squares.mean() if reduction == MEAN else squares.sum()
