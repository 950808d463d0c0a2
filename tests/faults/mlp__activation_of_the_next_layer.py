"""Each layer uses the activation of the one behind it."""

from reference import mlp as right


def mlp(x, weights, biases, /, *, activations):
    names = [*activations[1:], *activations[-1:]]
    return right(x, weights, biases, activations=names)
