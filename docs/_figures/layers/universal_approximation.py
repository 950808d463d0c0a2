"""Figures of the page on universal approximation."""

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from docs._extension.figures import MUTED, SERIES, axes
from reference import binary_step, mlp, relu_interpolant

PIECES = 6
Array = NDArray[np.float64]


def wave(x: Array) -> Array:
    """Return the function to draw: its slope is at most 2π, its curvature 4π²."""
    return np.asarray(np.sin(2 * np.pi * x))


def straight(n: int, x: Array) -> Array:
    """Return the network of rectifiers with n pieces at x."""
    knots = np.arange(n + 1) / n
    weights, biases = relu_interpolant(knots, wave(knots))
    names = ["relu", "identity"]
    out = mlp(x[:, np.newaxis], weights, biases, activations=names)
    return np.asarray(out[:, 0], np.float64)


def stairs(n: int, x: Array) -> Array:
    """Return the network of steps with n pieces at x."""
    values = wave((np.arange(n) + 0.5) / n)
    on = binary_step(np.subtract.outer(x, np.arange(1, n) / n))
    return np.asarray(values[0] + on @ np.diff(values))


def pieces() -> Figure:
    """Draw both networks over the function, and their errors over their size."""
    x = np.linspace(0, 1, 361)
    figure, (left, right) = axes(1, 2, height=3.4)
    left.plot(x, wave(x), color=MUTED, linestyle="-", linewidth=4, alpha=0.45)
    left.plot(x, stairs(PIECES, x), color=SERIES[0], linestyle="-")
    left.plot(x, straight(PIECES, x), color=SERIES[1])
    left.set(xlabel="$x$", xlim=(0, 1), title=f"{PIECES} pieces")
    left.annotate("steps", (0.53, 0.48), color=SERIES[0])
    left.annotate("rectifiers", (0.02, -0.55), color=SERIES[1])
    left.annotate("sine", (0.36, 0.88), color=MUTED)

    sizes = 2 ** np.arange(1, 9)
    fine = np.linspace(0, 1, 9 * 2**9 + 1)[1:-1]
    errors = [
        [np.abs(f(int(n), fine) - wave(fine)).max() for n in sizes]
        for f in (stairs, straight)
    ]
    bounds = np.pi / sizes, np.pi**2 / (2 * sizes**2)
    for error, bound, color, mark in zip(
        errors, bounds, SERIES[:2], ("s", "o"), strict=True
    ):
        right.plot(sizes, bound, color=color, linestyle="-", linewidth=0.9)
        right.plot(sizes, error, mark, color=color, linestyle="")
    right.set(xlabel="number of pieces $n$", xscale="log", yscale="log")
    right.set(title="largest error", xticks=[10, 100])
    right.minorticks_off()
    right.annotate("steps: $L/2n$", (14, 0.42), color=SERIES[0])
    right.annotate("rectifiers: $M/8n^2$", (1.8, 0.0012), color=SERIES[1])
    return figure
