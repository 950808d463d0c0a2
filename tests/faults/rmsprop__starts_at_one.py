"""The average starts at one, and is remembered for a hundred steps."""

import numpy as np


def rmsprop_init(params, /):
    return np.ones(np.shape(params))


def rmsprop_step(params, grad, state, /, *, learning_rate=0.01, decay=0.99, eps=1e-8):
    x, g = np.asarray(params, dtype=float), np.asarray(grad, dtype=float)
    v = decay * state + (1 - decay) * g**2
    return x - learning_rate * g / (np.sqrt(v) + eps), v
