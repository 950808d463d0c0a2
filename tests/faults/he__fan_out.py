"""The variance is taken from the fan-out."""

import numpy as np


def he_normal(fan_in, fan_out, /, *, rng, negative_slope=0.0):
    std = np.sqrt(2 / ((1 + negative_slope**2) * fan_out))
    return rng.normal(0.0, std, (fan_in, fan_out))
