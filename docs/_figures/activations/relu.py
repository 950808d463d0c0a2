"""Figures of the page on the rectifier."""

from statistics import NormalDist

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import FILL, MUTED, SERIES, axes
from reference import relu, relu_derivative


def corner_and_share() -> Figure:
    """Draw the rectifier with its slope, and how much of a bell it erases."""
    figure, (left, right) = axes(1, 2, height=2.8, xlim=(-3, 3), xlabel="$x$")
    x = np.linspace(-3, 3, 121)
    left.plot(x, relu(x), label=r"relu$(x)$")
    for half in (x[x < 0], x[x > 0]):
        label = r"relu$'(x)$" if half[0] < 0 else None
        slope = relu_derivative(half)
        left.plot(half, slope, color=SERIES[1], linestyle=(0, (6, 2.5)), label=label)
    left.plot([0], [0], marker="o", color=MUTED)
    left.legend(loc="upper left")
    bell = NormalDist(0.5, 1.0)
    height = np.array([bell.pdf(v) for v in x])
    right.plot(x, height)
    right.fill_between(x[x <= 0], 0, height[x <= 0], color=FILL)
    right.set_yticks([])
    right.set_ylim(0, 0.55)
    right.annotate(
        f"{bell.cdf(0.0):.0%} become 0",
        (-0.4, 0.1),
        xytext=(-2.9, 0.3),
        arrowprops={"arrowstyle": "-", "color": MUTED},
    )
    right.annotate("mean ½, deviation 1", (0.5, 0.47), ha="center", color=MUTED)
    return figure
