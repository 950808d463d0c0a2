"""The gradient is damped by one minus the momentum, and so is the step."""

import numpy as np


def momentum_init(params, /):
    return np.zeros(np.shape(params))


def momentum_step(params, grad, state, /, *, learning_rate, momentum=0.9):
    velocity = momentum * state + (1 - momentum) * np.asarray(grad)
    return params - (1 - momentum) * learning_rate * velocity, velocity
