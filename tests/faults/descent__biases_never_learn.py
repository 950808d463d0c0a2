"""Only the weights are updated: the biases stay what they were drawn as."""

import numpy as np

from reference import mlp_step as right


def mlp_step(x, targets, weights, biases, /, **options):
    new = right(x, targets, weights, biases, **options)
    return new[0], tuple(np.array(b) for b in biases)
