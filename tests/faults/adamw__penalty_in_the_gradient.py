"""The decay is added to the gradient, and divided with it."""

import numpy as np

from reference import adam_init, adam_step


def adamw_init(params, /):
    return adam_init(params)


def adamw_step(params, grad, state, /, *, weight_decay=0.01, **options):
    x, g = np.asarray(params, dtype=float), np.asarray(grad, dtype=float)
    return adam_step(x, g + weight_decay * x, state, **options)
