"""The slope is formed as output plus level: far below zero nothing is left of it."""

import numpy as np


def elu_derivative(x, /, *, alpha=1.0):
    x = np.asarray(x)
    output = alpha * np.expm1(np.minimum(x, 0))
    return np.where(x > 0, 1.0, output + alpha)
