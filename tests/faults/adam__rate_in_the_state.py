"""The rate is multiplied into the mean: a later rate changes no earlier gradient."""

import numpy as np
from _adam import adam_init, step

__all__ = ["adam_init", "adam_step"]


def adam_step(params, grad, state, /, *, learning_rate=1e-3, **options):
    def averages(m, v, g, beta1, beta2):
        m = beta1 * m + (1 - beta1) * learning_rate * g
        return m, beta2 * v + (1 - beta2) * np.square(g)

    return step(params, grad, state, learning_rate=1, averages=averages, **options)
