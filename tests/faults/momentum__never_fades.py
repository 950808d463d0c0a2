"""The momentum multiplies the new gradient: the velocity adds up and never fades."""

import numpy as np


def momentum_init(params, /):
    return np.zeros(np.shape(params))


def momentum_step(params, grad, state, /, *, learning_rate, momentum=0.9):
    velocity = state + momentum * np.asarray(grad)
    return params - learning_rate * velocity, velocity
