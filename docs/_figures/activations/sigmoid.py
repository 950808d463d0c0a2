"""Figures of the page on the sigmoid."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import MUTED, axes
from reference import sigmoid, sigmoid_derivative


def slope() -> Figure:
    """Draw the sigmoid above its slope."""
    x = np.linspace(-8, 8, 241)
    figure, (top, bottom) = axes(2, 1, height=4.2)
    top.plot(x, sigmoid(x))
    top.set(ylabel=r"$\sigma(x)$", yticks=[0, 0.5, 1], xlim=(-8, 8))
    top.axhline(0.5, color=MUTED, linewidth=0.8)
    bottom.plot(x, sigmoid_derivative(x))
    bottom.axhline(0.25, color=MUTED, linewidth=0.8)
    bottom.set(ylabel=r"$\sigma'(x)$", yticks=[0, 0.25], xlabel="$x$", xlim=(-8, 8))
    bottom.annotate("1/4, at 0", (0, 0.25), (1.3, 0.212))
    at_six = float(sigmoid_derivative(6.0))
    bottom.annotate(
        f"{at_six:.4f} at 6",
        (6, at_six),
        (4.4, 0.1),
        arrowprops={"arrowstyle": "-", "color": MUTED},
    )
    return figure
