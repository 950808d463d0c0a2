"""The slope is accepted and never used."""

import numpy as np


def linear(x, /, *, slope=1.0):
    del slope
    return np.array(x)
