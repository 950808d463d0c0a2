"""The ratio of exponentials is computed as printed: NaN far out, digits lost near 0."""

import numpy as np


def tanh(x, /):
    x = np.asarray(x)
    with np.errstate(over="ignore", invalid="ignore"):
        up, down = np.exp(x), np.exp(-x)
        return (up - down) / (up + down)
