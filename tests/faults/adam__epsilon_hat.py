"""Epsilon is added before the root is corrected: the paper's other formula."""

import numpy as np


def adam_init(params, /):
    zero = np.zeros(np.shape(params))
    return 0, zero, zero


def adam_step(
    params,
    grad,
    state,
    /,
    *,
    learning_rate=1e-3,
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
):
    x, g = np.asarray(params, dtype=float), np.asarray(grad, dtype=float)
    t, m, v = state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    rate = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return x - rate * m / (np.sqrt(v) + eps), (t, m, v)
