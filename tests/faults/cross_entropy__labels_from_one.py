"""Labels are counted from 1: every row is charged for the class before its own."""

import numpy as np

from reference import sparse_categorical_cross_entropy as right


def sparse_categorical_cross_entropy(probabilities, labels, /, *, reduction="mean"):
    classes = np.shape(probabilities)[-1]
    return right(probabilities, (np.asarray(labels) - 1) % classes, reduction=reduction)
