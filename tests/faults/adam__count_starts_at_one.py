"""The count starts at 1 and is raised before it is used: the first step is step 2."""

from reference import adam_init as right
from reference import adam_step

__all__ = ["adam_init", "adam_step"]


def adam_init(params, /):
    return right(params)._replace(steps=1)
