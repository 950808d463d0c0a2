"""Figures of the page on the leaky rectifier."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import FILL, MUTED, SERIES, axes
from reference import leaky_relu, rrelu


def one_parameter() -> Figure:
    """Draw the family by its slope, and the fan of random slopes."""
    figure, (left, right) = axes(1, 2, height=3.0, xlim=(-3, 3), xlabel="$x$")
    x = np.linspace(-3, 3, 121)
    family = {
        1.0: "1: identity",
        0.25: "0.25",
        0.0: "0: ReLU",
        -1.0: r"$-1$: $|x|$",
    }
    places = {
        1.0: (-1.6, -2.4),
        0.25: (-2.9, -1.2),
        0.0: (-2.9, 0.15),
        -1.0: (-2.2, 2.5),
    }
    for (slope, name), color in zip(family.items(), SERIES, strict=True):
        below = x[x <= 0]
        bent = leaky_relu(below, negative_slope=slope)
        left.plot(below, bent, color=color, linestyle="-")
        left.annotate(name, places[slope], color=color)
    left.plot(x[x >= 0], x[x >= 0], color=MUTED, linestyle="-")
    left.set_ylim(-3, 3)
    left.set_title("one parameter, four functions", fontsize="medium")
    below = x[x <= 0]
    low, mean, high = 1 / 8, (1 / 8 + 1 / 3) / 2, 1 / 3
    right.fill_between(
        below,
        leaky_relu(below, negative_slope=low),
        leaky_relu(below, negative_slope=high),
        color=FILL,
    )
    dots = np.linspace(-3, 3, 61)
    drawn = rrelu(dots, rng=np.random.default_rng(1))
    right.plot(dots, drawn, ".", color=SERIES[0], markersize=4, label="drawn slopes")
    right.plot(
        x,
        leaky_relu(x, negative_slope=mean),
        color=SERIES[1],
        label="mean slope",
    )
    right.set_ylim(-1.2, 3)
    right.legend(loc="upper left")
    right.set_title("a slope drawn for each entry", fontsize="medium")
    return figure
