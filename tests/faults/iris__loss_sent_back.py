"""What goes back from the output is the loss of each sample, not its gradient."""

import numpy as np
from _layered import train

__all__ = ["classifier_fit"]


def loss(p, t):
    return -t * np.log(p) / len(p)


def classifier_fit(x, labels, weights, biases, /, **options):
    return train(x, labels, weights, biases, gradient=loss, **options)
