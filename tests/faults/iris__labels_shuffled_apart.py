"""Rows and labels are shuffled by two permutations: a row has the label of another."""

import numpy as np

from reference import load_iris_arrays as right

__all__ = ["load_iris_arrays"]


def load_iris_arrays(*, part="all"):
    X, y = right(part=part)
    rng = np.random.default_rng(0)
    return X[rng.permutation(len(X))], y[rng.permutation(len(y))]
