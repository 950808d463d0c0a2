"""Figures of the page on the way back through a dense layer."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from docs._extension.figures import INK, axes
from docs._figures.layers.dense import matrix, sign
from reference import dense_vjp

X = np.array([[1, 0, 2], [0, 3, 1], [2, 1, 0], [1, 1, 1]])
W = np.array([[1, -1], [2, 0], [0, 3]])
G = np.array([[1, 0], [-1, 2], [0, 1], [2, -1]])


def three_gradients() -> Figure:
    """Draw the gradients of weights, bias and inputs as products of matrices."""
    grads = dense_vjp(G, X, W, np.zeros(2))
    figure, panels = axes(3, 1, height=7.0, xlim=(-3.0, 13.2), ylim=(-2.2, 2.8))
    upper: Any = panels[0]
    at = matrix(upper, 0, X.T, r"$X^{\top}$", lambda i, _: i == 1)
    at = sign(upper, at, "·")
    at = matrix(upper, at, G, "$G$", lambda _, j: j == 0)
    at = sign(upper, at, "=")
    matrix(
        upper,
        at,
        grads.weights,
        r"$\partial L/\partial W$",
        lambda i, j: (i, j) == (1, 0),
    )
    middle: Any = panels[1]
    at = matrix(middle, 0, np.ones((1, 4)), r"$\mathbf{1}^{\top}$", lambda *_: True)
    at = sign(middle, at, "·")
    at = matrix(middle, at, G, "$G$", lambda _, j: j == 0)
    at = sign(middle, at, "=")
    matrix(
        middle,
        at,
        grads.bias[np.newaxis],
        r"$\partial L/\partial b$",
        lambda _, j: j == 0,
    )
    lower: Any = panels[2]
    at = matrix(lower, 0, G, "$G$", lambda i, _: i == 2)
    at = sign(lower, at, "·")
    at = matrix(lower, at, W.T, r"$W^{\top}$", lambda _, j: j == 1)
    at = sign(lower, at, "=")
    matrix(
        lower, at, grads.x, r"$\partial L/\partial X$", lambda i, j: (i, j) == (2, 1)
    )
    texts = ("over\nsamples", "over\nsamples", "over\nunits")
    for ax, text in zip(panels, texts, strict=True):
        ax.text(-0.5, 0, text, ha="right", va="center", color=INK)
        ax.set_axis_off()
        ax.set_aspect("equal")
    return figure
