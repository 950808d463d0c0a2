"""Figures of the page on vanishing gradients."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import MUTED, axes
from reference import chain_gradient


def depth() -> Figure:
    """Draw the gradient of sigmoid chains over their depth."""
    depths = np.arange(1, 41)
    figure, ax = axes(
        xlabel="number of neurons", ylabel="gradient", xlim=(1, 47), yscale="log"
    )
    for weight in (8.0, 4.0, 2.0, 1.0):
        gradient = [chain_gradient([weight] * L, [0.0] * L) for L in depths]
        ax.plot(depths, gradient)
        ax.annotate(f"w = {weight:g}", (40, gradient[-1]), (40.6, gradient[-1]))
    ax.axhline(2.0**-53, color=MUTED, linewidth=0.8, linestyle="-")
    ax.annotate("precision of float64", (2, 2.0**-53), (2, 2.0**-52.0 * 1.5))
    return figure
