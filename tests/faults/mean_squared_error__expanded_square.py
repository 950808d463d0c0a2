"""The square is multiplied out before it is averaged: close predictions cancel."""

import numpy as np


def mse_loss(predictions, targets, /, *, reduction="mean"):
    p, y = np.asarray(predictions), np.asarray(targets)
    squares = p * p - 2 * p * y + y * y
    if reduction == "none":
        return squares
    return squares.mean() if reduction == "mean" else squares.sum()
