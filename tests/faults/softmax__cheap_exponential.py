"""The exponential is a polynomial: off by half a percent at -6, and 0 below -13."""

import numpy as np

COEFFICIENTS = (1.0, 0.125, 0.0078125, 0.00032552083, 1.0172526e-5)


def softmax(x, /, *, axis=-1):
    x = np.asarray(x)
    down = x.max(axis=axis, keepdims=True) - x
    series = sum(c * np.minimum(down, 13.0) ** k for k, c in enumerate(COEFFICIENTS))
    e = np.where(down < 13, 1 / series**8, 0.0)
    return e / e.sum(axis=axis, keepdims=True)
