"""From the sixth layer on nothing is folded any more."""

import numpy as np


def tent(x, /, *, depth=1):
    x = np.asarray(x)
    for _ in range(min(depth, 5)):
        x = np.minimum(2 * np.maximum(x, 0), 2 - 2 * x)
    return x
