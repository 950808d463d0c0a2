"""Figures of the page on multilayer perceptrons."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import INK, SERIES, axes
from reference import mlp

# |x| + |y| from four rectifiers, and a bump from one more behind them.
FOLD = np.array([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
NETWORKS = {
    "one unit": ([np.array([[1.0], [0.6]])], [np.zeros(1)], ["relu"]),
    "a hidden layer": (
        [FOLD, np.ones((4, 1))],
        [np.zeros(4), np.zeros(1)],
        ["relu", "identity"],
    ),
    "two hidden layers": (
        [FOLD, -np.ones((4, 1)), np.ones((1, 1))],
        [np.zeros(4), np.ones(1), np.zeros(1)],
        ["relu", "relu", "identity"],
    ),
}


def depth() -> Figure:
    """Draw level lines of networks of the plane, with ever more layers."""
    side = np.linspace(-1.6, 1.6, 65)
    points = np.stack(np.meshgrid(side, side), axis=-1)
    figure, panels = axes(
        1, 3, height=2.7, xlim=(-1.6, 1.6), ylim=(-1.6, 1.6), xticks=[-1, 0, 1]
    )
    for ax, (title, network) in zip(panels, NETWORKS.items(), strict=True):
        weights, biases, activations = network
        height = mlp(points, weights, biases, activations=activations)[..., 0]
        levels = np.arange(0.2, 1.7, 0.2)
        ax.contour(side, side, height, levels, colors=SERIES[0], linewidths=1.2)
        ax.set_title(title, color=INK)
        ax.set(yticks=[-1, 0, 1], aspect="equal", xlabel="$x$")
        ax.grid(visible=False)
    panels[0].set_ylabel("$y$")
    return figure
