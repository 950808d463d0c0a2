"""The side is told from the output: wrong as soon as a learned slope is negative."""

import numpy as np

from reference import prelu


def prelu_vjp(cotangent, x, negative_slope, /):
    g, x, slope = map(np.asarray, (cotangent, x, negative_slope))
    shared = tuple(range(x.ndim - slope.ndim))
    at_x = g * np.where(prelu(x, slope) > 0, 1.0, slope)
    return at_x, np.where(x > 0, 0, g * x).sum(axis=shared)
