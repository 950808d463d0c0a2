"""Figures of the page on the binary step."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import MUTED, SERIES, axes
from reference import binary_step, sigmoid


def step_and_staircase() -> Figure:
    """Draw sigmoids that become a step, and the losses of both as a weight moves."""
    figure, (left, right) = axes(1, 2, height=3.0)
    x = np.linspace(-3, 3, 241)
    for sharpness in (1, 4, 16):
        left.plot(
            x,
            sigmoid(sharpness * x),
            color=SERIES[1],
            linestyle="-",
            linewidth=0.7 + 0.3 * np.log2(sharpness),
        )
    for half in (x[x < 0], x[x > 0]):
        left.plot(half, binary_step(half), color=SERIES[0], linestyle="-", linewidth=2)
    left.plot([0], [0], marker="o", color=SERIES[0])
    left.annotate("step", (1.5, 1.06), color=SERIES[0])
    left.annotate(r"$k = 1, 4, 16$", (0.5, 0.3), color=SERIES[1])
    left.set(xlim=(-3, 3), ylim=(-0.1, 1.2), xlabel="$x$")
    # Ten samples; the last two lie on the wrong side.
    samples = np.array([-2.5, -1.9, -1.2, -0.6, 0.3, 0.9, 1.4, 2.2, 0.5, -0.2])
    labels = np.array([0, 0, 0, 0, 1, 1, 1, 1, 0, 1])
    bias = np.linspace(-3, 3, 601)
    z = samples[:, None] + bias
    for activation, name, color in (
        (binary_step, "step: flat everywhere", SERIES[0]),
        (sigmoid, "sigmoid: a way down", SERIES[1]),
    ):
        loss = np.mean((activation(z) - labels[:, None]) ** 2, axis=0)
        right.plot(bias, loss, color=color, linestyle="-", label=name)
    right.set(xlim=(-3, 3), ylim=(0, 0.75), xlabel="bias", ylabel="loss")
    right.axhline(0, color=MUTED, linewidth=0.5)
    right.legend(loc="upper center")
    return figure
