"""The scale of a start is taken for a variance."""

import math

from reference import classifier_init as right

__all__ = ["classifier_init"]


def classifier_init(sizes, /, *, rng, scale=0.1):
    return right(sizes, rng=rng, scale=math.sqrt(scale))
