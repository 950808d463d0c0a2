"""Averages are corrected in place: the next ones start from corrected values."""

import numpy as np
from _adam import adam_init, averages

__all__ = ["adam_init", "adam_step"]


def adam_step(
    params, grad, state, /, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    t, m, v = state
    t = t + 1
    m, v = averages(m, v, np.asarray(grad, dtype=float), beta1, beta2)
    m, v = m / (1 - beta1**t), v / (1 - beta2**t)
    return params - learning_rate * m / (np.sqrt(v) + eps), (t, m, v)
