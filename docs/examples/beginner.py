"""A first neural-network module, typed in from introductions to the subject.

Everything here looks right, runs, and trains something. Most of it is wrong somewhere.

    lemmata check docs/examples/beginner.py

says where, with the smallest input that shows it.
"""

# Nobody annotates a first module.
# ruff: noqa: ANN001, ANN201

import numpy as np


def sigmoid(x):
    """Squash numbers into (0, 1)."""
    return 1 / (1 + np.exp(-x))


def sigmoid_derivative(x):
    """Return the slope of the sigmoid."""
    return x * (1 - x)


def tanh(x):
    """Squash numbers into (-1, 1)."""
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


def tanh_derivative(x):
    """Return the slope of tanh."""
    return 1 - np.tanh(x) ** 2


def relu(x):
    """Keep what is positive."""
    return np.maximum(0, x)


def relu_derivative(x):
    """Return 1 where the unit is active."""
    x[x <= 0] = 0
    x[x > 0] = 1
    return x


def softplus(x):
    """Smooth the corner of the rectifier."""
    return np.log(1 + np.exp(x))


def softmax(x):
    """Turn scores into probabilities."""
    e = np.exp(x)
    return e / np.sum(e)


def mse_loss(predictions, targets):
    """Average the squared errors."""
    return np.mean((predictions - targets) ** 2)


def mse_loss_grad(predictions, targets):
    """Return the gradient of the mean squared error."""
    return predictions - targets


def binary_cross_entropy(probabilities, targets):
    """Score predicted probabilities against zeros and ones."""
    probabilities[probabilities == 0] = 1e-7
    probabilities[probabilities == 1] = 1 - 1e-7
    return -np.mean(
        targets * np.log(probabilities) + (1 - targets) * np.log(1 - probabilities)
    )


def categorical_cross_entropy(probabilities, targets):
    """Score predicted distributions against one-hot targets."""
    return -np.sum(targets * np.log(probabilities + 1e-9))


def dropout(x, *, p, rng):
    """Switch units off at random."""
    return x * (rng.random(x.shape) >= p)


def xavier_normal(fan_in, fan_out, *, rng):
    """Draw initial weights."""
    return rng.normal(0, 2 / (fan_in + fan_out), (fan_in, fan_out))


def he_normal(fan_in, fan_out, *, rng):
    """Draw initial weights for rectifiers."""
    return rng.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))
