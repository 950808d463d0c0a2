"""1 / (1 + e^-x) as printed: the exponential overflows before the result is 0."""

import numpy as np


def sigmoid(x, /):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-np.asarray(x)))
