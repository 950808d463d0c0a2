"""Figures of the page on exploding gradients."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import MUTED, axes


def descent() -> Figure:
    """Draw gradient descent on a parabola with three learning rates."""
    steps = np.arange(13)
    figure, panels = axes(1, 3, height=2.6)
    for ax, rate in zip(panels, (0.1, 0.9, 1.1), strict=True):
        ax.plot(steps, (1 - 2 * rate) ** steps, marker="o", markersize=3)
        ax.axhline(0, color=MUTED, linewidth=0.8, linestyle="-")
        ax.set(title=f"learning rate {rate:g}", xlabel="step", ylim=(-8, 10))
    panels[0].set(ylabel="$w$")
    return figure
