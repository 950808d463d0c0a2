"""Normal weights are cut off at two standard deviations."""

import numpy as np


def xavier_normal(fan_in, fan_out, /, *, rng, gain=1.0):
    std = gain * np.sqrt(2 / (fan_in + fan_out))
    return np.clip(rng.normal(0.0, std, (fan_in, fan_out)), -2 * std, 2 * std)
