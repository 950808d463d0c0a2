"""The uniform limit is that of variance 1/fan_in."""

import numpy as np


def he_uniform(fan_in, fan_out, /, *, rng, negative_slope=0.0):
    limit = np.sqrt(3 / ((1 + negative_slope**2) * fan_in))
    return rng.uniform(-limit, limit, (fan_in, fan_out))
