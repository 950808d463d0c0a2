"""The largest mean square so far divides: another published optimizer."""

import numpy as np
from _adam import adam_init as plain_init
from _adam import direction, step

__all__ = ["adam_init", "adam_step"]


def adam_init(params, /):
    return (*plain_init(params), np.zeros(np.shape(params)))


def adam_step(params, grad, state, /, **options):
    *averages, most = state

    def along(m, v, *rest):
        return direction(m, np.maximum(most, v), *rest)

    new, (t, m, v) = step(params, grad, averages, direction=along, **options)
    return new, (t, m, v, np.maximum(most, v))
