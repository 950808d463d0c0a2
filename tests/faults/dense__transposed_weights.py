"""Square layers are multiplied by the transpose of their weights."""

import numpy as np


def dense(x, weights, bias, /):
    x, W = np.asarray(x), np.asarray(weights)
    W = W.T if W.shape[0] == W.shape[1] else W
    return x @ W + bias
