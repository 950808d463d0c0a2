"""A first network: learn the square root of the mean of a few numbers.

One sigmoid neuron, or a layer of them in between, trained sample by sample. Every
number that enters it is computed by the functions of the other chapters.
"""

# The file is longer than most because of the docstrings of its five functions.

from __future__ import annotations  # numpy.random is loaded on first use

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference._validate import (
    FloatArray,
    as_count,
    as_float,
    as_floats,
    as_generator,
    as_positive,
    check_not_empty,
    check_rank,
)
from reference.activations.sigmoid import sigmoid, sigmoid_derivative
from reference.losses.mean_squared_error import mse_loss, mse_loss_grad

__all__ = [
    "sqrt_mean_data",
    "sqrt_mean_fit",
    "sqrt_mean_grad",
    "sqrt_mean_init",
    "sqrt_mean_predict",
]


class SigmoidNetwork(NamedTuple):
    """Weights (fan_in, fan_out) and biases (fan_out,), one of each a layer."""

    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]


class SqrtMeanFit(NamedTuple):
    """The trained network, and both mean squared errors after each epoch."""

    network: SigmoidNetwork
    training_losses: FloatArray
    validation_losses: FloatArray


def sqrt_mean_data(
    n: int, d: int, /, *, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    r"""Draw n samples of d features, and the root of each sample's mean.

    $x_{ij} \sim U[0, 1)$ and $y_i = \sqrt{\frac{1}{d} \sum_j x_{ij}}$

    Parameters
    ----------
    n, d : int
        Number of samples and of features, at least 1.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    X : ndarray, shape (n, d)
        Features in [0, 1).
    y : ndarray, shape (n,)
        Targets in [0, 1), which is what a sigmoid can reach.

    Raises
    ------
    TypeError, ValueError
        A size is not an integer of at least 1, or ``rng`` is not a generator.

    Examples
    --------
    >>> X, y = sqrt_mean_data(500, 5, rng=np.random.default_rng(0))
    >>> X.shape, y.shape
    ((500, 5), (500,))
    """
    n, d = as_count("n", n), as_count("d", d)
    X = as_generator("rng", rng).random((n, d))
    return X, np.sqrt(X.mean(axis=1))


def sqrt_mean_init(
    d: int, /, *, hidden: int | None = None, rng: np.random.Generator
) -> SigmoidNetwork:
    """Draw all weights and biases uniformly from [0, 1).

    Parameters
    ----------
    d : int
        Number of features.
    hidden : int, optional
        Neurons in the hidden layer; None means one neuron and no hidden layer.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    SigmoidNetwork
        ``weights`` and ``biases``; the last layer has one neuron.

    Raises
    ------
    TypeError, ValueError
        A size is not an integer of at least 1, or ``rng`` is not a generator.

    Examples
    --------
    >>> network = sqrt_mean_init(5, hidden=8, rng=np.random.default_rng(0))
    >>> [W.shape for W in network.weights]
    [(5, 8), (8, 1)]
    """
    layers = [] if hidden is None else [as_count("hidden", hidden)]
    sizes = [as_count("d", d), *layers, 1]
    rng = as_generator("rng", rng)
    weights = tuple(rng.random(shape) for shape in pairwise(sizes))
    return SigmoidNetwork(weights, tuple(rng.random(size) for size in sizes[1:]))


def sqrt_mean_predict(network: SigmoidNetwork, X: ArrayLike, /) -> FloatArray:
    r"""Return the network's prediction for every row.

    $\hat y = \sigma(w^\top x + b)$, after another such layer if there is one

    Parameters
    ----------
    network : SigmoidNetwork
        The parameters.
    X : array_like, shape (n, d)
        Samples as rows.

    Returns
    -------
    ndarray, shape (n,)
        Numbers between 0 and 1.

    Raises
    ------
    TypeError, ValueError
        ``network`` is not one, or ``X`` is no matrix of real numbers with its features.

    Examples
    --------
    >>> network = SigmoidNetwork((np.zeros((2, 1)),), (np.zeros(1),))
    >>> sqrt_mean_predict(network, [[1.0, 2.0], [3.0, 4.0]])
    array([0.5, 0.5])
    """
    X = as_float("X", X)
    _check_features(network, "X", X)
    return _layers(network, X)[-1][:, 0].copy()


def sqrt_mean_grad(
    network: SigmoidNetwork, X: ArrayLike, y: ArrayLike, /
) -> SigmoidNetwork:
    r"""Return the gradient of the mean squared error in every weight and bias.

    For one neuron, $\partial L / \partial w_j
    = \frac{2}{n} \sum_i (\hat y_i - y_i)\,\hat y_i (1 - \hat y_i)\,x_{ij}$

    Parameters
    ----------
    network : SigmoidNetwork
        The parameters.
    X, y : array_like, shapes (n, d) and (n,)
        Samples as rows, and their targets. One row gives the gradient of one sample's
        squared error.

    Returns
    -------
    SigmoidNetwork
        The gradient, in the shapes of the parameters.

    Raises
    ------
    TypeError, ValueError
        ``network`` is not one, ``X`` is no matrix of real numbers with its features
        and at least one row, or there is not one target a row.

    Notes
    -----
    Derived in `networks.sqrt_mean.gradient`, and with a hidden layer in
    `networks.sqrt_mean.hidden_gradient`.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
    back-propagating errors", *Nature* 323 (1986), 533-536.

    Examples
    --------
    >>> network = SigmoidNetwork((np.zeros((1, 1)),), (np.zeros(1),))
    >>> sqrt_mean_grad(network, [[1.0]], [0.75]).weights[0]
    array([[-0.125]])
    """
    X, y = as_floats(X=X, y=y)
    _check_samples(network, X=X, y=y)
    return _gradient(network, X, y)[0]


def sqrt_mean_fit(
    network: SigmoidNetwork,
    X: ArrayLike,
    y: ArrayLike,
    /,
    *,
    validation: tuple[ArrayLike, ArrayLike],
    learning_rate: float,
    epochs: int,
) -> SqrtMeanFit:
    r"""Train on one sample after the other, in the order given, epoch after epoch.

    $\theta \leftarrow \theta - \alpha\, \nabla_\theta (\hat y_i - y_i)^2$ for each $i$

    Parameters
    ----------
    network : SigmoidNetwork
        The parameters to start from; they are not changed.
    X, y : array_like, shapes (n, d) and (n,)
        Training samples as rows, and their targets in the same order.
    validation : pair of array_like, shapes (m, d) and (m,)
        Samples and targets that are only looked at: they have no influence.
    learning_rate : float
        $\alpha > 0$.
    epochs : int
        How often the training samples are gone through.

    Returns
    -------
    SqrtMeanFit
        ``network``, ``training_losses`` (of the predictions made just before each
        update) and ``validation_losses`` (at the end of each epoch).

    Raises
    ------
    TypeError, ValueError
        As for `sqrt_mean_grad`, or ``learning_rate`` is not a positive number, or
        ``epochs`` not an integer of at least 0.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X, y = sqrt_mean_data(300, 5, rng=rng)
    >>> fit = sqrt_mean_fit(
    ...     sqrt_mean_init(5, rng=rng), X[:200], y[:200],
    ...     validation=(X[200:], y[200:]), learning_rate=1.0, epochs=20,
    ... )
    >>> bool(fit.validation_losses[-1] < 0.01 * y.var())
    True
    """
    X, y = as_floats(X=X, y=y)
    _check_samples(network, X=X, y=y)
    pair: object = validation
    if not (isinstance(pair, list | tuple) and len(pair) == 2):
        msg = f"validation must be a pair of arrays, (X, y), got {validation!r}"
        raise TypeError(msg)
    X_held, y_held = as_floats(X_validation=pair[0], y_validation=pair[1])
    _check_samples(network, X_validation=X_held, y_validation=y_held)
    rate = as_positive("learning_rate", learning_rate)
    network = SigmoidNetwork(*(tuple(p.copy() for p in layer) for layer in network))
    losses = np.empty((2, as_count("epochs", epochs, least=0)))
    seen = np.empty(len(X))
    for epoch in range(losses.shape[1]):
        for i in range(len(X)):
            gradient, seen[i : i + 1] = _gradient(network, X[i : i + 1], y[i : i + 1])
            network = _step(network, gradient, rate)
        held_out = _layers(network, X_held)[-1][:, 0]
        losses[:, epoch] = mse_loss(seen, y), mse_loss(held_out, y_held)
    return SqrtMeanFit(network, losses[0], losses[1])


def _layers(network: SigmoidNetwork, X: FloatArray) -> list[FloatArray]:
    """Return the input of every layer, and the output of the last."""
    values = [X]
    for W, b in zip(*network, strict=True):
        with np.errstate(over="ignore", invalid="ignore"):
            values.append(sigmoid(values[-1] @ W + b))
    return values


def _gradient(
    network: SigmoidNetwork, X: FloatArray, y: FloatArray
) -> tuple[SigmoidNetwork, FloatArray]:
    """Return the gradient of the mean squared error, and the predictions."""
    *inputs, outputs = _layers(network, X)
    error = mse_loss_grad(outputs[:, 0], y)[:, np.newaxis]
    weights: list[FloatArray] = []
    biases: list[FloatArray] = []
    for W, b, x in reversed(list(zip(*network, inputs, strict=True))):
        with np.errstate(over="ignore", invalid="ignore"):
            delta = error * sigmoid_derivative(x @ W + b)
            weights.insert(0, x.T @ delta)
            biases.insert(0, delta.sum(axis=0))
            error = delta @ W.T
    return SigmoidNetwork(tuple(weights), tuple(biases)), outputs[:, 0]


def _step(
    network: SigmoidNetwork, gradient: SigmoidNetwork, rate: float
) -> SigmoidNetwork:
    """Go against the gradient."""
    weights = zip(network.weights, gradient.weights, strict=True)
    biases = zip(network.biases, gradient.biases, strict=True)
    return SigmoidNetwork(
        tuple(W - rate * g for W, g in weights), tuple(b - rate * g for b, g in biases)
    )


def _check_features(network: object, name: str, X: FloatArray) -> None:
    if not isinstance(network, SigmoidNetwork):
        msg = f"network must be a SigmoidNetwork, got {type(network).__name__}"
        raise TypeError(msg)
    check_rank(name, X, 2)
    features = len(network.weights[0])
    if X.shape[1] != features:
        msg = f"{name} must have {features} columns, got shape {X.shape}"
        raise ValueError(msg)


def _check_samples(network: object, **samples: FloatArray) -> None:
    (X_name, X), (y_name, y) = samples.items()
    _check_features(network, X_name, X)
    check_not_empty(X_name, X)
    if y.shape != X.shape[:1]:
        msg = f"{y_name} must have shape {X.shape[:1]}, one a row, got {y.shape}"
        raise ValueError(msg)
