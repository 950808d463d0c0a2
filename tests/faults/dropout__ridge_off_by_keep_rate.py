"""The ridge penalty is weighted with p instead of p(1 - p)."""

import numpy as np


def dropout_expected_loss(weights, x, target, /, *, p):
    net = np.asarray(weights) * np.asarray(x)
    return (target - (1 - p) * net.sum()) ** 2 / 2 + p * (net**2).sum() / 2
