"""The caller's array is overwritten."""

import numpy as np


def relu(x, /):
    return np.maximum(x, 0, out=x)
