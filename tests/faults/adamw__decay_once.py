"""Only the first step shrinks the weight."""

import numpy as np

from reference import adam_init, adam_step


def adamw_init(params, /):
    return adam_init(params)


def adamw_step(
    params, grad, state, /, *, learning_rate=1e-3, weight_decay=0.01, **options
):
    options["learning_rate"] = learning_rate
    x = np.asarray(params, dtype=float)
    shrink = 1 - learning_rate * weight_decay if state.steps == 0 else 1.0
    return adam_step(shrink * x, grad, state, **options)
