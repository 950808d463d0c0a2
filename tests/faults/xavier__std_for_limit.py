"""The standard deviation is used as the limit of the uniform law."""

import numpy as np


def xavier_uniform(fan_in, fan_out, /, *, rng, gain=1.0):
    limit = gain * np.sqrt(2 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, (fan_in, fan_out))
