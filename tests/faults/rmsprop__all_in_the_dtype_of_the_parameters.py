"""All is done in the dtype of the parameters: in float16 epsilon and v become 0."""

import numpy as np


def rmsprop_init(params, /):
    return np.zeros_like(params)


def rmsprop_step(params, grad, state, /, *, learning_rate=0.01, decay=0.99, eps=1e-8):
    v = decay * state + (1 - decay) * grad**2
    with np.errstate(divide="ignore", invalid="ignore"):
        return params - learning_rate * grad / (np.sqrt(v) + eps), v
