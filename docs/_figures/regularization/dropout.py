"""Figures of the page on dropout."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import MUTED, axes
from reference import dropout_expected_loss


def penalty() -> Figure:
    """Draw the expected loss of one weight as scaled loss plus penalty."""
    p = 0.5
    weights = np.linspace(-0.5, 3.0, 141)
    expected = np.array([dropout_expected_loss([w], [1.0], 1.0, p=p) for w in weights])
    scaled = (1 - (1 - p) * weights) ** 2 / 2
    figure, ax = axes(
        xlabel="weight $w$", ylabel="loss", xlim=(-0.5, 3.0), ylim=(0, 1.25)
    )
    ax.plot(weights, expected, label="averaged over masks")
    ax.plot(weights, scaled, label="scaled unit")
    ax.plot(weights, expected - scaled, label="penalty")
    for curve in (expected, scaled):
        lowest = np.argmin(curve)
        ax.plot(weights[lowest], curve[lowest], "o", color=MUTED, markersize=4)
    ax.legend()
    return figure
