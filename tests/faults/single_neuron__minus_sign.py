"""The gradient of the weights has a minus sign in front."""

from reference import neuron_vjp as right


def neuron_vjp(cotangent, x, weights, bias, /, *, activation):
    grads = right(cotangent, x, weights, bias, activation=activation)
    return grads._replace(weights=-grads.weights)
