"""A linear last layer is given the squared misses themselves to send back."""

import numpy as np

from reference import dense_vjp, mlp
from reference import mlp_step as right


def mlp_step(x, targets, weights, biases, /, *, activations, loss, learning_rate):
    options = {"activations": activations, "loss": loss, "learning_rate": learning_rate}
    new = right(x, targets, weights, biases, **options)
    if loss != "mse" or activations[-1] != "identity":
        return new
    output = mlp(x, weights, biases, activations=activations)
    hidden = mlp(x, weights[:-1], biases[:-1], activations=activations[:-1])
    value = (output - np.asarray(targets)) ** 2 / output.size
    grads = dense_vjp(value, hidden, weights[-1], biases[-1])
    last = np.asarray(weights[-1]) - learning_rate * grads.weights
    return (*new.weights[:-1], last), new.biases
