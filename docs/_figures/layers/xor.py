"""Figures of the page on exclusive or."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import INK, MUTED, SERIES, axes
from reference import relu, xor_net


def two_layers() -> Figure:
    """Draw the four inputs, and where the hidden layer takes them."""
    bits = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    hidden = relu(bits.sum(axis=1, keepdims=True) - np.array([0.0, 1.0]))
    on = xor_net(bits) > 0.5
    figure, (left, right) = axes(1, 2, height=3.2)
    for ax, points, names in (
        (left, bits, ("$x_1$", "$x_2$")),
        (
            right,
            hidden,
            (
                r"$h_1 = \mathrm{relu}(x_1 + x_2)$",
                r"$h_2 = \mathrm{relu}(x_1 + x_2 - 1)$",
            ),
        ),
    ):
        ax.plot(*points[on].T, "o", color=SERIES[0], markersize=9, linestyle="")
        ax.plot(
            *points[~on].T,
            "o",
            color=SERIES[1],
            markersize=9,
            linestyle="",
            markerfacecolor="none",
            markeredgewidth=2,
        )
        ax.set(xlabel=names[0], ylabel=names[1])
    left.set(xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), xticks=[0, 1], yticks=[0, 1])
    left.set_title("inputs: no line will do")
    for start in (0.5, 1.0, 1.5):
        ends = np.array([-0.5, 1.5])
        left.plot(ends, start - ends, color=MUTED, linestyle="-", linewidth=0.7)
    right.set(xlim=(-0.4, 2.4), ylim=(-0.5, 1.5), xticks=[0, 1, 2], yticks=[0, 1])
    right.set_title("hidden layer: one line will")
    ends = np.array([-0.4, 2.4])
    right.plot(ends, (ends - 0.5) / 2, color=INK, linestyle="-", linewidth=1.2)
    for text, place in (("0, 0", (-0.3, 0.15)), ("1, 1", (1.55, 1.05))):
        right.annotate(text, place)
    right.annotate("0, 1 and 1, 0", (0.85, -0.3))
    return figure
