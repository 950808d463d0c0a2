"""A classifier of dense layers, and the measurements of irises it is trained on.

Rectifiers inside, a softmax at the end, all rows at once: the network, its gradient and
its update come from their own pages.
"""

# The file is longer than most because of the docstrings of its five functions.

from __future__ import annotations  # numpy.random is loaded on first use

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import (
    FloatArray,
    IntArray,
    as_count,
    as_float,
    as_float_list,
    as_generator,
    as_labels,
    as_option,
    as_real,
    check_not_empty,
    check_rank,
)
from reference.backpropagation.descent import MLPParameters, mlp_step
from reference.layers._network import Network, read_network, run
from reference.layers._shapes import check_layer
from reference.layers.prediction import predict_labels
from reference.losses.cross_entropy import softmax_cross_entropy

__all__ = [
    "classifier_fit",
    "classifier_init",
    "classifier_predict",
    "fold_standardization",
    "load_iris_arrays",
]

PARTS = ("all", "train", "test")


class ClassifierFit(NamedTuple):
    """The trained parameters, and the loss before each epoch and after the last."""

    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]
    losses: FloatArray


class Layer(NamedTuple):
    """The weights and the bias of one dense layer."""

    weights: FloatArray
    bias: FloatArray


def load_iris_arrays(*, part: str = "all") -> tuple[FloatArray, IntArray]:
    """Return Fisher's measurements of 150 irises, and the species of each.

    Parameters
    ----------
    part : {"all", "train", "test"}, default "all"
        Every flower, in the order of the paper; or one part of a split that is always
        the same: a random fourth for testing, rounded up, and the rest for training.

    Returns
    -------
    X : ndarray of float64, shape (n, 4)
        Length and width of a sepal, length and width of a petal, in centimeters;
        n is 150, 112 or 38.
    y : ndarray of int64, shape (n,)
        0 for *setosa*, 1 for *versicolor*, 2 for *virginica*: 50 of each in all.

    Raises
    ------
    ImportError
        scikit-learn, which brings the data along, is not installed.
    TypeError, ValueError
        ``part`` is none of these.

    Notes
    -----
    The numbers are those of the paper, which some other copies get wrong in two rows.
    The split is that of scikit-learn's ``train_test_split`` with a ``random_state``
    of 42.

    References
    ----------
    R. A. Fisher, "The use of multiple measurements in taxonomic problems", *Annals of
    Eugenics* 7 (1936), 179-188.

    Examples
    --------
    >>> X, y = load_iris_arrays()
    >>> X[0], y[0]
    (array([5.1, 3.5, 1.4, 0.2]), np.int64(0))
    >>> load_iris_arrays(part="test")[0].shape
    (38, 4)
    """
    chosen = as_option("part", part, PARTS)
    try:
        from sklearn.datasets import load_iris
    except ImportError as error:
        msg = "the iris data need scikit-learn: pip install lemmata[datasets]"
        raise ImportError(msg) from error
    X, y = load_iris(return_X_y=True)
    # The old generator, since it is the one that the well-known seed belongs to; NumPy
    # promises never to change what comes out of it.
    order = np.random.RandomState(42).permutation(len(X))
    held_out = -(-len(X) // 4)
    rows = {
        "all": np.arange(len(X)),
        "train": order[held_out:],
        "test": order[:held_out],
    }[chosen]
    return X[rows].astype(np.float64), y[rows].astype(np.int64)


def classifier_init(
    sizes: Sequence[int], /, *, rng: np.random.Generator, scale: float = 0.1
) -> MLPParameters:
    """Draw all weights and biases from a normal distribution around 0.

    Parameters
    ----------
    sizes : list or tuple of int, length L + 1
        The number of inputs, then of units layer by layer; the last are the classes.
    rng : numpy.random.Generator
        Source of randomness.
    scale : float, default 0.1
        Standard deviation, at least 0.

    Returns
    -------
    MLPParameters
        ``weights`` and ``biases``, a tuple each with one array a layer.

    Raises
    ------
    TypeError, ValueError
        ``sizes`` are not at least two integers of at least 1, ``rng`` is not a
        generator, or ``scale`` is not a number of at least 0.

    Examples
    --------
    >>> start = classifier_init([4, 10, 5, 3], rng=np.random.default_rng(0))
    >>> [W.shape for W in start.weights]
    [(4, 10), (10, 5), (5, 3)]
    """
    listed: object = sizes
    if not isinstance(listed, list | tuple):
        msg = f"sizes must be a list or tuple of integers, got {sizes!r}"
        raise TypeError(msg)
    counts = [as_count(f"sizes[{i}]", count) for i, count in enumerate(listed)]
    if len(counts) < 2:
        msg = f"sizes must name the inputs and at least one layer, got {sizes!r}"
        raise ValueError(msg)
    rng = as_generator("rng", rng)
    spread = as_real("scale", scale)
    if spread < 0:
        msg = f"scale must be at least 0, got {scale!r}"
        raise ValueError(msg)
    weights = tuple(spread * rng.standard_normal(shape) for shape in pairwise(counts))
    biases = tuple(spread * rng.standard_normal(units) for units in counts[1:])
    return MLPParameters(weights, biases)


def classifier_fit(
    x: ArrayLike,
    labels: ArrayLike,
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    /,
    *,
    learning_rate: float,
    epochs: int,
) -> ClassifierFit:
    r"""Train a classifier on all rows at once, epoch after epoch.

    $\theta \leftarrow \theta - \alpha\, \nabla_\theta L$ for all parameters together,
    with $L = -\frac{1}{n} \sum_r \log \operatorname{softmax}(z_r)_{y_r}$

    Parameters
    ----------
    x : array_like, shape (n, d_0)
        Samples as rows.
    labels : array_like of int, shape (n,)
        The class $y_r$ of each sample, from 0 to d_L - 1.
    weights : sequence of array_like, shapes (d_0, d_1), (d_1, d_2), ...
        Where to start: one matrix a layer, at least one. They are not changed.
    biases : sequence of array_like, shapes (d_1,), (d_2,), ...
        One vector a layer. They are not changed.
    learning_rate : float
        $\alpha \ge 0$.
    epochs : int
        How many updates to make.

    Returns
    -------
    ClassifierFit
        ``weights`` and ``biases``, a tuple each, and ``losses`` of length
        ``epochs + 1``: the first before any update, the last of what is returned.

    Raises
    ------
    TypeError, ValueError
        ``x`` does not hold real numbers or has no rows; ``labels`` are not one integer
        a row from 0 to d_L - 1; ``weights`` and ``biases`` are not layers that chain;
        ``learning_rate`` is not a number of at least 0, or ``epochs`` not an integer of
        at least 0.

    Notes
    -----
    Special cases: from parameters that are all 0, the loss starts at $\log d_L$
    (`networks.iris.equal_scores`), and behind a hidden layer only the last bias moves.

    In float16 and float32 the whole training runs in float64, and parameters and losses
    are rounded once, at the end.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
    back-propagating errors", *Nature* 323 (1986), 533-536.

    Examples
    --------
    >>> x, labels = [[-1.0], [1.0]], [0, 1]
    >>> fit = classifier_fit(
    ...     x, labels, [np.zeros((1, 2))], [np.zeros(2)], learning_rate=1.0, epochs=2
    ... )
    >>> fit.losses
    array([0.69314718, 0.31326169, 0.20141328])
    """
    network = _read(x, weights, biases)
    targets = _one_hot(labels, network)
    rate = as_real("learning_rate", learning_rate)
    if rate < 0:
        msg = f"learning_rate must be at least 0, got {learning_rate!r}"
        raise ValueError(msg)
    losses = np.empty(as_count("epochs", epochs, least=0) + 1)
    names = [*["relu"] * (len(network.weights) - 1), "softmax"]
    for i in range(len(losses)):
        if i:
            step = mlp_step(
                network.x,
                targets,
                network.weights,
                network.biases,
                activations=names,
                loss="categorical_cross_entropy",
                learning_rate=rate,
            )
            network = network._replace(
                weights=[*map(widen, step.weights)], biases=[*map(widen, step.biases)]
            )
        losses[i] = softmax_cross_entropy(run(network)[1][-1], targets)
    return ClassifierFit(
        _copies(network.weights, network.dtype),
        _copies(network.biases, network.dtype),
        narrow(losses, network.dtype),
    )


def classifier_predict(
    x: ArrayLike, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], /
) -> IntArray:
    r"""Return the class with the largest score, for each sample.

    $\operatorname{argmax}_k z_k$, the first one where several are largest

    Parameters
    ----------
    x : array_like, shape (n, d_0)
        Samples as rows.
    weights : sequence of array_like, shapes (d_0, d_1), (d_1, d_2), ...
        One matrix a layer, at least one.
    biases : sequence of array_like, shapes (d_1,), (d_2,), ...
        One vector a layer.

    Returns
    -------
    ndarray of int64, shape (n,)
        Labels, from 0 to d_L - 1.

    Raises
    ------
    TypeError, ValueError
        ``x`` does not hold real numbers, or leads to a score that is NaN; or
        ``weights`` and ``biases`` are not layers that chain.

    Notes
    -----
    The softmax is left out: it keeps the order of the scores
    (`layers.prediction.shares_keep_their_order`).

    Examples
    --------
    >>> classifier_predict([[-3.0], [2.0]], [[[-1.0, 1.0]]], [[0.0, 0.0]])
    array([0, 1])
    """
    scores = run(_read(x, weights, biases))[1][-1]
    if np.isnan(scores).any():
        msg = "x, weights and biases must lead to scores without NaN, got NaN"
        raise ValueError(msg)
    return np.asarray(predict_labels(scores), dtype=np.int64)


