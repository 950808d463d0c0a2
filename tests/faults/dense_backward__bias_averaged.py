"""The gradient of the bias is a mean over the samples where it has to be the sum."""

import numpy as np

from reference import dense_vjp as right


def dense_vjp(cotangent, x, weights, bias, /):
    mean = np.array(cotangent, ndmin=2).mean(axis=0)
    return right(cotangent, x, weights, bias)._replace(bias=mean)
