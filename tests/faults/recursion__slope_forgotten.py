"""Hidden layers pass their gradient on without the slope of their activation."""

import numpy as np

from reference import mlp_grads as right


def mlp_grads(x, targets, weights, biases, /, *, activations, loss):
    # The layer in front sees the output of its activation as if it were the score.
    grads = right(x, targets, weights, biases, activations=activations, loss=loss)
    if len(weights) < 2:
        return grads
    a, values = np.asarray(x, dtype=float), []
    for W, b, name in zip(weights, biases, activations, strict=True):
        values.append(a)
        z = a @ W + b
        a = {"tanh": np.tanh, "sigmoid": lambda u: 1 / (1 + np.exp(-u))}.get(
            name, lambda u: u
        )(z)
    back = right(
        values[-1],
        targets,
        weights[-1:],
        biases[-1:],
        activations=activations[-1:],
        loss=loss,
    ).x
    first = np.atleast_2d(values[-2]).T @ np.atleast_2d(back)
    return grads._replace(weights=(*grads.weights[:-2], first, grads.weights[-1]))
