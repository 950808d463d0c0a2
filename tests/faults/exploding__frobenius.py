"""The root of the sum of squares is returned for the spectral norm."""

import numpy as np


def spectral_norm(matrix, /):
    return np.sqrt(np.sum(np.asarray(matrix) ** 2))
