"""The logarithm is taken of a softmax that has already rounded to 0 or 1."""

import numpy as np

from reference import softmax


def log_softmax(x, /, *, axis=-1):
    with np.errstate(divide="ignore"):
        return np.log(softmax(x, axis=axis))
