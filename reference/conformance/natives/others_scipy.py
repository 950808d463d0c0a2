"""SciPy's functions, by their own defaults."""

from typing import Any

import numpy as np
from scipy import ndimage, special, stats
from scipy.spatial import distance

from reference.conformance.natives import Native

__all__ = ["NATIVES"]


def _mquantiles(x: Any, q: Any) -> Any:
    return np.asarray(stats.mstats.mquantiles(x, q))[0]


def _huber(predictions: Any, targets: Any, /, *, delta: float) -> Any:
    return np.mean(special.huber(delta, predictions - targets))


def _pseudo_huber(predictions: Any, targets: Any, /, *, delta: float) -> Any:
    return np.mean(special.pseudo_huber(delta, predictions - targets))


def _cosine(a: Any, b: Any) -> Any:
    return 1 - distance.cosine(a[0], b[0])


NATIVES = (
    Native("stats.tvar", "variance", stats.tvar),
    Native("ndimage.variance", "variance", ndimage.variance),
    Native("stats.tstd", "std", stats.tstd),
    Native("ndimage.median", "median", ndimage.median),
    Native("stats.quantile", "quantile", stats.quantile),
    Native("mstats.mquantiles", "quantile", _mquantiles),
    Native("special.softmax", "softmax", special.softmax),
    Native("special.huber", "huber_loss", _huber),
    Native("special.pseudo_huber", "huber_loss", _pseudo_huber),
    Native("distance.cosine", "cosine_similarity", _cosine),
)
