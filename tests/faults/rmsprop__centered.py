"""The square of the mean gradient is taken off: a variance, not a mean square."""

import numpy as np


def rmsprop_init(params, /):
    return np.zeros((2, *np.shape(params)))


def rmsprop_step(params, grad, state, /, *, learning_rate=0.01, decay=0.99, eps=1e-8):
    x, g = np.asarray(params, dtype=float), np.asarray(grad, dtype=float)
    state = decay * state + (1 - decay) * np.stack([g, g**2])
    mean, square = state
    return x - learning_rate * g / (np.sqrt(square - mean**2) + eps), state
