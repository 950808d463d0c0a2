"""The axis is stored and never used: shares are taken along the last one."""

import numpy as np


def softmax(x, /, *, axis=-1):
    x = np.asarray(x)
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
