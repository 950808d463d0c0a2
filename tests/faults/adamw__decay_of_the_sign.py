"""The decay is of constant length: the penalty of sizes, not of squares."""

import numpy as np

from reference import adam_init, adam_step


def adamw_init(params, /):
    return adam_init(params)


def adamw_step(
    params, grad, state, /, *, learning_rate=1e-3, weight_decay=0.01, **options
):
    options["learning_rate"] = learning_rate
    x = np.asarray(params, dtype=float)
    shrunk = x - learning_rate * weight_decay * np.sign(x)
    return adam_step(shrunk, grad, state, **options)
