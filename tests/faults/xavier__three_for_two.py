"""The 3 of the uniform limit has got into the standard deviation of normal weights."""

import numpy as np


def xavier_normal(fan_in, fan_out, /, *, rng, gain=1.0):
    std = gain * np.sqrt(3 / (fan_in + fan_out))
    return rng.normal(0.0, std, (fan_in, fan_out))
