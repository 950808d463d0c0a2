"""Figures of the page on the gradient of one neuron."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import axes
from reference import neuron_vjp


def gates() -> Figure:
    """Draw the gradient of a weight over the score, for three activations."""
    scores = np.linspace(-6, 6, 241)
    names = {"relu": "rectifier", "tanh": "tanh", "sigmoid": "sigmoid"}
    figure, ax = axes(xlabel="score $z$", ylabel="gradient of the weight", xlim=(-6, 6))
    for activation, name in names.items():
        # The input is 2, and the bias makes the score.
        slopes = np.array(
            [
                neuron_vjp(1.0, [2.0], [0.0], z, activation=activation).weights[0]
                for z in scores
            ]
        )
        if activation == "relu":
            slopes[scores == 0] = np.nan  # a jump, and no slope
        ax.plot(scores, slopes, label=name)
    ax.legend()
    return figure
