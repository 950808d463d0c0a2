"""The averages are used as they are, too small at the start."""

import numpy as np
from _adam import adam_init, step

__all__ = ["adam_init", "adam_step"]


def direction(m, v, t, beta1, beta2, eps):
    return m / (np.sqrt(v) + eps)


def adam_step(params, grad, state, /, **options):
    return step(params, grad, state, direction=direction, **options)
