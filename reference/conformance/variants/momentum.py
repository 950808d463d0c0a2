"""What is meant by momentum, and by Nesterov's: what the velocity holds.

Most of these agree as long as the learning rate stays the same. The probes change it.
"""

from typing import Any

import numpy as np

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants.optimizers import Array, path, plain

__all__ = ["FAMILIES"]


def _of_gradients(*, ahead: bool) -> object:
    def update(
        x: Array, g: Array, _: int, v: Array, *, learning_rate: float, momentum: float
    ) -> Any:
        v = momentum * v + g
        return x - learning_rate * (g + momentum * v if ahead else v), (v,)

    return plain(update, 0.0)


def _of_steps(*, ahead: bool) -> object:
    def update(
        x: Array, g: Array, _: int, v: Array, *, learning_rate: float, momentum: float
    ) -> Any:
        v = momentum * v - learning_rate * g
        return x + (momentum * v - learning_rate * g if ahead else v), (v,)

    return plain(update, 0.0)


def _mean(*, ahead: bool, corrected: bool = False, from_first: bool = False) -> object:
    def update(
        x: Array, g: Array, t: int, v: Array, *, learning_rate: float, momentum: float
    ) -> Any:
        v = g if from_first and t == 1 else momentum * v + (1 - momentum) * g
        hat = v / (1 - momentum**t) if corrected else v
        move = (1 - momentum) * g + momentum * hat if ahead else hat
        return x - learning_rate * move, (v,)

    return plain(update, 0.0)


def _mean_of_steps(
    x: Array, g: Array, _: int, v: Array, *, learning_rate: float, momentum: float
) -> Any:
    v = momentum * v - (1 - momentum) * learning_rate * g
    return x + v, (v,)


def _sequence(
    x: Array,
    g: Array,
    t: int,
    before: Array,
    *,
    learning_rate: float,
    momentum: float,  # noqa: ARG001 -- it makes its own
) -> Any:
    after = x - learning_rate * g
    before = x if t == 1 else before
    return after + (t - 1) / (t + 2) * (after - before), (after,)


def _late(
    x: Array, g: Array, _: int, v: Array, *, learning_rate: float, momentum: float
) -> Any:
    """Move by the velocity before this gradient."""
    return x - learning_rate * v, (momentum * v + g,)


def _none(
    x: Array,
    g: Array,
    _: int,
    *,
    learning_rate: float,
    momentum: float,  # noqa: ARG001 -- that is the point
) -> Any:
    return x - learning_rate * g, ()


SGD = "https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html"
KERAS = "https://keras.io/api/optimizers/sgd/"

HEAVY = (
    Variant(
        "a velocity of gradients",
        "PyTorch, Optax",
        SGD,
        _of_gradients(ahead=False),
        "v = mu v + g, x = x - lr v: a new learning rate scales the whole velocity",
    ),
    Variant(
        "a velocity of steps",
        "Polyak 1964; Sutskever et al. 2013, classical momentum; Keras",
        "https://proceedings.mlr.press/v28/sutskever13.html",
        _of_steps(ahead=False),
        "v = mu v - lr g, x = x + v: each gradient keeps the learning rate of its time",
    ),
)

AHEAD = (
    Variant(
        "Nesterov, a velocity of gradients",
        "PyTorch and Optax with nesterov=True",
        SGD,
        _of_gradients(ahead=True),
        "v = mu v + g, x = x - lr (g + mu v)",
    ),
    Variant(
        "Nesterov, a velocity of steps",
        "Bengio et al. 2013, section 3.5; Keras with nesterov=True",
        "https://arxiv.org/abs/1212.0901",
        _of_steps(ahead=True),
        "v = mu v - lr g, x = x + mu v - lr g: Sutskever's, told at the point ahead",
    ),
)

OTHERS = (
    Variant(
        "a mean of gradients",
        "Muon with nesterov=False, before it is orthogonalized",
        "https://docs.pytorch.org/docs/stable/generated/torch.optim.Muon.html",
        _mean(ahead=False),
        "v = mu v + (1 - mu) g, x = x - lr v",
    ),
    Variant(
        "a corrected mean of gradients",
        "Adam's mean by itself: Kingma & Ba 2015",
        "https://arxiv.org/abs/1412.6980",
        _mean(ahead=False, corrected=True),
        "the mean is divided by 1 - mu^t",
    ),
    Variant(
        "a mean of gradients from the first one on",
        "PyTorch with dampening equal to momentum",
        SGD,
        _mean(ahead=False, from_first=True),
        "the velocity starts at the first gradient, undamped",
    ),
    Variant(
        "a mean of steps",
        "no paper; a velocity of steps, damped",
        SGD,
        plain(_mean_of_steps, 0.0),
        "v = mu v - (1 - mu) lr g, x = x + v",
    ),
    Variant(
        "Nesterov, a mean of gradients",
        "Muon, before it is orthogonalized",
        "https://docs.pytorch.org/docs/stable/generated/torch.optim.Muon.html",
        _mean(ahead=True),
        "v = mu v + (1 - mu) g, x = x - lr ((1 - mu) g + mu v)",
    ),
    Variant(
        "Nesterov's sequence",
        "Nesterov 1983, in the form of Su, Boyd & Candès 2016",
        "https://arxiv.org/abs/1503.01243",
        plain(_sequence, 0.0),
        "the momentum grows with the steps; the option does nothing",
    ),
    Variant(
        "the velocity before this gradient",
        "no paper; the two lines in the other order",
        SGD,
        plain(_late, 0.0),
        "x = x - lr v, then v = mu v + g",
    ),
    Variant(
        "no momentum",
        "gradient descent",
        SGD,
        plain(_none),
        "x = x - lr g; the option does nothing",
    ),
)

PROBES = (
    Probe(
        "a learning rate that falls",
        "params 0, gradients 1, 1, -2, 0.5, learning_rate 1, 0.5, 0.5, 0.125, "
        "momentum 0.9",
        (np.zeros(1), np.array([[1.0], [1.0], [-2.0], [0.5]])),
        {"learning_rate": np.array([1.0, 0.5, 0.5, 0.125]), "momentum": 0.9},
        steps=True,
    ),
    Probe(
        "half the momentum",
        "params 1 and -1, gradients 1 and 2, -1 and 0.5, 2 and 0, momentum 0.5",
        (np.array([1.0, -1.0]), np.array([[1.0, 2.0], [-1.0, 0.5], [2.0, 0.0]])),
        {"learning_rate": 0.25, "momentum": 0.5},
        steps=True,
    ),
)

FIXED = {"learning_rate": (0.01, 0.1, 0.001), "momentum": (0.9, 0.95, 0.5)}

FAMILIES = (
    Family(
        "momentum",
        ("momentum_init", "momentum_step"),
        "Momentum",
        (*HEAVY, *AHEAD, *OTHERS),
        PROBES,
        path,
        fixed=FIXED,
    ),
    Family(
        "nesterov",
        ("nesterov_init", "nesterov_step"),
        "Nesterov's momentum",
        (*AHEAD, *HEAVY, *OTHERS),
        PROBES,
        path,
        fixed=FIXED,
    ),
)
