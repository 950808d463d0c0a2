"""A bracket is missing: the gradient is subtracted, and the velocity added."""

import numpy as np


def nesterov_init(params, /):
    return np.zeros(np.shape(params))


def nesterov_step(params, grad, state, /, *, learning_rate, momentum=0.9):
    g = np.asarray(grad)
    velocity = momentum * state + g
    new = params - g * learning_rate + momentum * velocity * learning_rate
    return new, velocity
