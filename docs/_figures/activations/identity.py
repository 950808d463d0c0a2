"""Figures of the page on the identity and on lines."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import INK, MUTED, PAPER, SERIES, axes
from reference import linear


def lines_and_exclusive_or() -> Figure:
    """Draw what depth does to a line, and four points that no line can serve."""
    figure, (left, right) = axes(1, 2, height=3.0)
    x = np.linspace(-2, 2, 5)
    for slope, color in ((1.25, SERIES[0]), (0.8, SERIES[1])):
        for layers, width in ((1, 1.0), (4, 1.8), (16, 2.8)):
            y = x
            for _ in range(layers):
                y = linear(y, slope=slope)
            left.plot(x, y, color=color, linestyle="-", linewidth=width)
    left.set(xlim=(-2, 2), ylim=(-4, 4), xlabel="$x$")
    left.annotate("slope 1.25", (-1.8, 3.2), color=SERIES[0])
    left.annotate("slope 0.8", (0.75, -0.9), color=SERIES[1])
    left.set_title("1, 4 and 16 layers: always a line", fontsize="medium")
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    design = np.column_stack([corners, np.ones(4)])
    targets = corners[:, 0] != corners[:, 1]
    best = design @ np.linalg.lstsq(design, targets.astype(float), rcond=None)[0]
    for (a, b), target, fitted in zip(corners, targets, best, strict=True):
        right.plot(
            [a],
            [b],
            "o",
            markersize=22,
            color=SERIES[0] if target else PAPER,
            markeredgecolor=SERIES[0],
        )
        color = PAPER if target else INK
        right.annotate(f"{int(target)}", (a, b), ha="center", va="center", color=color)
        right.annotate(
            f"fit {fitted:.1f}",
            (a, b),
            xytext=(0, -24 if b else 18),
            textcoords="offset points",
            ha="center",
            color=MUTED,
        )
    right.set(xlim=(-0.4, 1.4), ylim=(-0.4, 1.4), xticks=[0, 1], yticks=[0, 1])
    right.set(xlabel="first bit", ylabel="second bit")
    right.set_title("exclusive or: the best linear fit", fontsize="medium")
    return figure
