"""New squares are added in full: the weights sum to far more than one."""

import numpy as np


def rmsprop_init(params, /):
    return np.zeros(np.shape(params))


def rmsprop_step(params, grad, state, /, *, learning_rate=0.01, decay=0.99, eps=1e-8):
    x, g = np.asarray(params, dtype=float), np.asarray(grad, dtype=float)
    v = decay * state + g**2
    return x - learning_rate * g / (np.sqrt(v) + eps), v
