"""The slope formula for outputs is applied to the pre-activation."""

import numpy as np


def sigmoid_derivative(x, /):
    x = np.asarray(x)
    return x * (1 - x)
