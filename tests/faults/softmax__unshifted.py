"""The formula as printed: the exponentials overflow from 710 and vanish below -745."""

import numpy as np


def softmax(x, /, *, axis=-1):
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(np.asarray(x, dtype=float))
        return e / e.sum(axis=axis, keepdims=True)
