"""Optimizers of PyTorch as they are."""

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

from torch import optim

from reference.conformance.adapters.torch import STEPS
from reference.conformance.natives import Native
from reference.conformance.natives._optimizers import defaults, pair, taken

__all__ = ["NATIVES", "SPELLING", "adapted", "is_optimizer"]

SPELLING = {
    "learning_rate": "lr",
    "beta1": "betas",
    "beta2": "betas",
    "eps": "eps",
    "decay": "alpha",
    "momentum": "momentum",
    "weight_decay": "weight_decay",
}


def is_optimizer(thing: Any) -> bool:
    """Say whether something is a class of optimizers of this library."""
    return inspect.isclass(thing) and issubclass(thing, optim.Optimizer)


def adapted(kind: Callable[..., Any]) -> Any:
    """Return the pair of functions of such a class."""

    def make(**settings: Any) -> Any:
        return partial(kind, **settings)

    # It has no state before its first step.
    return pair(STEPS.stepped, make, taken(kind, SPELLING), lambda _: {})


def _native(name: str, family: str, kind: Any, **settings: Any) -> Native:
    fixed = partial(kind, **settings)
    return Native(name, family, adapted(fixed), defaults(fixed, SPELLING))


def _damped(params: Any, lr: float = 1e-3, momentum: float = 0.0) -> Any:
    """Set the dampening to the momentum, as a running mean has it."""
    return optim.SGD(params, lr=lr, momentum=momentum, dampening=momentum)


NATIVES = (
    _native("Adam", "adam", optim.Adam),
    _native("Adam(amsgrad=True)", "adam", optim.Adam, amsgrad=True),
    _native("NAdam", "adam", optim.NAdam),
    _native("Adamax", "adam", optim.Adamax),
    _native("AdamW", "adamw", optim.AdamW),
    _native("Adam(weight_decay)", "adamw", optim.Adam),
    _native("RMSprop", "rmsprop", optim.RMSprop),
    _native("RMSprop(centered=True)", "rmsprop", optim.RMSprop, centered=True),
    _native("RMSprop(momentum=0.9)", "rmsprop", optim.RMSprop, momentum=0.9),
    _native("Adagrad", "adagrad", optim.Adagrad),
    _native("SGD(momentum)", "momentum", optim.SGD),
    _native("SGD(dampening=momentum)", "momentum", _damped),
    _native("SGD(nesterov=True)", "nesterov", optim.SGD, nesterov=True),
)
