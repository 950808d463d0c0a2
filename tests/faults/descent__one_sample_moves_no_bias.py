"""A batch of one sample is mistaken for nothing to average: no bias moves."""

import numpy as np

from reference import mlp_step as right


def mlp_step(x, targets, weights, biases, /, **options):
    new = right(x, targets, weights, biases, **options)
    if np.ndim(x) > 1 and len(x) > 1:
        return new
    return new[0], tuple(np.array(b) for b in biases)
