"""Figures of the page on predictions."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import MUTED, axes
from reference import predict_labels, softmax


def leaders() -> Figure:
    """Draw three scores over one input, and their softmax: the leader is the same."""
    x = np.linspace(-3, 3, 241)
    scores = np.stack([-1.5 * x - 0.5, 0.3 * x + 0.6, 2.2 * x - 2.6], axis=-1)
    labels = predict_labels(scores)
    changes = x[1:][np.diff(labels) != 0]
    figure, (above, below) = axes(2, 1, height=4.4, xlim=(-3, 3))
    above.plot(x, scores)
    above.set_ylabel("score")
    below.plot(x, softmax(scores))
    below.set(ylabel="softmax", xlabel="input")
    for ax in (above, below):
        for place in changes:
            ax.axvline(place, color=MUTED, linewidth=0.9, linestyle=":")
    for label, center in enumerate((-2.0, 0.2, 2.2)):
        below.annotate(f"label {label}", (center, 0.5), ha="center")
    return figure
