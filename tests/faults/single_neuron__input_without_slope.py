"""The gradient of the input is the weights, without the slope."""

import numpy as np

from reference import neuron_vjp as right


def neuron_vjp(cotangent, x, weights, bias, /, *, activation):
    grads = right(cotangent, x, weights, bias, activation=activation)
    return grads._replace(
        x=np.multiply.outer(np.asarray(cotangent), np.asarray(weights))
    )
