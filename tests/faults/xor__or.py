"""The second unit is not doubled: the network computes an or."""

import numpy as np


def xor_net(x, /):
    s = np.asarray(x).sum(axis=-1)
    return np.maximum(s, 0) - np.maximum(s - 1, 0)
