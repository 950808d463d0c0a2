"""Figures of the page on the perceptron."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import INK, MUTED, SERIES, axes
from reference import augment, perceptron_fit

DIRECTION = np.array([0.1, 0.8, 0.6])
"""A bias and two weights: the line that the points were kept away from."""


def run() -> Figure:
    """Draw a run: the line after each mistake, and the weights between two curves."""
    points = np.random.default_rng(11).uniform(-1, 1, (400, 2))
    sums = augment(points) @ DIRECTION
    points = points[np.abs(sums) > 0.15][:40]
    labels = np.where(augment(points) @ DIRECTION > 0, 1, -1)
    fit = perceptron_fit(points, labels, max_epochs=100)
    rows = fit.mistakes
    path = np.cumsum(labels[rows, np.newaxis] * augment(points)[rows], axis=0)

    figure, (left, right) = axes(1, 2, height=3.3)
    left.set(xlim=(-1, 1), ylim=(-1, 1), xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    left.set_aspect("equal")
    across = np.array([-3.0, 3.0])
    for t, (b, *w) in enumerate(path):
        size = np.hypot(*w)
        foot, along = -b * np.array(w) / size**2, np.array([-w[1], w[0]]) / size
        ends = foot + across[:, np.newaxis] * along
        last = t == len(path) - 1
        left.plot(
            *ends.T,
            color=SERIES[0] if last else MUTED,
            linestyle="-",
            linewidth=2.2 if last else 0.6,
        )
    for label, marker in ((1, "o"), (-1, "x")):
        left.plot(
            *points[labels == label].T, marker, color=INK, markersize=4, linestyle=""
        )
    left.set_title("the line after each mistake")

    margin = (labels * (augment(points) @ DIRECTION)).min() / np.hypot.reduce(DIRECTION)
    radius = np.hypot.reduce(augment(points), axis=1).max()
    bound = (radius / margin) ** 2
    times = np.array([1.0, 2 * bound])
    right.set(xscale="log", yscale="log", xlabel="mistakes $t$", xlim=(1, 2 * bound))
    right.plot(times, radius * np.sqrt(times), color=SERIES[1])
    right.plot(times, margin * times, color=SERIES[2])
    right.plot(
        np.arange(1, len(rows) + 1),
        np.hypot.reduce(path, axis=1),
        "o-",
        color=SERIES[0],
        markersize=3,
    )
    right.axvline(bound, color=MUTED, linewidth=0.8)
    right.annotate(r"$R\sqrt{t}$", (2.2, 3.3))
    right.annotate(r"$\gamma t$", (9, 0.75))
    right.annotate(r"$R^2/\gamma^2$", (bound, 0.2), (bound * 0.3, 0.18))
    right.set_title("length of the weights")
    return figure
