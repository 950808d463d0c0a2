"""All gradients but the first are damped by one minus the momentum."""

import numpy as np


def momentum_init(params, /):
    return None


def momentum_step(params, grad, state, /, *, learning_rate, momentum=0.9):
    grad = np.asarray(grad, dtype=float)
    first = state is None
    velocity = grad if first else momentum * state + (1 - momentum) * grad
    return params - learning_rate * velocity, velocity
