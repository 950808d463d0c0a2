"""The bound multiplies the weights with their signs."""

import numpy as np


def vanishing_bound(weights, /):
    return np.prod(np.asarray(weights) / 4)
