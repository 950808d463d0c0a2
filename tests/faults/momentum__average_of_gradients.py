"""The velocity is a moving average of the gradients instead of a sum."""

import numpy as np

from reference import momentum_init
from reference import momentum_step as right

__all__ = ["momentum_init", "momentum_step"]


def momentum_step(params, grad, state, /, *, learning_rate, momentum=0.9):
    faded = (1 - momentum) * np.asarray(grad, dtype=float)
    return right(params, faded, state, learning_rate=learning_rate, momentum=momentum)
