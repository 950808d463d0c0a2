"""Figures of the page on the cosine distance."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import INK, MUTED, SERIES, axes
from reference import cosine_distance, cosine_similarity


def chord() -> Figure:
    """Draw two directions with their chord, and both measures over the angle."""
    figure, (left, right) = axes(1, 2, width=7.2, height=3.2)
    turn = np.linspace(0, 2 * np.pi, 121)
    a, b = np.array([1.0, 0.0]), np.array([np.cos(1.1), np.sin(1.1)])
    left.plot(np.cos(turn), np.sin(turn), color=MUTED, linewidth=0.8)
    for end, name, length in ((a, "$a$", 1.7), (b, "$b$", 1.4)):
        tip = length * end
        left.annotate("", tip, (0, 0), arrowprops={"arrowstyle": "->", "color": INK})
        left.annotate(name, tip, tip + 0.08)
    left.plot(*zip(a, b, strict=True), color=SERIES[1], linestyle="-")
    left.set_axis_off()
    size = float(cosine_distance(a, b))
    left.annotate(f"half its square\nis {size:.3f}", (0.95, 0.62), color=SERIES[1])
    left.set(aspect="equal", xlim=(-1.15, 2.1), ylim=(-1.15, 1.6), xticks=[], yticks=[])
    angles = np.linspace(0, np.pi, 121)
    east = np.broadcast_to(a, (angles.size, 2))
    pointing = np.column_stack([np.cos(angles), np.sin(angles)])
    degrees = np.degrees(angles)
    right.plot(degrees, cosine_distance(east, pointing), color=SERIES[1])
    right.plot(degrees, cosine_similarity(east, pointing), color=SERIES[0])
    right.annotate("distance", (100, 1.45), ha="right", color=SERIES[1])
    right.annotate("similarity", (100, -0.7), ha="right", color=SERIES[0])
    right.set(xlabel="angle in degrees", xticks=[0, 90, 180], yticks=[-1, 0, 1, 2])
    return figure
