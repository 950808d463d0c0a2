"""The sum is kept in float32, whatever the parameters are."""

import numpy as np


def adagrad_init(params, /):
    return np.zeros(np.shape(params))


def adagrad_step(params, grad, state, /, *, learning_rate=0.01, eps=1e-10):
    g = np.asarray(grad, dtype=float)
    total = (state + g**2).astype(np.float32).astype(float)
    return params - learning_rate * g / (np.sqrt(total) + eps), total
