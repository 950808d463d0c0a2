"""Figures of the page on depth."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import axes
from reference import tent


def folds() -> Figure:
    """Draw the tent after one, two and five layers of two neurons."""
    x = np.linspace(0, 1, 2**7 + 1)
    figure, panels = axes(1, 3, height=2.6, xlim=(0, 1), ylim=(-0.05, 1.05))
    for ax, depth in zip(panels, (1, 2, 5), strict=True):
        ax.plot(x, tent(x, depth=depth), linewidth=1.5)
        ax.set(xlabel="$x$", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
        layers = "layer" if depth == 1 else "layers"
        ax.set_title(f"{depth} {layers}, {2 * depth} neurons")
    return figure


def pieces() -> Figure:
    """Draw the pieces that a number of neurons can make, in a row and in layers."""
    depths = range(1, 11)
    x = np.linspace(0, 1, 2**12 + 1)
    neurons = 2 * np.array(depths)
    deep = [1 + np.count_nonzero(np.diff(tent(x, depth=k), 2)) for k in depths]
    figure, ax = axes(1, 1, height=2.9, xlabel="neurons", ylabel="straight pieces")
    ax.plot(neurons, deep, marker="o", markersize=4, label="layers of two: the tent")
    ax.plot(neurons, neurons + 1, label="all in one layer: the most there can be")
    ax.set(yscale="log", yticks=[1, 10, 100, 1000], xticks=neurons[1::2])
    ax.set_yticklabels(["1", "10", "100", "1000"])
    ax.legend(loc="upper left", fontsize=11)
    return figure
