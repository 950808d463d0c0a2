"""The fans are added up with one more: the limit is a little too small."""

import numpy as np


def xavier_uniform(fan_in, fan_out, /, *, rng, gain=1.0):
    limit = gain * np.sqrt(6 / (fan_in + fan_out + 1))
    return rng.uniform(-limit, limit, (fan_in, fan_out))
