"""SciPy under the contract's names."""

from typing import Any

import numpy as np
import scipy
from scipy import linalg, special
from scipy.spatial import distance

__all__ = [
    "cosine_distance",
    "log_sigmoid",
    "log_softmax",
    "logit",
    "logsumexp",
    "sigmoid",
    "softmax",
    "spectral_norm",
]

__version__ = scipy.__version__


def sigmoid(x: Any, /) -> Any:
    """``scipy.special.expit``."""
    return special.expit(x)


def log_sigmoid(x: Any, /) -> Any:
    """``scipy.special.log_expit``."""
    return special.log_expit(x)


def logit(p: Any, /) -> Any:
    """``scipy.special.logit``."""
    return special.logit(p)


def logsumexp(x: Any, /, *, axis: int = -1) -> Any:
    """``scipy.special.logsumexp``, whose own default is the sum over all axes."""
    return special.logsumexp(x, axis=axis)


def softmax(x: Any, /, *, axis: int = -1) -> Any:
    """``scipy.special.softmax``, whose own default is all axes."""
    return special.softmax(x, axis=axis)


def log_softmax(x: Any, /, *, axis: int = -1) -> Any:
    """``scipy.special.log_softmax``, whose own default is all axes."""
    return special.log_softmax(x, axis=axis)


def spectral_norm(matrix: Any, /) -> Any:
    """``scipy.linalg.norm`` with ``ord=2``."""
    return linalg.norm(matrix, ord=2)


def cosine_distance(a: Any, b: Any, /) -> Any:
    """``scipy.spatial.distance.cosine``, pair by pair: it takes two vectors."""
    return np.vectorize(distance.cosine, signature="(k),(k)->()")(a, b)
