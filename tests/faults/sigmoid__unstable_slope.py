"""The slope is formed as s(1 - s): it is 0 wherever s rounds to 1."""

from reference import sigmoid


def sigmoid_derivative(x, /):
    s = sigmoid(x)
    return s * (1 - s)
