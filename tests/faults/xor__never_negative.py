"""The output is rectified, too: right on the whole square, wrong beyond it."""

import numpy as np


def xor_net(x, /):
    s = np.asarray(x).sum(axis=-1)
    return np.maximum(np.maximum(s, 0) - 2 * np.maximum(s - 1, 0), 0)
