"""Figures of the page on the ELU."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import MUTED, SERIES, axes
from reference import elu, elu_derivative, relu


def level_and_slope() -> Figure:
    """Draw the ELU over its level, and its slope for three levels."""
    figure, (left, right) = axes(1, 2, height=3.0, xlim=(-4, 2), xlabel="$x$")
    x = np.linspace(-4, 2, 121)
    left.plot(x, elu(x), color=SERIES[0], label=r"elu$(x, 1)$")
    left.plot(x, relu(x), color=SERIES[1], label=r"relu$(x)$")
    left.axhline(-1, color=MUTED, linewidth=0.8)
    left.annotate(r"level $-\alpha$", (0.4, -0.92), color=MUTED)
    left.set_ylim(-1.3, 2)
    left.legend(loc="upper left")
    for level, color in ((2.0, SERIES[1]), (1.0, SERIES[0]), (0.5, SERIES[2])):
        below = x[x <= 0]
        slope = elu_derivative(below, alpha=level)
        right.plot(below, slope, color=color, linestyle="-")
        right.plot([0], [elu_derivative(0.0, alpha=level)], marker="o", color=color)
        right.annotate(
            rf"$\alpha = {level:g}$",
            (0.15, elu_derivative(0.0, alpha=level) + (0.06 if level == 1 else -0.06)),
            color=color,
        )
    above = x[x > 0]
    right.plot(above, elu_derivative(above), color=MUTED, linestyle="-")
    right.set_ylim(0, 2.3)
    right.set_title("slope", fontsize="medium")
    return figure
