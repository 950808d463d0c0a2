"""The seed is taken once and used in every call: all layers of a shape start alike."""

import numpy as np


def xavier_normal(fan_in, fan_out, /, *, rng, gain=1.0):
    std = gain * np.sqrt(2 / (fan_in + fan_out))
    return np.random.default_rng(0).normal(0.0, std, (fan_in, fan_out))


def xavier_uniform(fan_in, fan_out, /, *, rng, gain=1.0):
    limit = gain * np.sqrt(6 / (fan_in + fan_out))
    return np.random.default_rng(0).uniform(-limit, limit, (fan_in, fan_out))
