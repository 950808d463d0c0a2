"""The mean is moved once more toward the gradient: that is Nesterov's variant."""

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
    return x - learning_rate * ((beta1 * m + (1 - beta1) * g) / (1 - beta1**t)) / (
        np.sqrt(v / (1 - beta2**t)) + eps
    ), (t, m, v)
