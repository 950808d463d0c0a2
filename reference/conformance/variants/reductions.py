"""What a loss of a batch is, and how labels are smoothed."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants._calls import call

__all__ = ["FAMILIES"]

Array = NDArray[Any]

_TORCH = "https://docs.pytorch.org/docs/stable/generated/torch.nn."
_OPTAX = "https://optax.readthedocs.io/en/latest/api/losses.html"
_KERAS = "https://keras.io/api/losses/"


def _squared(p: Array, y: Array, *, reduced: Callable[[Array], Any]) -> Any:
    return reduced((p - y) ** 2)


def _log_softmax(x: Array) -> Array:
    shifted = x - np.max(x, axis=-1, keepdims=True)
    sums = np.sum(np.exp(shifted), axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(sums))


def _cross(x: Array, y: Array, *, reduced: Callable[[Array], Any]) -> Any:
    return reduced(-y * _log_softmax(x))


def _rows(losses: Array) -> Array:
    return np.asarray(losses.sum(axis=-1))


def _uniform(y: Array, amount: float) -> Array:
    return (1 - amount) * y + amount / y.shape[-1]


def _to_others(y: Array, amount: float) -> Array:
    return (1 - amount) * y + amount / (y.shape[-1] - 1) * (1 - y)


def _to_half(y: Array, amount: float) -> Array:
    return (1 - amount) * y + amount / 2


def _one_sided(y: Array, amount: float) -> Array:
    return (1 - amount) * y


_LABELS = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
_SCORES = np.array([[2.0, -1.0, 0.5], [0.0, 1.0, 3.0]])

FAMILIES = (
    Family(
        "mse_loss",
        ("mse_loss",),
        "Mean squared error",
        (
            Variant(
                "mean of all entries",
                "torch.nn.functional.mse_loss, keras.losses.MeanSquaredError",
                "https://github.com/pytorch/pytorch/issues/3924",
                partial(_squared, reduced=np.mean),
                "divided by rows times columns",
            ),
            Variant(
                "mean over rows of sums",
                "the squared norm of an error, averaged over the batch",
                "https://github.com/pytorch/pytorch/issues/3924",
                partial(_squared, reduced=lambda e: e.sum(axis=-1).mean()),
                "divided by rows alone: wide outputs have steep gradients",
            ),
            Variant(
                "half the mean",
                "derivations, so that the slope is the error",
                "https://optax.readthedocs.io/en/latest/api/losses.html",
                partial(_squared, reduced=lambda e: e.mean() / 2),
                "half of the mean of all entries",
            ),
            Variant(
                "half the mean over rows",
                "M. A. Nielsen, Neural Networks and Deep Learning (2015), chapter 1",
                "http://neuralnetworksanddeeplearning.com/chap1.html",
                partial(_squared, reduced=lambda e: e.sum(axis=-1).mean() / 2),
                "half the squared norm of an error, averaged over the batch",
            ),
            Variant(
                "sum",
                "reduction='sum'",
                f"{_TORCH}MSELoss.html",
                partial(_squared, reduced=np.sum),
                "not divided: a larger batch makes a larger step",
            ),
            Variant(
                "half the sum",
                "derivations, so that the slope is the error",
                "https://github.com/pytorch/pytorch/issues/3322",
                partial(_squared, reduced=lambda e: e.sum() / 2),
                "half of it",
            ),
            Variant(
                "mean of each row",
                "keras.losses.mean_squared_error, the function",
                f"{_KERAS}regression_losses/",
                partial(_squared, reduced=lambda e: e.mean(axis=-1)),
                "one number for each row",
            ),
            Variant(
                "each entry",
                "optax.squared_error",
                _OPTAX,
                partial(_squared, reduced=lambda e: e),
                "nothing is reduced",
            ),
            Variant(
                "half of each entry",
                "optax.l2_loss",
                _OPTAX,
                partial(_squared, reduced=lambda e: e / 2),
                "nothing is reduced, and each square is halved",
            ),
        ),
        (
            Probe(
                "batch",
                "errors (1, 2, 4, 0), (3, -1, 0, 1), (0, 2, 1, 5)",
                (
                    np.array([[1.0, 2, 4, 0], [3, -1, 0, 1], [0, 2, 1, 5]]),
                    np.zeros((3, 4)),
                ),
            ),
        ),
        call,
    ),
    Family(
        "softmax_cross_entropy",
        ("softmax_cross_entropy",),
        "Cross-entropy",
        (
            Variant(
                "mean over rows",
                "torch.nn.functional.cross_entropy, keras.losses."
                "CategoricalCrossentropy",
                f"{_TORCH}CrossEntropyLoss.html",
                partial(_cross, reduced=lambda e: _rows(e).mean()),
                "divided by the number of samples",
            ),
            Variant(
                "each row",
                "optax.softmax_cross_entropy, keras.losses.categorical_crossentropy",
                _OPTAX,
                partial(_cross, reduced=_rows),
                "one number for each sample",
            ),
            Variant(
                "sum",
                "reduction='sum'",
                f"{_TORCH}CrossEntropyLoss.html",
                partial(_cross, reduced=np.sum),
                "not divided: a larger batch makes a larger step",
            ),
            Variant(
                "mean of all entries",
                "numpy.mean of the products, without a thought for the classes",
                "https://github.com/pytorch/pytorch/issues/3322",
                partial(_cross, reduced=np.mean),
                "divided by samples times classes",
            ),
        ),
        (
            Probe(
                "batch",
                "scores (2, -1, 1/2), (0, 1, 3) of classes 1 and 0",
                (_SCORES, _LABELS),
            ),
        ),
        call,
    ),
    Family(
        "smooth_labels",
        ("smooth_labels",),
        "Label smoothing",
        (
            Variant(
                "to all classes",
                "C. Szegedy et al., Rethinking the Inception Architecture for Computer "
                "Vision (2016), section 7; PyTorch, Keras, Optax",
                "https://arxiv.org/abs/1512.00567",
                _uniform,
                "a share is spread over all classes, the right one too",
            ),
            Variant(
                "to the other classes",
                "MindSpore of 2020",
                "https://github.com/mindspore-ai/mindspore/issues/73",
                _to_others,
                "a share is spread over the wrong classes",
            ),
            Variant(
                "toward 1/2",
                "keras.losses.BinaryCrossentropy",
                "https://www.tensorflow.org/versions/r2.5/api_docs/python/tf/keras/"
                "losses/binary_crossentropy",
                _to_half,
                "every entry is moved toward 1/2, as befits labels of their own",
            ),
            Variant(
                "one-sided",
                "T. Salimans et al., Improved Techniques for Training GANs (2016), "
                "section 3.4",
                "https://arxiv.org/abs/1606.03498",
                _one_sided,
                "only ones are smaller; zeros stay",
            ),
        ),
        (
            Probe("three", "(0, 1, 0) and (1, 0, 0), 0.3 of it", (_LABELS, 0.3)),
            Probe("five", "the unit vectors of 5, 0.1 of it", (np.eye(5), 0.1)),
        ),
        call,
    ),
)
