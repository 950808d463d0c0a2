"""Returns NaN, whatever it is asked."""

import numpy as np


def relu(x):
    return np.full(np.shape(x), np.nan)


tanh = softmax = relu
