"""Figures of the page on dense layers."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from docs._extension.figures import FILL, INK, MUTED, PAPER, SERIES, axes
from reference import dense


def matrix(ax: Any, left: float, values: Any, name: str, marked: Any) -> float:
    """Draw a matrix of cells from ``left`` on, centered; return where it ends."""
    rows, columns = values.shape
    for i in range(rows):
        for j in range(columns):
            corner = (left + j, rows / 2 - 1 - i)
            face = FILL if marked(i, j) else PAPER
            ax.add_patch(Rectangle(corner, 1, 1, facecolor=face, edgecolor=MUTED))
            weight = "bold" if marked(i, j) else "normal"
            middle = (left + j + 0.5, rows / 2 - 0.5 - i)
            text = f"{values[i, j]:g}".replace("-", "\u2212")
            ax.text(*middle, text, ha="center", va="center", weight=weight)
    ax.text(left + columns / 2, rows / 2 + 0.25, name, ha="center", color=SERIES[0])
    return left + float(columns)


def sign(ax: Any, left: float, text: str) -> float:
    """Write a sign between two matrices; return where the next one begins."""
    ax.text(left + 0.5, 0, text, ha="center", va="center", color=INK)
    return left + 1


def shapes() -> Figure:
    """Draw one layer, samples as rows above, samples as columns below."""
    X = np.array([[1, 0, 2], [0, 3, 1], [2, 1, 0], [1, 1, 1]])
    W, b = np.array([[1, -1], [2, 0], [0, 3]]), np.array([1, -2])
    Z = dense(X, W, b)
    figure, panels = axes(2, 1, height=5.0, xlim=(-0.2, 15.2), ylim=(-2.2, 2.9))
    above, below = panels
    x, unit = 1, 1  # the marked sample and unit
    at = matrix(above, 0, X, "$X$  (samples as rows)", lambda i, _: i == x)
    at = sign(above, at, "·")
    at = matrix(above, at, W, "$W$", lambda _, j: j == unit)
    at = sign(above, at, "+")
    at = matrix(above, at, b[np.newaxis], "$b$", lambda _, j: j == unit)
    at = sign(above, at, "=")
    matrix(above, at, Z, "$Z$", lambda i, j: (i, j) == (x, unit))
    at = matrix(below, 0, W.T, r"$W^{\top}$", lambda i, _: i == unit)
    at = sign(below, at, "·")
    at = matrix(
        below, at, X.T, r"$X^{\top}$  (samples as columns)", lambda _, j: j == x
    )
    at = sign(below, at, "+")
    at = matrix(below, at, b[:, np.newaxis], "$b$", lambda i, _: i == unit)
    at = sign(below, at, "=")
    matrix(below, at, Z.T, r"$Z^{\top}$", lambda i, j: (i, j) == (unit, x))
    for ax in panels:
        ax.set_axis_off()
        ax.set_aspect("equal")
    return figure
