"""Weights and slopes are multiplied apart: the slopes vanish on the way."""

import numpy as np

from reference import sigmoid_derivative


def chain_gradient(weights, pre_activations, /):
    slopes = np.prod(sigmoid_derivative(pre_activations))
    return np.prod(np.asarray(weights)) * slopes
