"""Figures of the page on canonical links."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import INK, MUTED, SERIES, axes
from reference import canonical_loss_grad, log_partition, sigmoid


def three_losses() -> Figure:
    """Draw the loss of one score for three links, and its slope below."""
    score = np.linspace(-5, 5, 161)
    figure, grid = axes(2, 3, width=7.2, height=4.6, xlim=(-5, 5))
    for column, (link, title) in enumerate(
        [
            ("identity", "squared error"),
            ("sigmoid", "binary cross-e."),
            ("softmax", "cross-entropy"),
        ]
    ):
        others = 2 if link == "softmax" else 0
        rows = np.column_stack([score, *[np.zeros_like(score)] * others])
        truth = np.zeros_like(rows)
        truth[:, 0] = 1
        loss = log_partition(rows, link=link) - score
        slope = canonical_loss_grad(rows, truth, link=link, reduction="none")[:, 0]
        top, bottom = grid[0, column], grid[1, column]
        top.plot(score, loss, color=SERIES[0])
        top.set_title(title, fontsize="medium")
        top.set(ylim=(-1, 7))
        bottom.plot(score, slope + 1, color=SERIES[1])
        bottom.plot(score, slope, color=SERIES[0])
        bottom.axhline(0, color=INK, linewidth=0.8)
        bottom.set(ylim=(-2, 2.2), xlabel="score $z$")
        at = -3.0 if column else -0.5
        tail = float(np.interp(at, score, slope + 1))
        head = float(np.interp(at, score, slope))
        arrow = {"arrowstyle": "->", "color": MUTED}
        bottom.annotate("", (at, head), (at, tail), arrowprops=arrow)
    p = sigmoid(score)
    grid[1, 1].plot(score, 2 * (p - 1) * p * (1 - p), color=MUTED)
    grid[0, 0].set(ylabel="loss, truth 1")
    grid[1, 0].set(ylabel="slope")
    grid[1, 2].annotate("prediction", (-3.6, 1.3), color=SERIES[1])
    grid[1, 2].annotate("slope of the loss", (-4.6, -1.7), color=SERIES[0])
    grid[1, 1].annotate("squared error", (-4.6, -1.7), color=MUTED)
    return figure
