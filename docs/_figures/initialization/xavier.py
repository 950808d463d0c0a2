"""Figures of the page on Xavier initialization."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import axes
from reference import relu, tanh, xavier_normal


def depth() -> Figure:
    """Draw mean squares over thirty layers with Xavier's variance."""
    width, layers = 256, 30
    figure, ax = axes(
        xlabel="layer",
        ylabel="mean square",
        yscale="log",
        xlim=(0, 36),
        ylim=(1e-10, 10),
    )
    functions = {"linear": lambda z: z, "tanh": tanh, "ReLU": relu}
    for name, function in functions.items():
        rng = np.random.default_rng(1)
        x = rng.normal(size=(8, width))
        sizes = [np.mean(x**2)]
        for _ in range(layers):
            x = function(x @ xavier_normal(width, width, rng=rng))
            sizes.append(np.mean(x**2))
        ax.plot(range(layers + 1), sizes)
        ax.annotate(name, (layers, sizes[-1]), (layers + 0.6, sizes[-1]))
    return figure
