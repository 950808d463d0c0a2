"""The gradients of weights and bias are divided by the number of samples once more."""

import numpy as np

from reference import dense_vjp as right


def dense_vjp(cotangent, x, weights, bias, /):
    grads = right(cotangent, x, weights, bias)
    n = len(x) if np.ndim(x) > 1 else 1
    return grads._replace(weights=grads.weights / n, bias=grads.bias / n)
