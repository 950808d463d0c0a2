"""The count is raised before and after the step."""

from reference import adam_init
from reference import adam_step as right

__all__ = ["adam_init", "adam_step"]


def adam_step(params, grad, state, /, **options):
    new, state = right(params, grad, state, **options)
    return new, state._replace(steps=state.steps + 1)
