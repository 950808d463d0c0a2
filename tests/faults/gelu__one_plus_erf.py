"""1 + erf is formed as printed: the left tail cancels, and is 0 from -8.3 on."""

import math

import numpy as np

ERF = np.frompyfunc(math.erf, 1, 1)


def gelu(x, /):
    x = np.asarray(x)
    return x / 2 * (1 + np.asarray(ERF(x / math.sqrt(2)), dtype=float))
