"""Negative entries are reflected instead of erased."""

import numpy as np


def relu(x, /):
    return np.abs(x)
