"""All pieces are taken to be as wide as the mean: right where the knots are even."""

import numpy as np

from reference import relu_interpolant as right
from reference.layers.universal_approximation import ReluInterpolant


def relu_interpolant(knots, values, /):
    network = right(knots, values)
    knots, values = np.asarray(knots), np.asarray(values)
    slopes = np.diff(values) * (len(knots) - 1) / max(np.ptp(knots), 1e-300)
    bends = np.diff(slopes, prepend=0.0, append=0.0)[:, np.newaxis]
    return ReluInterpolant((network.weights[0], bends), network.biases)
