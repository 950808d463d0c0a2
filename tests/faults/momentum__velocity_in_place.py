"""The velocity is updated inside the state that was passed in."""

import numpy as np


def momentum_init(params, /):
    return {"velocity": np.zeros(np.shape(params))}


def momentum_step(params, grad, state, /, *, learning_rate, momentum=0.9):
    state["velocity"] *= momentum
    state["velocity"] += grad
    return params - learning_rate * state["velocity"], state
