"""The rectified input is returned in place of the slope."""

import numpy as np


def relu_derivative(x, /):
    return np.maximum(x, 0)
