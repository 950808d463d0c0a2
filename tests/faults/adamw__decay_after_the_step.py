"""The weight is shrunk after the step, and the step with it."""

import numpy as np

from reference import adam_init, adam_step


def adamw_init(params, /):
    return adam_init(params)


def adamw_step(
    params,
    grad,
    state,
    /,
    *,
    learning_rate=1e-3,
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
    weight_decay=0.01,
):
    options = {
        "learning_rate": learning_rate,
        "beta1": beta1,
        "beta2": beta2,
        "eps": eps,
    }
    new, state = adam_step(params, grad, state, **options)
    return (1 - learning_rate * weight_decay) * np.asarray(new), state
