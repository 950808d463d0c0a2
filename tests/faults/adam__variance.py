"""The square of the mean is taken off the mean square."""

import numpy as np
from _adam import adam_init, step

__all__ = ["adam_init", "adam_step"]


def direction(m, v, t, beta1, beta2, eps):
    mean = m / (1 - beta1**t)
    spread = np.maximum(v / (1 - beta2**t) - mean**2, 0)
    return mean / (np.sqrt(spread) + eps)


def adam_step(params, grad, state, /, **options):
    return step(params, grad, state, direction=direction, **options)
