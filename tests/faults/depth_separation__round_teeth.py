"""The logistic map: as many teeth in the same range, but round ones."""

import numpy as np


def tent(x, /, *, depth=1):
    x = np.asarray(x)
    for _ in range(depth):
        x = 4 * x * (1 - x)
    return x
