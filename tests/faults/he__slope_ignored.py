"""The slope below zero changes the variance that is told and not the weights."""

import numpy as np


def he_normal(fan_in, fan_out, /, *, rng, negative_slope=0.0):
    return rng.normal(0.0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def he_uniform(fan_in, fan_out, /, *, rng, negative_slope=0.0):
    limit = np.sqrt(6 / fan_in)
    return rng.uniform(-limit, limit, (fan_in, fan_out))
