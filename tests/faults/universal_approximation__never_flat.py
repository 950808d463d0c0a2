"""The last knot has no bend: right between the knots, and runs on behind them."""

import numpy as np

from reference import relu_interpolant as right
from reference.layers.universal_approximation import ReluInterpolant


def relu_interpolant(knots, values, /):
    (into, out), biases = right(knots, values)
    out = np.array(out)
    out[-1] = 0.0
    return ReluInterpolant((into, out), biases)
