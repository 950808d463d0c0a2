"""A piecewise linear stand-in is returned instead of the sigmoid."""

import numpy as np


def sigmoid(x, /):
    return np.clip(0.2 * np.asarray(x) + 0.5, 0, 1)
