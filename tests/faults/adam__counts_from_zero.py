"""The first step counts as step 0, and is corrected from the second on."""

from _adam import adam_init, direction, step

__all__ = ["adam_init", "adam_step"]


def late(m, v, t, *options):
    return direction(m, v, max(t - 1, 1), *options)


def adam_step(params, grad, state, /, **options):
    return step(params, grad, state, direction=late, **options)
