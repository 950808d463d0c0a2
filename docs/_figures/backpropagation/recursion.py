"""Figures of the page on the recursion."""

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import INK, SERIES, axes
from reference import mlp, mlp_grads, mse_loss

DEPTH, WIDTH, SAMPLES = 13, 5, 8


def _network() -> tuple[list[np.ndarray], list[np.ndarray], list[str]]:
    rng = np.random.default_rng(4)
    weights = [rng.normal(size=(WIDTH, WIDTH)) / WIDTH**0.5 for _ in range(DEPTH)]
    biases = [0.1 * rng.normal(size=WIDTH) for _ in range(DEPTH)]
    return weights, biases, ["tanh"] * DEPTH


def differences() -> Figure:
    """Draw how far central differences are from backpropagation, step by step."""
    rng = np.random.default_rng(5)
    x, targets = rng.normal(size=(2, SAMPLES, WIDTH))
    weights, biases, activations = _network()
    grads = mlp_grads(x, targets, weights, biases, activations=activations, loss="mse")
    direction = [rng.normal(size=W.shape) for W in weights]
    exact = sum(
        float((g * v).sum()) for g, v in zip(grads.weights, direction, strict=True)
    )

    def loss(step: float) -> float:
        moved = [W + step * v for W, v in zip(weights, direction, strict=True)]
        return float(mse_loss(mlp(x, moved, biases, activations=activations), targets))

    steps = 10.0 ** np.arange(-13, 0.01, 0.25)
    central = [abs((loss(h) - loss(-h)) / (2 * h) - exact) for h in steps]
    onesided = [abs((loss(h) - loss(0.0)) / h - exact) for h in steps]
    figure, ax = axes(
        xlabel="step $h$",
        ylabel="distance from the gradient",
        xscale="log",
        yscale="log",
        height=3.4,
    )
    ax.plot(steps, onesided, label="one-sided", color=SERIES[1])
    ax.plot(steps, central, label="central", color=SERIES[0])
    ax.annotate("rounding", (1e-12, central[4]), (1e-13, 1e-10), color=INK)
    ax.annotate("curvature", (1e-1, 1e-2), (3e-2, 1e-6), color=INK)
    ax.legend()
    return figure