def fold_standardization(
    weights: ArrayLike, bias: ArrayLike, mean: ArrayLike, std: ArrayLike, /
) -> Layer:
    r"""Move the standardization of the inputs into a layer that comes behind it.

    $\frac{x - \mu}{s}\, W + b = x\, W' + b'$ with $W'_{ik} = W_{ik} / s_i$ and
    $b'_k = b_k - \sum_i \frac{\mu_i}{s_i} W_{ik}$

    Parameters
    ----------
    weights : array_like, shape (d, m)
        $W$, for standardized inputs.
    bias : array_like, shape (m,)
        $b$, for standardized inputs.
    mean, std : array_like, shape (d,)
        $\mu$ and $s > 0$: what is subtracted from each input, and what it is then
        divided by.

    Returns
    -------
    Layer
        ``weights`` and ``bias`` for the inputs as they come.

    Raises
    ------
    TypeError
        An argument does not hold real numbers.
    ValueError
        The shapes do not match, or some entry of ``std`` is not positive.

    Notes
    -----
    Derived in `networks.iris.folded`. Where a mean is large for its standard deviation,
    $x W'$ and $b'$ nearly cancel, and the folded layer is less accurate.

    Examples
    --------
    >>> layer = fold_standardization([[1.0]], [0.0], [5.0], [2.0])
    >>> layer.weights, layer.bias
    (array([[0.5]]), array([-2.5]))
    """
    W, b = as_float("weights", weights), as_float("bias", bias)
    μ, s = as_float("mean", mean), as_float("std", std)
    check_rank("weights", W, 2)
    check_layer((len(W),), W, b)
    for name, value in (("mean", μ), ("std", s)):
        if value.shape != W.shape[:1]:
            msg = f"{name} must have shape {W.shape[:1]}, got {value.shape}"
            raise ValueError(msg)
    if (s <= 0).any():
        msg = f"std must be positive, got {s[s <= 0][0]}"
        raise ValueError(msg)
    dtype = np.result_type(W, b, μ, s)
    W, b, μ, s = map(widen, (W, b, μ, s))
    with np.errstate(over="ignore", invalid="ignore"):
        folded = W / s[:, np.newaxis], b - (μ / s) @ W
    return Layer(narrow(folded[0], dtype), narrow(folded[1], dtype))


