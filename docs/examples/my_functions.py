"""Functions of somebody's own: which conventions do they follow?"""

import numpy as np


def adam_init(params):
    return np.zeros_like(params), np.zeros_like(params), 0


def adam_step(params, grad, state, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v, t = state
    t += 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    step = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return params - step * m / (np.sqrt(v) + eps), (m, v, t)


def gelu(x):
    return 0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3)))


def leaky_relu(x, negative_slope=0.1):
    return np.where(x < 0, negative_slope * x, x)
