"""The velocity is kept in float32, whatever the parameters are."""

import numpy as np


def momentum_init(params, /):
    return np.zeros(np.shape(params), dtype=np.float32)


def momentum_step(params, grad, state, /, *, learning_rate, momentum=0.9):
    velocity = (momentum * state + np.asarray(grad)).astype(np.float32)
    return params - learning_rate * velocity.astype(float), velocity
