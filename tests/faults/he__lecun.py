"""The factor 2 is missing: that is LeCun's variance, which ReLUs halve every layer."""

import numpy as np


def he_variance(fan_in, /, *, negative_slope=0.0):
    return np.float64(1 / ((1 + negative_slope**2) * fan_in))


def he_normal(fan_in, fan_out, /, *, rng, negative_slope=0.0):
    std = np.sqrt(he_variance(fan_in, negative_slope=negative_slope))
    return rng.normal(0.0, std, (fan_in, fan_out))
