"""The level multiplies the half above zero, too."""

import numpy as np


def elu(x, /, *, alpha=1.0):
    x = np.asarray(x)
    return alpha * np.where(x > 0, x, np.expm1(np.minimum(x, 0)))
