"""The averages are updated inside the state that was passed in."""

import numpy as np
from _adam import step

__all__ = ["adam_init", "adam_step"]


def adam_init(params, /):
    return {"t": 0, "m": np.zeros(np.shape(params)), "v": np.zeros(np.shape(params))}


def adam_step(params, grad, state, /, **options):
    averages = state["t"], state["m"], state["v"]
    new, (state["t"], m, v) = step(params, grad, averages, **options)
    state["m"][...], state["v"][...] = m, v
    return new, state
