"""The largest eigenvalue is taken, which for most matrices is not the norm."""

import numpy as np

from reference import spectral_norm as right


def spectral_norm(matrix, /):
    A = np.asarray(matrix, dtype=float)
    if A.shape[0] != A.shape[1] or not A.size:
        return right(A)
    return np.max(np.abs(np.linalg.eigvals(A)))
