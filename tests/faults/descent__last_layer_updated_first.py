"""Each layer is updated before the gradient of the one in front is computed."""

from reference import mlp_grads


def mlp_step(x, targets, weights, biases, /, *, activations, loss, learning_rate):
    weights, biases = list(weights), list(biases)
    for i in reversed(range(len(weights))):
        grads = mlp_grads(
            x, targets, weights, biases, activations=activations, loss=loss
        )
        weights[i] = weights[i] - learning_rate * grads.weights[i]
        biases[i] = biases[i] - learning_rate * grads.biases[i]
    return tuple(weights), tuple(biases)
