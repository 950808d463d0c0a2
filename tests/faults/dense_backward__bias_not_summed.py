"""The gradient of the bias is that of the first sample instead of the sum over all."""

import numpy as np

from reference import dense_vjp as right


def dense_vjp(cotangent, x, weights, bias, /):
    first = np.array(cotangent, ndmin=2)[0]
    return right(cotangent, x, weights, bias)._replace(bias=first)
