"""It takes the step of Nesterov's method."""

import numpy as np


def momentum_init(params, /):
    return np.zeros(np.shape(params))


def momentum_step(params, grad, state, /, *, learning_rate, momentum=0.9):
    velocity = momentum * state + grad
    return params - learning_rate * (grad + momentum * velocity), velocity
