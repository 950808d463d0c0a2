"""The step is added to the parameters: it climbs."""

import numpy as np


def adagrad_init(params, /):
    return np.zeros(np.shape(params))


def adagrad_step(params, grad, state, /, *, learning_rate=0.01, eps=1e-10):
    g = np.asarray(grad, dtype=float)
    total = state + g**2
    return params + learning_rate * g / (np.sqrt(total) + eps), total
