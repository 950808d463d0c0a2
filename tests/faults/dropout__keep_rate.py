"""p is taken for the probability of keeping."""

import numpy as np


def dropout(x, /, *, p, rng):
    x = np.asarray(x)
    if p == 0:
        return x.copy()
    return np.where(rng.random(x.shape) < p, x / p, 0.0)
