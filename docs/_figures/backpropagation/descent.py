"""Figures of the page on the update."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import axes
from reference import mlp, mlp_step, mse_loss


def rates() -> Figure:
    """Draw the loss of a linear layer over the steps, at three learning rates."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(32, 3))
    targets = x @ np.array([[1.0], [-2.0], [0.5]]) + 0.3
    augmented = np.c_[x, np.ones(len(x))]
    curvature = 2 * float(np.linalg.norm(augmented, 2)) ** 2 / len(x)
    figure, ax = axes(xlabel="step", ylabel="loss", yscale="log", xlim=(0, 32))
    for share in (0.1, 0.6, 1.03):
        weights: list[Any] = [np.zeros((3, 1))]
        biases: list[Any] = [np.zeros(1)]
        losses = []
        for _ in range(31):
            output = mlp(x, weights, biases, activations=["identity"])
            losses.append(float(mse_loss(output, targets)))
            step = mlp_step(
                x,
                targets,
                weights,
                biases,
                activations=["identity"],
                loss="mse",
                learning_rate=share * 2 / curvature,
            )
            weights, biases = list(step.weights), list(step.biases)
        label = rf"{share:g} $\cdot$ 2 / curvature"
        ax.plot(losses, label=label)
    ax.legend(loc="lower left")
    return figure
