"""Wrong in all the ways a number can be."""

import numpy as np


def relu(x):
    x[x < 0] = 0
    return np.where(x == 2.0, 3.0, x)


def tanh(x):
    print("tanh of", x)  # noqa: T201
    return np.tanh(np.abs(x))


def softmax(x, axis=-1):
    np.seterr(all="ignore")
    e = np.exp(x)
    return (e / e.sum(axis=axis, keepdims=True))[:1]
