"""The perceptron: learn a dividing line from one mistake after the other."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference._rounding import narrow, widen
from reference._validate import (
    FloatArray,
    as_count,
    as_float,
    as_labels,
    check_rank,
)

__all__ = ["perceptron_fit"]


class PerceptronFit(NamedTuple):
    """A line, and the mistakes it was learned from.

    Attributes
    ----------
    weights : ndarray, shape (d,)
        One weight for each column.
    bias : scalar
        The weight of a constant 1.
    mistakes : ndarray of integers, shape (k,)
        The rows it was wrong about, in the order in which it was.
    converged : bool
        Whether the last pass over the rows was free of mistakes.
    """

    weights: FloatArray
    bias: np.floating
    mistakes: NDArray[np.intp]
    converged: bool


def perceptron_fit(X: ArrayLike, y: ArrayLike, /, *, max_epochs: int) -> PerceptronFit:
    r"""Learn weights and a bias whose sum has the sign of each row's label.

    Start with zeros and go through the rows in order, again and again. Where
    $y (w \cdot x + b) \le 0$, that is a mistake: $w \leftarrow w + y x$ and
    $b \leftarrow b + y$.

    Parameters
    ----------
    X : array_like, shape (n, d)
        Samples as rows.
    y : array_like of integers, shape (n,)
        Labels, each -1 or 1.
    max_epochs : int
        How many passes over the rows to make at most; it stops earlier after a pass
        without a mistake.

    Returns
    -------
    PerceptronFit
        ``weights``, ``bias``, ``mistakes`` and ``converged``.

    Raises
    ------
    TypeError
        ``X`` does not hold real numbers, ``y`` not integers, or ``max_epochs`` is not
        an integer.
    ValueError
        ``X`` does not have 2 axes or ``y`` not 1, the lengths differ, a label is
        neither -1 nor 1, or ``max_epochs`` is less than 1.

    Notes
    -----
    Special cases: without rows there is nothing to get wrong, and the weights are 0.
    A sum of NaN is a mistake each time.

    If some line keeps all rows on the right side by a margin of at least $\gamma$,
    there are at most $R^2 / \gamma^2$ mistakes, with $R$ the length of the longest
    row, a 1 in front of each (`layers.perceptron.mistake_bound`). If none does, it
    never converges.

    Sums are formed in float64; weights and bias are rounded once, at the end.

    References
    ----------
    F. Rosenblatt, "The perceptron: a probabilistic model for information storage and
    organization in the brain", *Psychological Review* 65 (1958), 386-408.

    A. B. J. Novikoff, "On convergence proofs on perceptrons", *Proceedings of the
    Symposium on the Mathematical Theory of Automata* (1962).

    Examples
    --------
    >>> fit = perceptron_fit([[2.0], [3.0], [-1.0]], [1, 1, -1], max_epochs=10)
    >>> fit.weights, fit.bias, fit.mistakes, fit.converged
    (array([2.]), np.float64(1.0), array([0]), True)
    """
    X, y = as_float("X", X), as_labels("y", y)
    max_epochs = as_count("max_epochs", max_epochs)
    _check(X, y)
    w, b = np.zeros(X.shape[1]), 0.0
    mistakes: list[int] = []
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(max_epochs):
            before = len(mistakes)
            for row, (x, label) in enumerate(zip(widen(X), y.tolist(), strict=True)):
                if not label * (w @ x + b) > 0:
                    w, b = w + label * x, b + label
                    mistakes.append(row)
            if len(mistakes) == before:
                break
    converged = len(mistakes) == before
    weights, bias = narrow(w, X.dtype), narrow(np.float64(b), X.dtype)
    return PerceptronFit(weights, bias, np.array(mistakes, dtype=np.intp), converged)


def _check(X: FloatArray, y: NDArray[np.integer]) -> None:
    check_rank("X", X, 2)
    check_rank("y", y, 1)
    if len(X) != len(y):
        msg = f"X and y must have equally many rows, got shapes {X.shape} and {y.shape}"
        raise ValueError(msg)
    wrong = (y != 1) & (y != -1)
    if wrong.any():
        msg = f"each label in y must be -1 or 1, got {y[wrong][0]}"
        raise ValueError(msg)