def _read(x: ArrayLike, weights: object, biases: object) -> Network:
    """Check the layers: rectifiers inside, and bare scores at the end."""
    rows = as_float("x", x)
    check_rank("x", rows, 2)
    matrices = as_float_list("weights", weights)
    offsets = as_float_list("biases", biases)
    if not matrices or len(matrices) != len(offsets):
        msg = (
            "weights and biases must be as many as there are layers, at least one, got "
            f"{len(matrices)} and {len(offsets)}"
        )
        raise ValueError(msg)
    names = [*["relu"] * (len(matrices) - 1), "identity"]
    return read_network(rows, matrices, offsets, names)


def _one_hot(labels: ArrayLike, network: Network) -> FloatArray:
    """Return one row a sample, with a 1 in the column of its class."""
    y = as_labels("labels", labels)
    check_not_empty("x", network.x, 0)
    n, classes = len(network.x), len(network.biases[-1])
    if y.shape != (n,):
        msg = f"labels must have shape {(n,)}, one a row, got {y.shape}"
        raise ValueError(msg)
    wrong = (y < 0) | (y >= classes)
    if wrong.any():
        msg = f"labels must lie in [0, {classes}), got {y[wrong][0]}"
        raise ValueError(msg)
    return np.eye(classes)[y]


def _copies(
    values: Sequence[FloatArray], dtype: np.dtype[Any]
) -> tuple[FloatArray, ...]:
    """Round each array once, into a new one even where nothing is rounded."""
    return tuple(np.array(narrow(value, dtype)) for value in values)
