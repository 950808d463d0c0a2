"""The sigmoid itself stands where its slope belongs."""

import numpy as np

from reference import sigmoid


def chain_gradient(weights, pre_activations, /):
    return np.prod(np.asarray(weights) * sigmoid(pre_activations))
