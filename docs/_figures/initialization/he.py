"""Figures of the page on He initialization."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import axes
from reference import he_normal, relu, xavier_normal


def depth() -> Figure:
    """Draw mean squares over thirty ReLU layers, He against Xavier."""
    width, layers = 256, 30
    figure, ax = axes(
        xlabel="layer",
        ylabel="mean square before ReLU",
        yscale="log",
        xlim=(0, 36),
        ylim=(1e-10, 100),
    )
    for name, draw in {"He": he_normal, "Xavier": xavier_normal}.items():
        rng = np.random.default_rng(1)
        z = rng.normal(size=(8, width))
        sizes = [np.mean(z**2)]
        for _ in range(layers):
            z = relu(z) @ draw(width, width, rng=rng)
            sizes.append(np.mean(z**2))
        ax.plot(range(layers + 1), sizes)
        ax.annotate(name, (layers, sizes[-1]), (layers + 0.6, sizes[-1]))
    return figure
