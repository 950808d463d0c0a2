"""Figures of the page on the neuron."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import INK, MUTED, SERIES, axes
from reference import neuron


def boundary() -> Figure:
    """Draw where two sigmoid neurons of one direction say 1/10, 1/2 and 9/10."""
    grid = np.linspace(-3, 3, 61)
    inputs = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    figure, panels = axes(1, 2, height=3.4, xlabel="$x_1$", xlim=(-3, 3), ylim=(-3, 3))
    for ax, weights, bias in zip(
        panels, ([1.2, 0.9], [2.4, 1.8]), (0.0, -3.0), strict=True
    ):
        out = neuron(inputs, weights, bias, activation="sigmoid").reshape(61, 61)
        ax.contour(
            grid,
            grid,
            out,
            levels=[0.1, 0.5, 0.9],
            colors=[MUTED, SERIES[0], MUTED],
            linewidths=[1.0, 2.2, 1.0],
            linestyles=["--", "-", "--"],
        )
        w = np.asarray(weights)
        foot = -bias * w / (w @ w)
        ax.annotate(
            "",
            xytext=foot,
            xy=foot + w / 2,
            arrowprops={"arrowstyle": "-|>", "color": SERIES[1], "linewidth": 1.8},
        )
        ax.plot(0, 0, "o", color=INK, markersize=4)
        ax.set_aspect("equal")
        ax.set_title(f"$w = ({weights[0]}, {weights[1]})$, $b = {bias:g}$")
    panels[0].set_ylabel("$x_2$")
    for level, place in (
        ("1/10", (-2.8, -0.4)),
        ("1/2", (-1.2, 1.75)),
        ("9/10", (0.9, 1.9)),
    ):
        panels[0].annotate(level, place)
    return figure
