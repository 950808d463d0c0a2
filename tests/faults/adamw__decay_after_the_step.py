"""The weight is shrunk after the step, and the step with it."""

import numpy as np

from reference import adam_init, adam_step


def adamw_init(params, /):
    return adam_init(params)


def adamw_step(
    params, grad, state, /, *, learning_rate=1e-3, weight_decay=0.01, **options
):
    options["learning_rate"] = learning_rate
    new, state = adam_step(params, grad, state, **options)
    return (1 - learning_rate * weight_decay) * np.asarray(new), state
