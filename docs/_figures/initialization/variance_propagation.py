"""Figures of the page on variance propagation."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import FILL, axes
from reference import relu, second_moment_gain, sigmoid, tanh


def gains() -> Figure:
    """Draw the squared activations under the normal density."""
    z = np.linspace(-4, 4, 161)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    functions = {
        "identity": lambda x: x,
        "relu": relu,
        "tanh": tanh,
        "sigmoid": sigmoid,
    }
    figure, panels = axes(1, 4, height=2.2)
    for ax, (name, function) in zip(panels, functions.items(), strict=True):
        weighted = function(z) ** 2 * density
        ax.fill_between(z, weighted, color=FILL)
        ax.plot(z, weighted)
        gain = float(second_moment_gain(name))
        ax.set(
            title=f"{name}: {gain:.3g}", ylim=(0, 0.32), xlabel="$z$", xticks=[-2, 0, 2]
        )
    panels[0].set(ylabel=r"$f\,(z)^2\,\varphi(z)$")
    return figure
