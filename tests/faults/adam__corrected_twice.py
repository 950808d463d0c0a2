"""The moments are corrected, and the rate is corrected for them once more."""

import numpy as np
from _adam import adam_init, direction, step

__all__ = ["adam_init", "adam_step"]


def twice(m, v, t, beta1, beta2, eps):
    again = np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return again * direction(m, v, t, beta1, beta2, eps)


def adam_step(params, grad, state, /, **options):
    return step(params, grad, state, direction=twice, **options)
