"""Each unit gets the slope after its knot, not the change of the slope there."""

import numpy as np

from reference.layers.universal_approximation import ReluInterpolant


def relu_interpolant(knots, values, /):
    knots, values = np.asarray(knots), np.asarray(values)
    slopes = np.append(np.diff(values) / np.diff(knots), 0.0)
    weights = np.ones((1, len(knots))), slopes[:, np.newaxis]
    return ReluInterpolant(weights, (-knots, values[:1]))
