"""Options with other names, or none at all."""

import numpy as np


def adam_init(params):
    return 0, 0.0, 0.0


def adam_step(params, grad, state, lr=1e-3, b1=0.9, b2=0.999, epsilon=1e-8):
    t, m, v = state
    t, m, v = t + 1, b1 * m + (1 - b1) * grad, b2 * v + (1 - b2) * grad**2
    step = m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + epsilon)
    return params - lr * step, (t, m, v)


fixed_init = adam_init


def fixed_step(params, grad, state, *, learning_rate):
    """Settle everything but the rate, and eps as Keras does, in its place."""
    t, m, v = state
    t, m, v = t + 1, 0.9 * m + 0.1 * grad, 0.999 * v + 0.001 * grad**2
    rate = learning_rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return params - rate * m / (np.sqrt(v) + 1e-7), (t, m, v)


def momentum_init(params):
    return np.zeros_like(params)


def momentum_step(params, grad, velocity):
    """Take no options: then two variants are the same."""
    velocity = 0.9 * velocity + grad
    return params - 0.01 * velocity, velocity


def rmsprop_init(params):
    return np.zeros_like(params)


def rmsprop_step(params, grad, state, alpha=0.01, rho=0.99, **more):
    state = rho * state + (1 - rho) * grad**2
    eps = more.get("eps", 1e-8)
    return params - alpha * grad / (np.sqrt(state) + eps), state
