"""Epsilon is added under the root."""

import numpy as np
from _adam import adam_init, step

__all__ = ["adam_init", "adam_step"]


def direction(m, v, t, beta1, beta2, eps):
    return m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + eps)


def adam_step(params, grad, state, /, **options):
    return step(params, grad, state, direction=direction, **options)
