"""The result is computed and never returned."""

import numpy as np


def relu(x, /):
    out = np.array(x)
    out[out <= 0] = 0
