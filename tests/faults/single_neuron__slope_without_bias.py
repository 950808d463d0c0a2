"""The slope is taken at the weighted sum, before the bias is added."""

from reference import neuron_vjp as right


def neuron_vjp(cotangent, x, weights, bias, /, *, activation):
    return right(cotangent, x, weights, 0 * bias, activation=activation)
