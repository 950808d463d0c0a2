"""Both formulas are right, and each stands on the side where it overflows."""

import numpy as np


def sigmoid(x, /):
    x = np.asarray(x)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.where(x > 0, np.exp(x) / (1 + np.exp(x)), 1 / (1 + np.exp(-x)))
