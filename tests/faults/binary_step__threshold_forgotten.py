"""The threshold is stored and never used."""

import numpy as np


def binary_step(x, /, *, threshold=0.0):
    del threshold
    return np.where(np.asarray(x) > 0, 1.0, 0.0)
