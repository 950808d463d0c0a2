"""The gradient is added instead of subtracted."""

from reference import mlp_grads


def mlp_step(x, targets, weights, biases, /, *, activations, loss, learning_rate):
    grads = mlp_grads(x, targets, weights, biases, activations=activations, loss=loss)
    return (
        tuple(
            W + learning_rate * g for W, g in zip(weights, grads.weights, strict=True)
        ),
        tuple(b + learning_rate * g for b, g in zip(biases, grads.biases, strict=True)),
    )
