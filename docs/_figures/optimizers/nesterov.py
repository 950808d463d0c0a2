"""Figures of the page on Nesterov's momentum."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import MUTED, SERIES, axes
from reference import momentum_init, momentum_step, nesterov_init, nesterov_step


def _path(init: Any, step: Any, curvature: float, steps: int) -> Any:
    """Walk down a parabola from 1, at rate 1 and momentum 0.9."""
    x, state = np.ones(1), init(np.ones(1))
    path = [1.0]
    for _ in range(steps):
        x, state = step(x, curvature * x, state, learning_rate=1.0, momentum=0.9)
        path.append(float(x[0]))
    return path


def damped() -> Figure:
    """Draw both kinds of momentum on a flat and on a steep parabola."""
    figure, panels = axes(
        1, 2, width=7.2, xlim=(0, 40), ylim=(-1.05, 1.05), xlabel="step"
    )
    titles = (
        (0.05, r"flat, $\alpha\lambda = 0.05$"),
        (0.8, r"steep, $\alpha\lambda = 0.8$"),
    )
    kinds = (
        (momentum_init, momentum_step, "momentum", SERIES[0]),
        (nesterov_init, nesterov_step, "Nesterov", SERIES[1]),
    )
    for ax, (curvature, title) in zip(panels, titles, strict=True):
        ax.axhline(0, color=MUTED, linewidth=0.8)
        for init, step, label, color in kinds:
            path = _path(init, step, curvature, 40)
            ax.plot(path, marker=".", color=color, label=label)
        ax.set_title(title)
    panels[0].set_ylabel("$x$")
    panels[1].legend(loc="lower right")
    return figure
