"""The softmax divides by the sum over all samples, not over those of one sample."""

import numpy as np
from _layered import train

__all__ = ["classifier_fit"]


def over_all(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def classifier_fit(x, labels, weights, biases, /, **options):
    return train(x, labels, weights, biases, softmax=over_all, **options)
