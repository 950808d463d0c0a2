"""The slope of the sigmoid is taken at the sigmoid's output, not at its argument."""

import numpy as np

from reference import sigmoid, sigmoid_derivative

__all__ = ["three_four_one_grad"]


def three_four_one_grad(weights, X, y, /):
    first, second = weights
    hidden = sigmoid(X @ first)
    output = sigmoid(hidden @ second)
    delta = (output - np.asarray(y)[:, np.newaxis]) * sigmoid_derivative(output)
    behind = (delta @ second.T) * sigmoid_derivative(hidden)
    return X.T @ behind, hidden.T @ delta
