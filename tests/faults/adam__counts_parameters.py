"""The count is raised once for every parameter and not once for every step."""

import numpy as np
from _adam import adam_init, direction, step

__all__ = ["adam_init", "adam_step"]


def adam_step(params, grad, state, /, **options):
    def along(m, v, t, *rest):
        before = (t - 1) * np.size(m)
        return direction(m, v, before + 1 + np.arange(m.size).reshape(m.shape), *rest)

    return step(params, grad, state, direction=along, **options)
