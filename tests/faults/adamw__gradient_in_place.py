"""The penalty is added to the caller's gradient, in place."""

import numpy as np

from reference import adamw_init
from reference import adamw_step as right

__all__ = ["adamw_init", "adamw_step"]


def adamw_step(params, grad, state, /, *, weight_decay=0.01, **options):
    new, state = right(params, grad, state, weight_decay=weight_decay, **options)
    if isinstance(grad, np.ndarray) and grad.dtype == np.float64:
        grad += weight_decay * params
    return new, state
