"""Figures of the page on softplus."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import FILL, MUTED, axes
from reference import relu, softplus


def corner() -> Figure:
    """Draw softplus over the rectifier; the gap is filled."""
    x = np.linspace(-5, 5, 201)
    figure, ax = axes(height=3.0, xlim=(-5, 5), xlabel="$x$")
    ax.fill_between(x, relu(x), softplus(x), color=FILL)
    ax.plot(x, softplus(x), label=r"softplus$(x)$")
    ax.plot(x, relu(x), label=r"relu$(x)$")
    gap = float(softplus(0.0))
    ax.plot([0, 0], [0, gap], color=MUTED, linestyle="-", linewidth=1.2)
    ax.annotate(
        rf"widest gap: $\log 2 \approx {gap:.3f}$",
        (0, gap / 2),
        xytext=(1.2, 0.25),
        arrowprops={"arrowstyle": "-", "color": MUTED},
    )
    ax.legend(loc="upper left")
    return figure
