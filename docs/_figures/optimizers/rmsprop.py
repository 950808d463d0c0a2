"""Figures of the page on RMSprop."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import MUTED, axes
from reference import rmsprop_init, rmsprop_step


def multipliers() -> Figure:
    """Draw what the rate is multiplied with, before and after gradients shrink."""
    sizes = np.array([1.0] * 30 + [0.01] * 70)
    state, found = rmsprop_init(0.0), []
    for size in sizes:
        x, state = rmsprop_step(0.0, size, state, learning_rate=1.0, decay=0.9, eps=0.0)
        found.append(-float(x) / size)
    steps = np.arange(1, len(sizes) + 1)
    figure, ax = axes(
        xlabel="step", ylabel="multiplier of the rate", yscale="log", xlim=(1, 100)
    )
    ax.plot(steps, found, label=r"RMSprop, $\beta = 0.9$: $1 / \sqrt{v_t}$")
    ax.plot(
        steps, 1 / np.sqrt(np.cumsum(sizes**2)), label=r"sum of squares, as in Adagrad"
    )
    ax.axvline(30, color=MUTED, linewidth=0.8)
    ax.annotate("gradients drop from 1 to 0.01", (30, 20), (32, 20), color=MUTED)
    ax.legend(loc="upper left", bbox_to_anchor=(0.0, 0.85))
    return figure
