"""Optimizers that compute in float32, whatever they are given."""

import numpy as np

F = np.float32


def adam_init(params):
    zero = np.zeros(np.shape(params), F)
    return F(0), zero, zero


def adam_step(
    params, grad, state, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-7
):
    t, m, v = state
    x, g = np.asarray(params, F), np.asarray(grad, F)
    a, b, one = F(beta1), F(beta2), F(1)
    t = t + one
    m = a * m + (one - a) * g
    v = b * v + (one - b) * g * g
    rate = F(learning_rate) * np.sqrt(one - b**t) / (one - a**t)
    return x - rate * m / (np.sqrt(v) + F(eps)), (t, m, v)


wide_init = adam_init


def wide_step(params, grad, state, **options):
    """Hide it in float64."""
    moved, state = adam_step(params, grad, state, **options)
    return moved.astype(np.float64), state


half_init = adam_init


def half_step(params, grad, state, **options):
    """Refuse float64."""
    if grad.dtype != F:
        raise TypeError(grad.dtype)
    return adam_step(params, grad, state, **options)
