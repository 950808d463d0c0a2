"""Initial weights: whose variance, which fan, and what shape of distribution."""

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants._draws import SEED, allowance, levels, shares

__all__ = ["FAMILIES", "FANS", "gaussian"]

Array = NDArray[Any]

# Far enough apart that no two of the variances below are alike.
FANS = (384, 3072)

_NORMAL = NormalDist()
_CUT = _NORMAL.cdf(-2.0)
# The standard deviation of a normal number that is drawn again beyond 2.
_SHRUNK = math.sqrt(1 - 4 * _NORMAL.pdf(2.0) / (1 - 2 * _CUT))


def gaussian(level: float) -> float:
    """Return a quantile of the standard normal distribution."""
    return _NORMAL.inv_cdf(level)


def _uncorrected(level: float) -> float:
    return _NORMAL.inv_cdf(_CUT + level * (1 - 2 * _CUT))


def _truncated(level: float) -> float:
    return _uncorrected(level) / _SHRUNK


def _uniform(level: float) -> float:
    return math.sqrt(3) * (2 * level - 1)


_GLOROT = "http://proceedings.mlr.press/v9/glorot10a.html"
_HE = "https://arxiv.org/abs/1502.01852"
_LECUN = "http://yann.lecun.com/exdb/publis/pdf/lecun-98b.pdf"
_SCALING = (
    "https://docs.jax.dev/en/latest/_autosummary/jax.nn.initializers."
    "variance_scaling.html"
)

# name, its variance, who, where
_SCALES: tuple[tuple[str, Callable[[int, int], float], str, str, str], ...] = (
    (
        "Xavier",
        lambda fan_in, fan_out: 2 / (fan_in + fan_out),
        "2 / (fan_in + fan_out)",
        "X. Glorot and Y. Bengio, Understanding the Difficulty of Training Deep "
        "Feedforward Neural Networks (2010)",
        _GLOROT,
    ),
    (
        "He",
        lambda fan_in, _: 2 / fan_in,
        "2 / fan_in",
        "K. He et al., Delving Deep into Rectifiers (2015)",
        _HE,
    ),
    (
        "He by fan-out,",
        lambda _, fan_out: 2 / fan_out,
        "2 / fan_out",
        "K. He et al., Delving Deep into Rectifiers (2015), for the backward pass; "
        "mode='fan_out', or a matrix laid out the other way",
        _HE,
    ),
    (
        "LeCun",
        lambda fan_in, _: 1 / fan_in,
        "1 / fan_in",
        "Y. LeCun, L. Bottou, G. B. Orr and K.-R. Müller, Efficient BackProp (1998)",
        _LECUN,
    ),
)
_SHAPES: tuple[tuple[str, Callable[[float], float], str, str], ...] = (
    ("normal", gaussian, "normal", ""),
    ("uniform", _uniform, "uniform", ""),
    (
        "truncated normal",
        _truncated,
        "normal, drawn again beyond two standard deviations, and made wider so that "
        "the variance is what it should be",
        "; as in JAX and Keras",
    ),
    (
        "narrower truncated normal",
        _uncorrected,
        "normal, drawn again beyond two standard deviations, which takes a quarter of "
        "the variance away",
        "; as jax.nn.initializers.truncated_normal does",
    ),
)


def _law(
    variance: Callable[[int, int], float], shape: Callable[[float], float]
) -> Callable[..., Array]:
    def weights(fan_in: int, fan_out: int, /, **_: Any) -> Array:
        row = np.array([shape(level) for level in levels(fan_out)])
        scale = math.sqrt(variance(fan_in, fan_out))
        return np.broadcast_to(scale * row, (fan_in, fan_out))

    return weights


def _variants(first: str) -> tuple[Variant, ...]:
    """Return all variants, with one of them in front."""
    made = [
        Variant(
            f"{name} {shape}",
            who + whose,
            _SCALING if whose else where,
            _law(variance, quantile),
            f"variance {formula}; {how}",
        )
        for name, variance, formula, who, where in _SCALES
        for shape, quantile, how, whose in _SHAPES
    ]
    made.append(
        Variant(
            "uniform within 1 / √fan_in",
            "torch.nn.Linear: kaiming_uniform_ with a = √5",
            "https://github.com/pytorch/pytorch/issues/57109",
            _law(lambda fan_in, _: 1 / (3 * fan_in), _uniform),
            "uniform between -1 / √fan_in and that: a third of LeCun's variance",
        )
    )
    return tuple(sorted(made, key=lambda variant: variant.name != first))


# In units of 1 / √fan_in.
_POINTS = np.concatenate(
    [-np.geomspace(0.02, 6, 40)[::-1], [0.0], np.geomspace(0.02, 6, 40)]
)


def _play(function: Any, probe: Probe) -> Array:
    """Draw a matrix of weights, in either layout, and return shares below points."""
    fan_in, fan_out = probe.arguments
    drawn = function(fan_in, fan_out, rng=np.random.default_rng(probe.options["rng"]))
    weights = np.asarray(drawn)
    if weights.shape not in {(fan_in, fan_out), (fan_out, fan_in)}:
        msg = f"weights must have shape {(fan_in, fan_out)}, got {weights.shape}"
        raise ValueError(msg)
    # A variant repeats one row of quantiles.
    repeated = weights.strides[0] == 0
    return shares(weights[0] if repeated else weights, _POINTS / math.sqrt(fan_in))


def _family(name: str, title: str, first: str) -> Family:
    fan_in, fan_out = FANS
    sentence = f"shares of weights below points, fan_in {fan_in}, fan_out {fan_out}"
    return Family(
        name,
        (name,),
        title,
        _variants(first),
        (Probe("matrix", sentence, FANS, {"rng": SEED}),),
        _play,
        allowance(fan_in * fan_out, fewest=fan_out),
        fixed={"rng": (SEED,)},
    )


FAMILIES = (
    *(
        _family(name.lower().replace(" ", "_"), "Initial weights", name)
        for name in (
            "Xavier normal",
            "Xavier uniform",
            "He normal",
            "He uniform",
            "LeCun normal",
            "LeCun uniform",
        )
    ),
    _family("dense_weights", "Weights of a dense layer", "Xavier uniform"),
)
