"""The first step counts as step 0, and is corrected from the second on."""

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
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    low, high = (1 - beta**t if t else 1 - beta for beta in (beta1, beta2))
    new = x - learning_rate * (m / low) / (np.sqrt(v / high) + eps)
    return new, (t + 1, m, v)
