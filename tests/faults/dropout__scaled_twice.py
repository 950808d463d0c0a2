"""Kept entries are scaled up twice, here and by the caller."""

import numpy as np


def dropout(x, /, *, p, rng):
    x = np.asarray(x)
    return np.where(rng.random(x.shape) >= p, x / (1 - p) ** 2, 0.0)
