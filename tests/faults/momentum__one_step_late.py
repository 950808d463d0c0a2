"""The parameters move by the velocity from before the gradient."""

import numpy as np


def momentum_init(params, /):
    return np.zeros(np.shape(params))


def momentum_step(params, grad, state, /, *, learning_rate, momentum=0.9):
    return params - learning_rate * state, momentum * state + grad
