"""The noise is added and not multiplied: an entry of 0 does not stay 0."""

import numpy as np


def gaussian_dropout(x, /, *, p, rng):
    x = np.asarray(x)
    return x + rng.normal(0.0, np.sqrt(p / (1 - p)), x.shape)
