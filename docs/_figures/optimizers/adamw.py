"""Figures of the page on AdamW."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import MUTED, axes
from reference import adam_init, adam_step, adamw_init, adamw_step

STEPS = 1500
STRENGTH, RATE = 0.1, 0.01


def decay() -> Figure:
    """Draw how two weights shrink: one with large gradients, one with small ones."""
    sizes = np.array([3.0, 0.3])  # gradients that change sign and cancel over time
    beside: Any = np.ones(2)
    inside: Any = np.ones(2)
    states = adamw_init(beside), adam_init(inside)
    paths: list[list[float]] = [[*beside, *inside]]
    for t in range(STEPS):
        noise = sizes * (1, -1, -1, 1)[t % 4]
        beside, one = adamw_step(
            beside, noise, states[0], learning_rate=RATE, weight_decay=STRENGTH
        )
        inside, other = adam_step(
            inside, noise + STRENGTH * inside, states[1], learning_rate=RATE
        )
        states = one, other
        paths.append([*beside, *inside])
    lines = np.array(paths)[::15].T
    steps = np.arange(0, STEPS + 1, 15)
    figure, ax = axes(xlabel="step", ylabel="weight", xlim=(0, STEPS), ylim=(0, 1.05))
    for line, text, place in (
        (lines[2], "penalty, gradients of size 3", (700, 0.82)),
        (lines[0], "AdamW, either size", (700, 0.54)),
        (lines[3], "penalty, gradients of size 0.3", (500, 0.2)),
    ):
        ax.plot(steps, line)
        ax.annotate(text, place, color=MUTED)
    return figure
