"""Exactly the share p of the units is dropped, by position: not at random."""

import numpy as np


def dropout_mask(shape, /, *, p, rng):
    size = int(np.prod(shape))
    kept = np.arange(size) >= round(p * size)
    return kept.reshape(shape)
