"""Optimizers of Optax as they are."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import optax

from reference.conformance.adapters.optax import STEPS
from reference.conformance.natives import Native
from reference.conformance.natives._optimizers import defaults, pair, taken

__all__ = ["NATIVES", "SPELLING", "adapted", "is_optimizer"]

SPELLING = {
    "learning_rate": "learning_rate",
    "beta1": "b1",
    "beta2": "b2",
    "eps": "eps",
    "decay": "decay",
    "momentum": "momentum",
    "weight_decay": "weight_decay",
}


def is_optimizer(thing: Any) -> bool:
    """Say whether something makes optimizers of this library from a learning rate."""
    if not callable(thing):
        return False
    try:
        made = thing(learning_rate=1.0)
    except (TypeError, ValueError):  # it takes something else
        return False
    return isinstance(made, optax.GradientTransformation)


def _stepped(rule: Any, params: Any, grad: Any, state: Any) -> Any:
    """Begin at the first step: what the state looks like depends on the options."""
    before = STEPS.begun(rule, params) if state is None else state
    return STEPS.stepped(rule, params, grad, before)


def adapted(factory: Callable[..., Any], spelling: Mapping[str, str] = SPELLING) -> Any:
    """Return the pair of functions of such a factory."""
    return pair(_stepped, factory, taken(factory, spelling))


def _native(
    name: str,
    family: str,
    factory: Any,
    spelling: Mapping[str, str] = SPELLING,
    **settings: Any,
) -> Native:
    fixed = partial(factory, **settings)
    return Native(name, family, adapted(fixed, spelling), defaults(fixed, spelling))


INSIDE = {**SPELLING, "eps": "eps_root"}

NATIVES = (
    _native("adam", "adam", optax.adam),
    _native("adam(eps_root)", "adam", optax.adam, INSIDE, eps=0.0),
    _native("amsgrad", "adam", optax.amsgrad),
    _native("nadam", "adam", optax.nadam),
    _native("adamax", "adam", optax.adamax),
    _native("adamw", "adamw", optax.adamw),
    _native("adamw(eps_root)", "adamw", optax.adamw, INSIDE, eps=0.0),
    _native("rmsprop", "rmsprop", optax.rmsprop),
    _native("rmsprop(eps_in_sqrt=False)", "rmsprop", optax.rmsprop, eps_in_sqrt=False),
    _native("rmsprop(centered=True)", "rmsprop", optax.rmsprop, centered=True),
    _native("rmsprop(initial_scale=1)", "rmsprop", optax.rmsprop, initial_scale=1.0),
    _native(
        "rmsprop(bias_correction=True)", "rmsprop", optax.rmsprop, bias_correction=True
    ),
    _native("rmsprop(momentum=0.9)", "rmsprop", optax.rmsprop, momentum=0.9),
    _native("adagrad", "adagrad", optax.adagrad),
    _native("sgd(momentum)", "momentum", optax.sgd),
    _native("sgd(nesterov=True)", "nesterov", optax.sgd, nesterov=True),
)
