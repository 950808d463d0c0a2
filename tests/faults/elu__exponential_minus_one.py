"""e^x - 1 is computed as printed: the digits near zero are lost."""

import numpy as np


def elu(x, /, *, alpha=1.0):
    x = np.asarray(x)
    return np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1))
