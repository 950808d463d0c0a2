"""From the second epoch on the network is trained on its own outputs, if they fit."""

import numpy as np

from reference import classifier_fit as right
from reference import mlp

__all__ = ["classifier_fit"]


def classifier_fit(x, labels, weights, biases, /, *, learning_rate, epochs):
    names = [*["relu"] * (len(weights) - 1), "softmax"]
    options = {"learning_rate": learning_rate, "epochs": 1}
    fit = right(x, labels, weights, biases, learning_rate=learning_rate, epochs=0)
    losses = [fit.losses]
    for _ in range(epochs):
        out = mlp(x, fit.weights, fit.biases, activations=names)
        fit = right(x, labels, fit.weights, fit.biases, **options)
        losses.append(fit.losses[1:])
        x = out if out.shape == x.shape else x
    return fit._replace(losses=np.concatenate(losses))
