"""All is done in the dtype of the parameters: in float16 epsilon and v become 0."""

import numpy as np


def adam_init(params, /):
    return 0, np.zeros_like(params), np.zeros_like(params)


def adam_step(
    params, grad, state, /, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    t, m, v = state
    t = t + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    root = np.sqrt(v / (1 - beta2**t))
    with np.errstate(divide="ignore", invalid="ignore"):
        return params - learning_rate * m / (1 - beta1**t) / (root + eps), (t, m, v)
