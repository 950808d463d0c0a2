"""The logarithm is taken after the sigmoid has rounded to 1: the tail is 0."""

import numpy as np

from reference import sigmoid


def log_sigmoid(x, /):
    with np.errstate(divide="ignore"):
        return np.log(sigmoid(x))
