"""Every layer is drawn from a generator with one seed: equal shapes start alike."""

from itertools import pairwise

import numpy as np

from reference.networks.iris import MLPParameters

__all__ = ["classifier_init"]


def classifier_init(sizes, /, *, rng, scale=0.1):
    seed = rng.integers(2**31)

    def drawn(shape):
        return scale * np.random.default_rng(seed).standard_normal(shape)

    weights = tuple(drawn(shape) for shape in pairwise(sizes))
    return MLPParameters(weights, tuple(drawn(units) for units in sizes[1:]))
