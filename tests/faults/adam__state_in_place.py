"""The averages are updated inside the state that was passed in."""

from reference import adam_init
from reference import adam_step as right

__all__ = ["adam_init", "adam_step"]


def adam_step(params, grad, state, /, **options):
    new, after = right(params, grad, state, **options)
    state.mean[...], state.root[...] = after.mean, after.root
    return new, state._replace(steps=after.steps)
