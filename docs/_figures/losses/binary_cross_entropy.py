"""Figures of the page on binary cross-entropy."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import MUTED, axes
from reference import (
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_grad,
    mse_loss,
    mse_loss_grad,
    sigmoid,
    sigmoid_derivative,
)


def wrong_and_sure() -> Figure:
    """Draw loss and slope over the logit of a sample whose class is 1."""
    z = np.linspace(-8, 6, 225)
    one = np.ones_like(z)
    entropy = binary_cross_entropy_with_logits(z, one, reduction="none")
    entropy_slope = binary_cross_entropy_with_logits_grad(z, one, reduction="none")
    squared = mse_loss(sigmoid(z), one, reduction="none")
    squared_slope = mse_loss_grad(sigmoid(z), one, reduction="none")
    squared_slope = squared_slope * sigmoid_derivative(z)
    figure, (above, below) = axes(2, 1, height=4.8, xlim=(-8, 6))
    above.plot(z, entropy, label="cross-entropy")
    above.plot(z, squared, label="squared error of $\\sigma(z)$")
    above.set_ylabel("loss")
    above.legend(loc="upper right")
    below.plot(z, entropy_slope)
    below.plot(z, squared_slope)
    below.set(ylabel="slope", xlabel="logit $z$ of a sample of class 1")
    below.set_ylim(-1.1, 0.1)
    below.annotate("wrong and sure:\nfull slope", (-7.6, -0.93), va="bottom")
    below.annotate(
        "next to no slope",
        (-5.5, float(np.interp(-5.5, z, squared_slope))),
        (-6.9, -0.42),
        arrowprops={"arrowstyle": "-", "color": MUTED},
    )
    return figure
