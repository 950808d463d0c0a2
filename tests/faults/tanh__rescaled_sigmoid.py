"""A sigmoid rescaled to (-1, 1) is taken for tanh: it is tanh of half the argument."""

from reference import sigmoid


def tanh(x, /):
    return 2 * sigmoid(x) - 1
