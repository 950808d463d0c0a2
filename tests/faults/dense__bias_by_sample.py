"""The bias is added to the samples instead of the units where the lengths allow it."""

import numpy as np


def dense(x, weights, bias, /):
    z, b = np.asarray(x) @ np.asarray(weights), np.asarray(bias)
    return z + (b[:, np.newaxis] if z.shape[:1] == b.shape else b)
