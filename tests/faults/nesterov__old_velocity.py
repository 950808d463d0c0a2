"""The look ahead uses the velocity from before the gradient."""

import numpy as np


def nesterov_init(params, /):
    return np.zeros(np.shape(params))


def nesterov_step(params, grad, state, /, *, learning_rate, momentum=0.9):
    velocity = momentum * state + grad
    return params - learning_rate * (grad + momentum * state), velocity
