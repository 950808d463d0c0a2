"""The mean is moved once more toward the gradient: that is Nesterov's variant."""

import numpy as np
from _adam import adam_init, averages, direction, step

__all__ = ["adam_init", "adam_step"]


def adam_step(params, grad, state, /, **options):
    g = np.asarray(grad, dtype=float)

    def along(m, v, t, beta1, beta2, eps):
        ahead, _ = averages(m, v, g, beta1, beta2)
        return direction(ahead, v, t, beta1, beta2, eps)

    return step(params, grad, state, direction=along, **options)
