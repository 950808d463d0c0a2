"""Figures of the page on GELU."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import INK, MUTED, SERIES, axes
from reference import gelu, gelu_derivative, gelu_tanh, relu


def gate() -> Figure:
    """Draw GELU beside the rectifier, and its slope."""
    x = np.linspace(-4, 4, 241)
    figure, (left, right) = axes(1, 2, width=7.2, height=3.0, xlim=(-4, 4))
    left.plot(x, gelu(x), color=SERIES[0])
    left.plot(x, relu(x), color=MUTED, linestyle="--")
    low = -0.75179
    least = float(gelu(low))
    left.annotate(
        f"least: {least:.3f}".replace("-", "−"),
        (low, least),
        (-3.6, 0.9),
        arrowprops={"arrowstyle": "-", "color": MUTED},
    )
    left.annotate("ReLU", (-3.2, 0.12), color=MUTED)
    left.annotate("GELU", (1.6, 0.9), color=SERIES[0])
    left.set(xlabel="$x$", ylim=(-0.5, 3))
    right.plot(x, gelu_derivative(x), color=SERIES[1])
    right.axhline(0, color=INK, linewidth=0.8)
    right.axhline(1, color=MUTED, linewidth=0.8)
    top = float(gelu_derivative(np.sqrt(2)))
    right.annotate(f"{top:.3f} at $\\sqrt{{2}}$", (1.42, top), (-1.7, 1.14))
    right.set(xlabel="$x$", ylabel="slope", ylim=(-0.3, 1.35), yticks=[0, 0.5, 1])
    return figure


def approximation() -> Figure:
    """Draw the error of the variant with tanh, absolutely and relatively."""
    x = np.linspace(-6, 6, 361)
    figure, (left, right) = axes(1, 2, width=7.2, height=2.8)
    error = (gelu_tanh(x) - gelu(x)) * 1e4
    left.plot(x, error, color=SERIES[0])
    left.axhline(0, color=INK, linewidth=0.8)
    worst = float(np.abs(error).max())
    left.annotate(f"±{worst:.2f}", (-2.7, worst), (-5.6, 4.4))
    left.set(
        xlabel="$x$", ylabel=r"error, in $10^{-4}$", xlim=(-6, 6), ylim=(-5.5, 5.5)
    )
    tail = np.linspace(-10, -1, 181)
    right.plot(tail, gelu_tanh(tail) / gelu(tail), color=SERIES[1])
    right.axhline(1, color=MUTED, linewidth=0.8)
    right.set(xlabel="$x$", ylabel="variant / GELU", xlim=(-10, -1), ylim=(0, 1.15))
    return figure
