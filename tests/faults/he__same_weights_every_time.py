"""The seed is taken once and used in every call: all layers of a shape start alike."""

import numpy as np


def he_normal(fan_in, fan_out, /, *, rng, negative_slope=0.0):
    std = np.sqrt(2 / ((1 + negative_slope**2) * fan_in))
    return np.random.default_rng(0).normal(0.0, std, (fan_in, fan_out))


def he_uniform(fan_in, fan_out, /, *, rng, negative_slope=0.0):
    limit = np.sqrt(6 / ((1 + negative_slope**2) * fan_in))
    return np.random.default_rng(0).uniform(-limit, limit, (fan_in, fan_out))
