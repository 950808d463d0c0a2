"""The last layer is not activated."""

from reference import mlp as right


def mlp(x, weights, biases, /, *, activations):
    names = [*activations[:-1], *["identity"][: len(activations)]]
    return right(x, weights, biases, activations=names)
