"""The velocity is set to zero before every step: momentum has no effect."""

import numpy as np


def momentum_init(params, /):
    return np.zeros(np.shape(params))


def momentum_step(params, grad, state, /, *, learning_rate, momentum=0.9):
    velocity = momentum * np.zeros(np.shape(params)) + grad
    return params - learning_rate * velocity, velocity
