"""A rectifier multiplies what comes back by its output instead of its slope."""

import numpy as np

from reference import neuron_vjp as right
from reference import relu


def neuron_vjp(cotangent, x, weights, bias, /, *, activation):
    if activation == "relu":
        a = relu(np.asarray(x) @ np.asarray(weights) + bias)
        cotangent = np.asarray(cotangent) * a
    return right(cotangent, x, weights, bias, activation=activation)
