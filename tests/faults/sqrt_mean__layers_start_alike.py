"""Every layer is drawn from a generator with the same seed: they start alike."""

from itertools import pairwise

import numpy as np

from reference.networks.sqrt_mean import SigmoidNetwork

__all__ = ["sqrt_mean_init"]


def sqrt_mean_init(d, /, *, hidden=None, rng):
    sizes = [d, 1] if hidden is None else [d, hidden, 1]
    seed = rng.integers(2**31)

    def drawn(shape):
        return np.random.default_rng(seed).random(shape)

    weights = tuple(drawn(shape) for shape in pairwise(sizes))
    return SigmoidNetwork(weights, tuple(drawn(size) for size in sizes[1:]))
