"""A divisor between 3 and 8 is drawn: slopes in the right range, not spread evenly."""

import numpy as np


def rrelu(x, /, *, rng, lower=1 / 8, upper=1 / 3):
    x = np.asarray(x)
    divisor = rng.uniform(1 / upper, 1 / lower, x.shape)
    return np.where(x >= 0, x, x / divisor)
