"""Figures of the page on SiLU."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import INK, MUTED, SERIES, axes
from reference import gelu, relu, silu, silu_derivative

LOWEST, STEEPEST = -1.27846, 2.39936


def gate() -> Figure:
    """Draw SiLU beside the rectifier and GELU, and its slope."""
    x = np.linspace(-6, 6, 241)
    figure, (left, right) = axes(1, 2, width=7.2, height=3.0, xlim=(-6, 6))
    left.plot(x, silu(x), color=SERIES[0], linestyle="-")
    left.plot(x, gelu(x), color=SERIES[1], linestyle=":")
    left.plot(x, relu(x), color=MUTED, linestyle="--", linewidth=0.8)
    least = float(silu(LOWEST))
    left.annotate(
        f"least: {least:.3f}".replace("-", "−"),
        (LOWEST, least),
        (-5.4, 1.2),
        arrowprops={"arrowstyle": "-", "color": MUTED},
    )
    left.annotate("SiLU", (2.5, 1.4), color=SERIES[0])
    left.annotate("GELU", (0.2, 2.3), color=SERIES[1])
    left.set(xlabel="$x$", ylim=(-0.6, 4))
    right.plot(x, silu_derivative(x), color=SERIES[0])
    right.axhline(0, color=INK, linewidth=0.8)
    right.axhline(1, color=MUTED, linewidth=0.8)
    for place, where in ((STEEPEST, (-2.8, 1.15)), (-STEEPEST, (-5.6, 0.2))):
        slope = float(silu_derivative(place))
        label = f"{slope:.3f} at {place:.2f}".replace("-", "−")
        right.annotate(
            label, (place, slope), where, arrowprops={"arrowstyle": "-", "color": MUTED}
        )
    right.set(xlabel="$x$", ylabel="slope", ylim=(-0.3, 1.35), yticks=[0, 0.5, 1])
    return figure
