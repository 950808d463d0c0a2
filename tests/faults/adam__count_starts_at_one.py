"""The count starts at 1 and is raised before it is used: the first step is step 2."""

from _adam import adam_init as right
from _adam import step

__all__ = ["adam_init", "adam_step"]


def adam_init(params, /):
    _, m, v = right(params)
    return 1, m, v


def adam_step(params, grad, state, /, **options):
    return step(params, grad, state, **options)
