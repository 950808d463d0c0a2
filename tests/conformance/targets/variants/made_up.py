"""Optimizers that nobody published; some agree with a known one for a while."""

import numpy as np


def _init(params):
    return 0, np.zeros_like(params), np.zeros_like(params)


def _adam(params, grad, state, rate, beta1, beta2, eps):
    t, m, v = state
    t, m, v = t + 1, beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    step = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return params - rate * step, (t, m, v)


fading_init = cube_init = sign_init = swapped_init = tilted_init = _init


def fading_step(
    params, grad, state, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    """Halve the rate from the fourth step on."""
    rate = learning_rate / (2 if state[0] >= 3 else 1)
    return _adam(params, grad, state, rate, beta1, beta2, eps)


def cube_step(
    params, grad, state, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    """Take a third root."""
    t, m, v = state
    t, m, v = t + 1, beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    step = m / (1 - beta1**t) / (np.cbrt(v / (1 - beta2**t)) + eps)
    return params - learning_rate * step, (t, m, v)


def sign_step(
    params, grad, state, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    """Follow nothing but signs."""
    return params - learning_rate * np.sign(grad), state


def swapped_step(
    params, grad, state, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    """Mistake one beta for the other."""
    return _adam(params, grad, state, learning_rate, beta2, beta1, eps)


def tilted_step(
    params, grad, state, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    """Be off by a part in ten thousand."""
    return _adam(params, grad, state, learning_rate * 1.0001, beta1, beta2, eps)


def momentum_init(params):
    return 0, np.zeros_like(params)


def momentum_step(params, grad, state, *, learning_rate, momentum=0.9):
    """Forget the velocity at every third step."""
    t, v = state
    v = grad + (momentum * v if t % 3 else 0.0)
    return params - learning_rate * v, (t + 1, v)


def adamw_init(params):
    return _init(params)


def adamw_step(
    params,
    grad,
    state,
    *,
    learning_rate=1e-3,
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
    weight_decay=0.01,
):
    """Leave the decay out from the third step on."""
    decay = weight_decay if state[0] < 2 else 0.0
    shrunk = params * (1 - learning_rate * decay)
    return _adam(shrunk, grad, state, learning_rate, beta1, beta2, eps)
