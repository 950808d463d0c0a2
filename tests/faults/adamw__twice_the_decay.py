"""The penalty is taken without its half, and the decay is twice as strong."""

import numpy as np

from reference import adam_init, adam_step


def adamw_init(params, /):
    return adam_init(params)


def adamw_step(
    params, grad, state, /, *, learning_rate=1e-3, weight_decay=0.01, **options
):
    options["learning_rate"] = learning_rate
    x = np.asarray(params, dtype=float)
    shrink = 1 - 2 * learning_rate * weight_decay
    return adam_step(shrink * x, grad, state, **options)
