"""Figures of the page on layers without an activation."""

from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import axes
from reference import collapse_linear, relu

WIDTH = 8


def straight_and_bent() -> Figure:
    """Draw networks of three depths over their one input, with and without ReLU."""
    rng = np.random.default_rng(4)
    x = np.linspace(-2, 2, 161)
    figure, (left, right) = axes(1, 2, height=3.0, xlabel="input", xlim=(-2, 2))
    left.set(title="no activation", ylabel="output", ylim=(-3, 3))
    right.set(title="ReLU after each hidden layer", ylim=(-3, 3))
    for hidden in (1, 2, 4):
        widths = [1, *[WIDTH] * hidden, 1]
        weights = [rng.normal(0, np.sqrt(2 / m), (m, n)) for m, n in pairwise(widths)]
        biases = [rng.normal(0, 0.5, n) for n in widths[1:]]
        layer = collapse_linear(weights, biases)
        left.plot(x, layer.weights.item() * x + layer.bias.item())
        out = x[:, np.newaxis]
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            out = relu(out @ W + b)
        out = out @ weights[-1] + biases[-1]
        plural = "layers" if hidden > 1 else "layer"
        right.plot(x, out[:, 0], label=f"{hidden} hidden {plural}")
    right.legend(loc="lower left", fontsize=11)
    return figure
