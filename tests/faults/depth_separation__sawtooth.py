"""Each fold is a cut: the second half rises again instead of falling."""

import numpy as np


def tent(x, /, *, depth=1):
    x = np.asarray(x)
    for _ in range(depth):
        x = np.where(x < 0.5, 2 * np.maximum(x, 0), 2 * x - 1)
    return x
