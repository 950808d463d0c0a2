"""The ones are put behind the row: the bias meets the first input."""

import numpy as np


def augment(x, /):
    x = np.asarray(x, dtype=np.float64)
    return np.concatenate([x, np.ones((*x.shape[:-1], 1))], axis=-1)
