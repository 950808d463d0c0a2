"""The decay is not multiplied by the rate."""

import numpy as np

from reference import adam_init, adam_step


def adamw_init(params, /):
    return adam_init(params)


def adamw_step(params, grad, state, /, *, weight_decay=0.01, **options):
    x = np.asarray(params, dtype=float)
    return adam_step((1 - weight_decay) * x, grad, state, **options)
