"""-log(1 + e^-x) is computed as it stands: far below zero it is -inf, not x."""

import numpy as np


def log_sigmoid(x, /):
    with np.errstate(over="ignore"):
        return -np.log(1 + np.exp(-np.asarray(x)))
