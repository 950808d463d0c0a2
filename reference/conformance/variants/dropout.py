"""Dropout: whose probability p is, and when what is kept is scaled."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants._calls import call
from reference.conformance.variants._draws import SEED, allowance, levels, shares
from reference.conformance.variants.initialization import gaussian

__all__ = ["FAMILIES"]

Array = NDArray[Any]

_SRIVASTAVA = "https://jmlr.org/papers/v15/srivastava14a.html"
_HINTON = "https://arxiv.org/abs/1207.0580"

_COUNT = 2**18
_DRAWN = 2**12


def _bernoulli(
    kept: Callable[[float], float], scale: Callable[[float], float]
) -> Callable[..., Array]:
    def dropout(x: Array, /, *, p: float, **_: Any) -> Array:
        return np.where(levels(len(x)) < kept(p), x * scale(p), 0.0)

    return dropout


def _gaussian(x: Array, /, *, p: float, **_: Any) -> Array:
    few = np.array([gaussian(level) for level in levels(_DRAWN)])
    return x * np.resize(1 + np.sqrt(p / (1 - p)) * few, x.shape)


def _untouched(x: Array, /, **_: Any) -> Array:
    return x.copy()


# Around each factor that a variant multiplies by when p is 0.2.
_FACTORS = np.outer([0.2, 0.8, 1.0, 1.25, 5.0], [0.999, 1.001]).ravel()
_POINTS = np.sort(np.append(_FACTORS, [-0.5, -1e-3, 1e-3, 0.5, 1.5, 2.0]))


def _play(function: Any, probe: Probe) -> Array:
    """Drop out of a vector of ones, and return the shares below some points."""
    rng = np.random.default_rng(probe.options["rng"])
    dropped = function(*probe.arguments, **{**probe.options, "rng": rng})
    if np.shape(dropped) != (_COUNT,):
        msg = f"the shape must stay {(_COUNT,)}, got {np.shape(dropped)}"
        raise ValueError(msg)
    return shares(dropped, _POINTS)


FAMILIES = (
    Family(
        "dropout",
        ("dropout",),
        "Dropout",
        (
            Variant(
                "p drops, the kept are scaled",
                "inverted dropout: torch.nn.functional.dropout, keras.layers.Dropout",
                "https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html",
                _bernoulli(lambda p: 1 - p, lambda p: 1 / (1 - p)),
                "dropped with probability p, else multiplied by 1 / (1 - p)",
            ),
            Variant(
                "p keeps, the kept are scaled",
                "tf.nn.dropout of TensorFlow 1, whose second argument is keep_prob",
                "https://github.com/tensorflow/tensorflow/pull/24526",
                _bernoulli(lambda p: p, lambda p: 1 / p),
                "kept with probability p and multiplied by 1 / p",
            ),
            Variant(
                "p drops, not scaled",
                "G. E. Hinton et al., Improving Neural Networks by Preventing "
                "Co-Adaptation of Feature Detectors (2012)",
                _HINTON,
                _bernoulli(lambda p: 1 - p, lambda _: 1.0),
                "dropped with probability p; weights are scaled when it is over",
            ),
            Variant(
                "p keeps, not scaled",
                "N. Srivastava et al., Dropout (2014), section 4",
                _SRIVASTAVA,
                _bernoulli(lambda p: p, lambda _: 1.0),
                "kept with probability p; weights are scaled when it is over",
            ),
            Variant(
                "Gaussian",
                "N. Srivastava et al., Dropout (2014), section 10; "
                "keras.layers.GaussianDropout",
                _SRIVASTAVA,
                _gaussian,
                "multiplied by a normal number of mean 1 and variance p / (1 - p)",
            ),
        ),
        (
            Probe(
                "ones",
                f"shares of results below points, of {_COUNT} ones, p 0.2",
                (np.ones(_COUNT),),
                {"p": 0.2, "rng": SEED},
            ),
        ),
        _play,
        allowance(_COUNT, fewest=_DRAWN),
        fixed={"rng": (SEED,)},
    ),
    Family(
        "dropout_at_test",
        ("dropout_at_test",),
        "Dropout after training",
        (
            Variant(
                "left as it is",
                "inverted dropout: PyTorch and Keras",
                "https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html",
                _untouched,
                "what was kept has been scaled before",
            ),
            Variant(
                "times 1 - p",
                "G. E. Hinton et al., Improving Neural Networks by Preventing "
                "Co-Adaptation of Feature Detectors (2012)",
                _HINTON,
                lambda x, /, *, p: x * (1 - p),
                "scaled by the probability of being kept, where p drops",
            ),
            Variant(
                "times p",
                "N. Srivastava et al., Dropout (2014), section 4",
                _SRIVASTAVA,
                lambda x, /, *, p: x * p,
                "scaled by the probability of being kept, where p keeps",
            ),
        ),
        (
            Probe("few", "1, -2, 4, p 0.2", (np.array([1.0, -2, 4]),), {"p": 0.2}),
            Probe("half", "3, 5, p 0.75", (np.array([3.0, 5]),), {"p": 0.75}),
        ),
        call,
    ),
)
