"""Going back, a rectifier returns its rectified argument instead of its slope."""

import numpy as np
from _layered import train

__all__ = ["classifier_fit"]


def rectified(z):
    return np.maximum(0, z)


def classifier_fit(x, labels, weights, biases, /, **options):
    return train(x, labels, weights, biases, slope=rectified, **options)
