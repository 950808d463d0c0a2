"""Figures of the page on the softmax."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import MUTED, axes
from reference import logsumexp, softmax


def shares() -> Figure:
    """Draw the three shares, and log-sum-exp, while one of three scores varies."""
    first = np.linspace(-6, 6, 241)
    scores = np.stack([first, np.full_like(first, 1.0), np.zeros_like(first)], axis=-1)
    p = softmax(scores)
    figure, (above, below) = axes(2, 1, height=4.6, xlim=(-6, 6))
    above.plot(first, p)
    above.set_ylabel("share")
    for label, place in (
        ("$p_1$", (3.6, 0.78)),
        ("$p_2$", (-4, 0.77)),
        ("$p_3$", (-4, 0.31)),
    ):
        above.annotate(label, place)
    level = float(softmax([1.0, 1.0, 0.0])[0])
    above.plot([1], [level], marker="o", color=MUTED)
    above.annotate(
        "equal scores,\nequal shares",
        (1, level),
        xytext=(2.6, 0.42),
        va="center",
        arrowprops={"arrowstyle": "-", "color": MUTED},
    )
    below.plot(first, logsumexp(scores), label="log-sum-exp")
    below.plot(first, scores.max(axis=-1), label="largest score")
    below.set_ylabel("size")
    below.set_xlabel("score $z_1$, while $z_2 = 1$ and $z_3 = 0$")
    below.legend(loc="upper left")
    return figure
