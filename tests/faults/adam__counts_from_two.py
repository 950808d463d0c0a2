"""The count is raised before and after the step."""

from _adam import adam_init, step

__all__ = ["adam_init", "adam_step"]


def adam_step(params, grad, state, /, **options):
    new, (t, m, v) = step(params, grad, state, **options)
    return new, (t + 1, m, v)
