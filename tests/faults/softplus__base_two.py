"""The logarithm is taken with base 2: softplus of 0 is 1."""

import numpy as np


def softplus(x, /):
    x = np.asarray(x)
    return np.maximum(x, 0) + np.log2(1 + np.exp(-np.abs(x)))
