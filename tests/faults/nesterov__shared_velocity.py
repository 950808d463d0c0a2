"""The velocity lives in the module, not in the state: two runs mix."""

import numpy as np

VELOCITIES = {}


def nesterov_init(params, /):
    VELOCITIES.clear()
    return ()


def nesterov_step(params, grad, state, /, *, learning_rate, momentum=0.9):
    velocity = momentum * VELOCITIES.get("v", np.zeros(np.shape(params))) + grad
    VELOCITIES["v"] = velocity
    return params - learning_rate * (grad + momentum * velocity), ()
