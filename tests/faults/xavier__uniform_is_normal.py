"""Uniform weights are drawn from a normal law of the right variance."""

import numpy as np


def xavier_uniform(fan_in, fan_out, /, *, rng, gain=1.0):
    std = gain * np.sqrt(2 / (fan_in + fan_out))
    return rng.normal(0.0, std, (fan_in, fan_out))
