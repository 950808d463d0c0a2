"""Five places for the decay of weights."""

import numpy as np


def _init(params):
    return 0, np.zeros_like(params), np.zeros_like(params)


def _adam(grad, state, beta1, beta2, eps):
    t, m, v = state
    t, m, v = t + 1, m + (1 - beta1) * (grad - m), v + (1 - beta2) * (grad**2 - v)
    corrected = np.sqrt(v) / np.sqrt(1 - beta2**t)
    return m / (1 - beta1**t) / (corrected + eps), (t, m, v)


adamw_init = before_init = paper_init = after_init = coupled_init = double_init = _init


def adamw_step(x, g, s, *, learning_rate, beta1, beta2, eps, weight_decay=0.01):
    x = x * (1 - learning_rate * weight_decay)
    direction, s = _adam(g, s, beta1, beta2, eps)
    return x - learning_rate * direction, s


def paper_step(x, g, s, *, learning_rate, beta1, beta2, eps, weight_decay=0.01):
    direction, s = _adam(g, s, beta1, beta2, eps)
    return x - (learning_rate * direction + weight_decay * x), s


def after_step(x, g, s, *, learning_rate, beta1, beta2, eps, weight_decay=0.01):
    direction, s = _adam(g, s, beta1, beta2, eps)
    x = x - learning_rate * direction
    return x - learning_rate * weight_decay * x, s


def coupled_step(x, g, s, *, learning_rate, beta1, beta2, eps, weight_decay=0.01):
    direction, s = _adam(g + weight_decay * x, s, beta1, beta2, eps)
    return x - learning_rate * direction, s


def double_step(x, g, s, *, learning_rate, beta1, beta2, eps, weight_decay=0.01):
    direction, s = _adam(g + 2 * weight_decay * x, s, beta1, beta2, eps)
    return x - learning_rate * direction, s
