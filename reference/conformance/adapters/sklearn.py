"""Scikit-learn under the contract's names."""

from typing import Any

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.metrics import pairwise
from sklearn.utils import extmath

__all__ = [
    "cosine_distance",
    "mse_loss",
    "softmax",
    "sparse_categorical_cross_entropy",
]

__version__ = sklearn.__version__


def softmax(x: Any, /) -> Any:
    """``sklearn.utils.extmath.softmax``: it takes rows, and no axis."""
    rows = np.reshape(x, (-1, np.shape(x)[-1]))
    return extmath.softmax(rows).reshape(np.shape(x))


def mse_loss(predictions: Any, targets: Any, /) -> Any:
    """``sklearn.metrics.mean_squared_error``: the mean alone."""
    return np.asarray(metrics.mean_squared_error(targets, predictions))


def sparse_categorical_cross_entropy(probabilities: Any, labels: Any, /) -> Any:
    """``sklearn.metrics.log_loss``, told how many classes there are."""
    classes = np.arange(np.shape(probabilities)[-1])
    return np.asarray(metrics.log_loss(labels, probabilities, labels=classes))


def cosine_distance(a: Any, b: Any, /) -> Any:
    """``sklearn.metrics.pairwise.paired_cosine_distances``: it takes rows."""
    rows = [np.reshape(value, (-1, np.shape(value)[-1])) for value in (a, b)]
    return pairwise.paired_cosine_distances(*rows).reshape(np.shape(a)[:-1])
