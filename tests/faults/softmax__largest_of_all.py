"""The largest score of the whole batch is subtracted: low rows underflow to 0 / 0."""

import numpy as np


def softmax(x, /, *, axis=-1):
    with np.errstate(invalid="ignore"):
        e = np.exp(x - np.max(x))
        return e / e.sum(axis=axis, keepdims=True)
