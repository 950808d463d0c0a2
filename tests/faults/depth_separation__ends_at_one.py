"""The tent is cut off at the ground: right on [0, 1], wrong to the right of it."""

import numpy as np


def tent(x, /, *, depth=1):
    x = np.asarray(x)
    for _ in range(depth):
        x = np.maximum(np.minimum(2 * x, 2 - 2 * x), 0)
    return x
