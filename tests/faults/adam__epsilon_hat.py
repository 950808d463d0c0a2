"""Epsilon is added before the root is corrected: the paper's other formula."""

import numpy as np
from _adam import adam_init, step

__all__ = ["adam_init", "adam_step"]


def direction(m, v, t, beta1, beta2, eps):
    return np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + eps)


def adam_step(params, grad, state, /, **options):
    return step(params, grad, state, direction=direction, **options)
