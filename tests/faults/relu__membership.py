"""The loop asks whether an entry is in the list instead of whether it is negative."""

import numpy as np


def relu(x, /):
    x = np.asarray(x)
    return np.where(np.isin(x, x), 0, x)
