"""2 / fan_in + fan_out where 2 / (fan_in + fan_out) was meant."""

import numpy as np


def xavier_normal(fan_in, fan_out, /, *, rng, gain=1.0):
    std = gain * np.sqrt(2 / fan_in + fan_out)
    return rng.normal(0.0, std, (fan_in, fan_out))


def xavier_uniform(fan_in, fan_out, /, *, rng, gain=1.0):
    limit = np.sqrt(3) * gain * np.sqrt(2 / fan_in + fan_out)
    return rng.uniform(-limit, limit, (fan_in, fan_out))
