"""Figures of the page on the mean squared error."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import INK, MUTED, axes
from reference import mse_loss

TARGETS = np.array([-1.0, 0.0, 0.0, 1.0, 10.0])


def outlier() -> Figure:
    """Draw what each constant prediction costs by its square and by its size."""
    constants = np.linspace(-2, 11, 261)
    squared = np.array([mse_loss(np.full(5, c), TARGETS) for c in constants])
    absolute = np.abs(constants[:, np.newaxis] - TARGETS).mean(axis=1)
    figure, (above, below) = axes(2, 1, height=4.6, xlim=(-2.2, 11.2))
    for ax, cost, best, name, height in (
        (above, squared, TARGETS.mean(), "mean", 50),
        (below, absolute, np.median(TARGETS), "median", 6),
    ):
        ax.plot(constants, cost)
        lowest = float(np.interp(best, constants, cost))
        ax.plot([best], [lowest], marker="o", color=INK)
        ax.annotate(
            f"least at the {name}, {best:g}",
            (best, lowest),
            (0.4, height),
            arrowprops={"arrowstyle": "-", "color": MUTED},
        )
        ax.plot(TARGETS, [0, 0, 0, 0, 0], "|", color=MUTED, markersize=14)
        ax.set_ylim(bottom=0)
    above.set_ylabel("squared error")
    above.annotate("the outlier", (9.8, 7), ha="right", color=MUTED)
    below.set_ylabel("absolute error")
    below.set_xlabel("one prediction for all five targets")
    return figure
