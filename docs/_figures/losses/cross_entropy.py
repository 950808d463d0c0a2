"""Figures of the page on cross-entropy."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import INK, MUTED, SERIES, axes
from reference import softmax, softmax_cross_entropy_grad

SCORES = np.array([2.0, 1.0, 0.0, -1.0])
TARGET = np.array([0.0, 1.0, 0.0, 0.0])


def pull() -> Figure:
    """Draw predicted and true shares, and where the gradient moves the scores."""
    place = np.arange(4)
    shares = softmax(SCORES)
    push = -softmax_cross_entropy_grad(SCORES, TARGET)
    figure, (above, below) = axes(2, 1, height=4.8, xlim=(-0.6, 3.6))
    above.bar(place - 0.18, shares, 0.34, color=SERIES[0], label="predicted")
    above.bar(place + 0.18, TARGET, 0.34, color=SERIES[1], label="true")
    above.set(ylabel="probability", ylim=(0, 1.12))
    above.legend(loc="upper right")
    below.bar(place, push, 0.34, color=MUTED)
    below.axhline(0, color=INK, linewidth=0.8)
    for x, height in zip(place, push, strict=True):
        side = 1 if height > 0 else -1
        below.annotate(
            f"{height:+.2f}".replace("-", "−"),
            (x, height + 0.06 * side),
            ha="center",
            va="bottom" if side > 0 else "top",
        )
    below.set(ylabel="true − predicted", ylim=(-0.95, 1.05))
    for ax in (above, below):
        ax.set_xticks(place, [f"class {k}" for k in place])
        ax.grid(visible=False, axis="x")
    return figure
