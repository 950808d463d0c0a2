"""The slope lacks its second term: the gate is taken for a constant."""

import math

import numpy as np

ERFC = np.frompyfunc(math.erfc, 1, 1)


def gelu_derivative(x, /):
    return np.asarray(ERFC(-np.asarray(x) / math.sqrt(2)), dtype=float) / 2
