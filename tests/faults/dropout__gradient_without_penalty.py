"""The gradient of the scaled unit alone: the penalty is forgotten."""

import numpy as np


def dropout_expected_grad(weights, x, target, /, *, p):
    w, x = np.asarray(weights), np.asarray(x)
    return -(1 - p) * x * (target - (1 - p) * (w @ x))
