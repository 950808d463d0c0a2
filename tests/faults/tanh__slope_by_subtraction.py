"""The slope is formed as 1 - y * y: it is 0 wherever y rounds to 1."""

import numpy as np


def tanh_derivative(x, /):
    y = np.tanh(np.asarray(x))
    return 1 - y * y
