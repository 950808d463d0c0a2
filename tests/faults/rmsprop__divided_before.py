"""The gradient is divided by the average without its own square."""

import numpy as np


def rmsprop_init(params, /):
    return np.zeros(np.shape(params))


def rmsprop_step(params, grad, state, /, *, learning_rate=0.01, decay=0.99, eps=1e-8):
    x, g = np.asarray(params, dtype=float), np.asarray(grad, dtype=float)
    v = decay * state + (1 - decay) * g**2
    return x - learning_rate * g / (np.sqrt(state) + eps), v
