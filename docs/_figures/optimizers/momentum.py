"""Figures of the page on momentum."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import GRID, MUTED, SERIES, axes
from reference import (
    momentum_init,
    momentum_step,
    sgd_init,
    sgd_step,
)

CURVATURE = np.array([1.0, 25.0])


def _path(init: Any, step: Any, start: Any, steps: int, **options: float) -> Any:
    """Walk down a quadratic with these curvatures, or a parabola of curvature 1."""
    x, state = np.asarray(start, dtype=float), init(start)
    curvature = CURVATURE if x.size > 1 else 1.0
    path = [x]
    for _ in range(steps):
        x, state = step(x, curvature * x, state, **options)
        path.append(x)
    return np.array(path)


def ravine() -> Figure:
    """Draw two paths down a ravine, at one learning rate."""
    start, rate = [-10.0, 1.6], 0.076
    plain = _path(sgd_init, sgd_step, start, 25, learning_rate=rate)
    heavy = _path(
        momentum_init, momentum_step, start, 25, learning_rate=rate, momentum=0.6
    )
    figure, ax = axes(
        xlabel="flat direction, curvature 1",
        ylabel="steep, curvature 25",
        xlim=(-11, 4),
        ylim=(-2.2, 2.2),
    )
    angle = np.linspace(0, 2 * np.pi, 121)
    for radius in (2, 4, 6, 8, 10, 12):
        ax.plot(radius * np.cos(angle), radius / 5 * np.sin(angle), "-", color=GRID)
    labels = ("gradient descent", r"with momentum, $\gamma = 0.6$")
    for path, color, label in zip((plain, heavy), SERIES[1::-1], labels, strict=True):
        ax.plot(*path.T, marker=".", color=color, linestyle="-", label=label)
    ax.plot(0, 0, marker="x", color=MUTED, linestyle="none")
    ax.annotate("minimum", (0, 0), (1.1, -0.3), color=MUTED)
    ax.legend(loc="lower right")
    return figure


def swing() -> Figure:
    """Draw a parabola's swing and the envelope that was derived for it."""
    γ, steps = 0.9, 60
    start = [1.0]
    heavy = _path(
        momentum_init, momentum_step, start, steps, learning_rate=1.0, momentum=γ
    )[:, 0]
    plain = _path(sgd_init, sgd_step, start, steps, learning_rate=1.0)[:, 0]
    t = np.arange(steps + 1)
    # b = 1 + γ - αλ = γ and x_0 = y_0 = 1: the energy starts at 1 - b + γ = 1.
    envelope = np.sqrt(γ**t / (1 - γ / 4))
    figure, ax = axes(xlabel="step", ylabel="$x$", xlim=(0, steps))
    ax.fill_between(t, -envelope, envelope, color=GRID, linewidth=0)
    ax.axhline(0, color=MUTED, linewidth=0.8)
    ax.plot(t, heavy, marker=".", color=SERIES[0], label=r"momentum, $\gamma = 0.9$")
    ax.plot(t, plain, marker=".", label="gradient descent")
    ax.annotate(r"$\pm\,\mathrm{const} \cdot \sqrt{\gamma}^{\,t}$", (30, 0.45))
    ax.legend(loc="lower right")
    return figure
