"""A network of three inputs, four hidden units and one output, without biases.

Trained on a table of four rows, all rows at once. It is a multilayer perceptron whose
biases are held at zero: prediction and gradient come from there.
"""

# The file is longer than most because of the docstrings of its five functions.

from __future__ import annotations  # numpy.random is loaded on first use

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import (
    FloatArray,
    as_count,
    as_float,
    as_float_list,
    as_generator,
    as_option,
    as_positive,
    check_not_empty,
    check_rank,
)
from reference.backpropagation.recursion import mlp_grads
from reference.layers.mlp import mlp

__all__ = [
    "three_four_one_data",
    "three_four_one_fit",
    "three_four_one_grad",
    "three_four_one_init",
    "three_four_one_predict",
]

TARGETS = ("first", "xor")
SIGMOIDS = ("sigmoid", "sigmoid")

Matrices = tuple[FloatArray, FloatArray]


class ThreeFourOneFit(NamedTuple):
    """The trained matrices, and the loss before each iteration and after the last."""

    weights: Matrices
    losses: FloatArray


def three_four_one_data(target: str, /) -> tuple[FloatArray, FloatArray]:
    """Return the table: two bits and a constant 1 a row, and what is to be learned.

    Parameters
    ----------
    target : {"first", "xor"}
        The first bit itself, or whether exactly one of the two bits is set.

    Returns
    -------
    X : ndarray, shape (4, 3)
        All pairs of bits, with a column of ones behind them.
    y : ndarray, shape (4,)
        Targets, 0 or 1.

    Raises
    ------
    TypeError, ValueError
        ``target`` is neither.

    Examples
    --------
    >>> X, y = three_four_one_data("xor")
    >>> X
    array([[0., 0., 1.],
           [0., 1., 1.],
           [1., 0., 1.],
           [1., 1., 1.]])
    >>> y
    array([0., 1., 1., 0.])
    """
    kind = as_option("target", target, TARGETS)
    X = np.array([[0.0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
    first, second = X[:, 0], X[:, 1]
    return X, first.copy() if kind == "first" else np.abs(first - second)


def three_four_one_init(*, rng: np.random.Generator) -> Matrices:
    """Draw all sixteen weights uniformly from [-1, 1).

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    tuple of ndarray, shapes (3, 4) and (4, 1)
        From the inputs to the hidden units, and from these to the output.

    Raises
    ------
    TypeError
        ``rng`` is not a generator.

    Examples
    --------
    >>> first, second = three_four_one_init(rng=np.random.default_rng(0))
    >>> first.shape, second.shape
    ((3, 4), (4, 1))
    """
    rng = as_generator("rng", rng)
    return rng.uniform(-1, 1, (3, 4)), rng.uniform(-1, 1, (4, 1))


def three_four_one_predict(weights: Sequence[ArrayLike], X: ArrayLike, /) -> FloatArray:
    r"""Return the network's prediction for every row.

    $\hat y = \sigma(\sigma(X U)\, V)$

    Parameters
    ----------
    weights : pair of array_like, shapes (d, h) and (h, 1)
        $U$ and $V$; three by four and four by one, or any other sizes.
    X : array_like, shape (n, d)
        Samples as rows.

    Returns
    -------
    ndarray, shape (n,)
        Numbers between 0 and 1.

    Raises
    ------
    TypeError, ValueError
        ``weights`` is not such a pair, or ``X`` is no matrix of real numbers with as
        many columns as the first of them has rows.

    Examples
    --------
    >>> three_four_one_predict([np.zeros((3, 4)), np.zeros((4, 1))], [[0, 1, 1]])
    array([0.5])
    """
    network, X = _read(weights, X)
    return _output(network, X)


def three_four_one_grad(
    weights: Sequence[ArrayLike], X: ArrayLike, y: ArrayLike, /
) -> Matrices:
    r"""Return the gradient of half the sum of squared errors in both matrices.

    $\delta_2 = (\hat y - y)\,\hat y (1 - \hat y)$ and
    $\delta_1 = (\delta_2 V^\top) \odot a (1 - a)$ with $a = \sigma(X U)$; then
    $X^\top \delta_1$ and $a^\top \delta_2$.

    Parameters
    ----------
    weights : pair of array_like, shapes (d, h) and (h, 1)
        $U$ and $V$.
    X, y : array_like, shapes (n, d) and (n,)
        Samples as rows, and their targets. The errors of all rows are summed.

    Returns
    -------
    tuple of ndarray, shapes (d, h) and (h, 1)
        The gradient in $U$ and in $V$.

    Raises
    ------
    TypeError, ValueError
        As for `three_four_one_predict`, or there is no row, or not one target a row.

    Notes
    -----
    Derived in `networks.three_four_one.second_matrix` and
    `networks.three_four_one.first_matrix`.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
    back-propagating errors", *Nature* 323 (1986), 533-536.

    Examples
    --------
    >>> zeros = [np.zeros((1, 2)), np.zeros((2, 1))]
    >>> three_four_one_grad(zeros, [[1.0]], [1.0])[1]
    array([[-0.0625],
           [-0.0625]])
    """
    network, X = _read(weights, X)
    y = _read_targets(X, y)
    dtype = np.result_type(*network, X, y)
    first, second = _gradient(_wide(network), widen(X), widen(y))
    return narrow(first, dtype), narrow(second, dtype)


def three_four_one_fit(
    weights: Sequence[ArrayLike],
    X: ArrayLike,
    y: ArrayLike,
    /,
    *,
    learning_rate: float,
    iterations: int,
) -> ThreeFourOneFit:
    r"""Train on all rows at once, iteration after iteration.

    $U \leftarrow U - \alpha\, \partial L / \partial U$ and
    $V \leftarrow V - \alpha\, \partial L / \partial V$, both taken at the old $U$ and
    $V$, with $L = \frac{1}{2} \sum_i (\hat y_i - y_i)^2$

    Parameters
    ----------
    weights : pair of array_like, shapes (d, h) and (h, 1)
        The matrices to start from; they are not changed.
    X, y : array_like, shapes (n, d) and (n,)
        Samples as rows, and their targets.
    learning_rate : float
        $\alpha > 0$. An update that only adds the two products, without a factor, has
        a rate of 1.
    iterations : int
        How many updates to make.

    Returns
    -------
    ThreeFourOneFit
        ``weights``, and ``losses`` of length ``iterations + 1``: the first before any
        update, the last of the weights returned.

    Raises
    ------
    TypeError, ValueError
        As for `three_four_one_grad`, or ``learning_rate`` is not a positive number, or
        ``iterations`` not an integer of at least 0.

    Notes
    -----
    In float16 and float32 the whole training runs in float64, and weights and losses
    are rounded once, at the end.

    Examples
    --------
    >>> X, y = three_four_one_data("first")
    >>> start = three_four_one_init(rng=np.random.default_rng(0))
    >>> fit = three_four_one_fit(start, X, y, learning_rate=1.0, iterations=50)
    >>> bool((np.diff(fit.losses) < 0).all())
    True
    """
    network, X = _read(weights, X)
    y = _read_targets(X, y)
    dtype = np.result_type(*network, X, y)
    rate = as_positive("learning_rate", learning_rate)
    first, second = (W.copy() for W in _wide(network))
    rows, targets = widen(X), widen(y)
    losses = np.empty(as_count("iterations", iterations, least=0) + 1)
    with np.errstate(over="ignore", invalid="ignore"):
        for i in range(len(losses)):
            if i:
                of_first, of_second = _gradient((first, second), rows, targets)
                first, second = first - rate * of_first, second - rate * of_second
            losses[i] = ((_output((first, second), rows) - targets) ** 2).sum() / 2
    trained = narrow(first, dtype), narrow(second, dtype)
    return ThreeFourOneFit(trained, narrow(losses, dtype))


def _output(weights: Matrices, X: FloatArray) -> FloatArray:
    output = mlp(X, weights, _zeros(weights), activations=SIGMOIDS)
    return output[:, 0].copy()


def _gradient(weights: Matrices, X: FloatArray, y: FloatArray) -> Matrices:
    """Return the gradient of half a sum: that of the mean, times half the rows."""
    grads = mlp_grads(
        X,
        y[:, np.newaxis],
        weights,
        _zeros(weights),
        activations=SIGMOIDS,
        loss="mse",
    )
    first, second = grads.weights
    with np.errstate(over="ignore", invalid="ignore"):
        return first * (len(X) / 2), second * (len(X) / 2)


def _zeros(weights: Matrices) -> list[FloatArray]:
    """Return biases that are not there."""
    return [np.zeros(W.shape[1], dtype=W.dtype) for W in weights]


def _wide(weights: Matrices) -> Matrices:
    return widen(weights[0]), widen(weights[1])


def _read(weights: object, X: ArrayLike) -> tuple[Matrices, FloatArray]:
    """Check that there are two matrices, and that the rows go through them."""
    matrices = as_float_list("weights", weights)
    shapes = [W.shape for W in matrices]
    if not (
        len(shapes) == 2
        and all(len(shape) == 2 for shape in shapes)
        and shapes[1] == (shapes[0][1], 1)
    ):
        msg = f"weights must be two matrices, (d, h) and (h, 1), got shapes {shapes}"
        raise ValueError(msg)
    rows = as_float("X", X)
    check_rank("X", rows, 2)
    if rows.shape[1] != shapes[0][0]:
        msg = f"X must have {shapes[0][0]} columns, got shape {rows.shape}"
        raise ValueError(msg)
    return (matrices[0], matrices[1]), rows


def _read_targets(X: FloatArray, y: ArrayLike) -> FloatArray:
    check_not_empty("X", X, 0)
    targets = as_float("y", y)
    if targets.shape != X.shape[:1]:
        msg = f"y must have shape {X.shape[:1]}, one a row, got {targets.shape}"
        raise ValueError(msg)
    return targets
