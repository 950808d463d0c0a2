"""The average is divided by the sum of its weights, as in Adam."""

import numpy as np


def rmsprop_init(params, /):
    return 0, np.zeros(np.shape(params))


def rmsprop_step(params, grad, state, /, *, learning_rate=0.01, decay=0.99, eps=1e-8):
    x, g = np.asarray(params, dtype=float), np.asarray(grad, dtype=float)
    t, v = state[0] + 1, decay * state[1] + (1 - decay) * g**2
    root = np.sqrt(v / (1 - decay**t))
    return x - learning_rate * g / (root + eps), (t, v)
