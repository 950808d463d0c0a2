"""Adam, with a place for each slip."""

import numpy as np


def adam_init(params, /):
    zero = np.zeros(np.shape(params))
    return 0, zero, zero


def averages(m, v, g, beta1, beta2):
    return beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2


def direction(m, v, t, beta1, beta2, eps):
    return m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)


def step(
    params, grad, state, *,
    learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8,
    averages=averages, direction=direction,
):  # fmt: skip
    x, g = np.asarray(params, dtype=float), np.asarray(grad, dtype=float)
    t, m, v = state
    t = t + 1
    m, v = averages(m, v, g, beta1, beta2)
    return x - learning_rate * direction(m, v, t, beta1, beta2, eps), (t, m, v)
