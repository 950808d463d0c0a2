"""tanh is formed as 2 s(2x) - 1: right to eps, but small arguments lose every digit."""

import numpy as np

from reference import sigmoid


def tanh(x, /):
    return 2 * sigmoid(2 * np.asarray(x)) - 1
