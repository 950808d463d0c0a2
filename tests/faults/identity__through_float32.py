"""On its way the argument passes through float32, and loses half of its digits."""

import numpy as np


def identity(x, /):
    x = np.asarray(x)
    return x.astype(np.float32).astype(x.dtype)
