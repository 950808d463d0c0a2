"""A very sharp sigmoid stands in for the step: one half at tiny arguments."""

import numpy as np


def binary_step(x, /, *, threshold=0.0):
    away = np.clip(1e9 * (np.asarray(x) - threshold), -700, 700)
    return 1 / (1 + np.exp(-away))
