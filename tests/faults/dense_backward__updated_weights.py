"""The weights are updated first, and the gradient goes back through the new ones."""

import numpy as np

from reference import dense_vjp as right


def dense_vjp(cotangent, x, weights, bias, /):
    grads = right(cotangent, x, weights, bias)
    updated = np.asarray(weights) - 0.01 * grads.weights
    return grads._replace(x=np.asarray(cotangent) @ updated.T)
