"""x / (1 + exp(-x)) as printed: the exponential overflows, and the tail is 0."""

import numpy as np


def silu(x, /):
    with np.errstate(over="ignore"):
        return np.asarray(x) / (1 + np.exp(-np.asarray(x)))
