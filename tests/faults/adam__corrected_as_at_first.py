"""The correction never changes: 1 - beta where it should be 1 - beta^t."""

from _adam import adam_init, direction, step

__all__ = ["adam_init", "adam_step"]


def at_first(m, v, t, *options):
    return direction(m, v, 1, *options)


def adam_step(params, grad, state, /, **options):
    return step(params, grad, state, direction=at_first, **options)
