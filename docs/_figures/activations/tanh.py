"""Figures of the page on the hyperbolic tangent."""

import math

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import MUTED, axes
from reference import sigmoid, sigmoid_derivative, tanh, tanh_derivative

CROSSING = 2 * math.acosh((1 + math.sqrt(3)) / 2)


def slopes() -> Figure:
    """Draw tanh and the sigmoid, and below them their slopes."""
    x = np.linspace(-5, 5, 241)
    figure, (above, below) = axes(2, 1, height=4.4, xlim=(-5, 5))
    above.plot(x, tanh(x), label=r"$\tanh x$")
    above.plot(x, sigmoid(x), label=r"$\sigma(x)$")
    above.set_ylabel("value")
    above.legend(loc="upper left")
    below.plot(x, tanh_derivative(x), label=r"$\tanh' x$")
    below.plot(x, sigmoid_derivative(x), label=r"$\sigma'(x)$")
    below.set_ylabel("slope")
    below.set_xlabel("$x$")
    height = float(tanh_derivative(CROSSING))
    for side in (-1, 1):
        below.plot([side * CROSSING], [height], marker="o", color=MUTED)
    below.annotate(
        f"equally steep at {CROSSING:.3f}",
        (CROSSING, height),
        xytext=(2.3, 0.55),
        arrowprops={"arrowstyle": "-", "color": MUTED},
    )
    below.annotate(
        "four times as steep", (0, 1), xytext=(0.75, 0.93), va="center", color=MUTED
    )
    return figure
