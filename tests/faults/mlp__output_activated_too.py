"""An index is off by one: a linear output gets the activation of the layer before."""

from reference import mlp as right


def mlp(x, weights, biases, /, *, activations):
    names = list(activations)
    if len(names) > 1 and names[-1] == "identity":
        names[-1] = names[-2]
    return right(x, weights, biases, activations=names)
