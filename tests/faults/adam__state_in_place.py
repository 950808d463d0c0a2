"""The averages are updated inside the state that was passed in."""

import numpy as np


def adam_init(params, /):
    zero = np.zeros(np.shape(params))
    return {"t": 0, "m": zero, "v": zero.copy()}


def adam_step(
    params,
    grad,
    state,
    /,
    *,
    learning_rate=1e-3,
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
):
    x, g = np.asarray(params, dtype=float), np.asarray(grad, dtype=float)
    state["t"] += 1
    state["m"] *= beta1
    state["m"] += (1 - beta1) * g
    state["v"] *= beta2
    state["v"] += (1 - beta2) * g**2
    mean = state["m"] / (1 - beta1 ** state["t"])
    root = np.sqrt(state["v"] / (1 - beta2 ** state["t"]))
    return x - learning_rate * mean / (root + eps), state
