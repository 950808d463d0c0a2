"""Figures of the page on the gradient of one neuron."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import axes
from reference import neuron_vjp


def gates() -> Figure:
    """Draw the gradient of a weight over the score, for three activations."""
    scores = np.linspace(-6, 6, 241)
    figure, ax = axes(xlabel="score $z$", ylabel="gradient of the weight", xlim=(-6, 6))
    for activation in ("relu", "tanh", "sigmoid"):
        # The input is 2, and the bias makes the score.
        slopes = [
            neuron_vjp(1.0, [2.0], [0.0], z, activation=activation).weights[0]
            for z in scores
        ]
        ax.plot(scores, slopes, label=activation)
    ax.legend()
    return figure
