"""Optimizers of libraries and of users as pairs of functions in the contract's terms.

A library's spelling says what it calls the contract's options. An option that is not
given stays at the library's own default.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["FAMILIES", "Step", "defaults", "family_of", "pair", "taken"]

# What an optimizer's name says about its family, the longest names first.
FAMILIES = {
    "adamw": "adamw",
    "adagrad": "adagrad",
    "nesterov": "nesterov",
    "rmsprop": "rmsprop",
    "adam": "adam",
    "amsgrad": "adam",
    "momentum": "momentum",
    "sgd": "momentum",
}

# Options of the contract that come in one argument.
BETAS = ("beta1", "beta2")


def family_of(name: str) -> str:
    """Return the family that a name speaks of, or nothing."""
    plain = name.lower().replace("_", "")
    return next((family for part, family in FAMILIES.items() if part in plain), "")


@dataclass(frozen=True)
class Step:
    """A step that says which options it takes, for all who ask for its signature.

    Attributes
    ----------
    stepped : callable
        ``stepped(rule, params, grad, state)``, as in the adapters.
    make : callable
        Takes the library's own settings and returns the library's rule.
    spelling : mapping
        The library's names of the contract's options that it takes.
    """

    stepped: Callable[..., Any]
    make: Callable[..., Any]
    spelling: Mapping[str, str]

    @property
    def __signature__(self) -> inspect.Signature:
        """The contract's: three arrays or states, and options by keyword."""
        taken = [
            inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY)
            for name in ("params", "grad", "state")
        ]
        options = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None)
            for name in self.spelling
        ]
        return inspect.Signature(taken + options)

    def __call__(self, params: Any, grad: Any, state: Any, /, **options: float) -> Any:
        """Take one step with a rule that has these options."""
        settings: dict[str, Any] = {
            self.spelling[name]: value
            for name, value in options.items()
            if name not in BETAS or self.spelling[name] != "betas"
        }
        if self.spelling.get("beta1") == "betas" and set(BETAS) <= set(options):
            settings["betas"] = tuple(options[name] for name in BETAS)
        return self.stepped(self.make(**settings), params, grad, state)


def pair(
    stepped: Callable[..., Any],
    make: Callable[..., Any],
    spelling: Mapping[str, str],
    begun: Callable[[Any], Any] = lambda _: None,
) -> tuple[Callable[..., Any], Step]:
    """Return the pair of functions of a library's optimizer.

    Parameters
    ----------
    stepped : callable
        ``stepped(rule, params, grad, state)`` returns the parameters and the state.
    make : callable
        Takes the library's own settings by keyword and returns a rule.
    spelling : mapping
        What the library calls each option that it takes.
    begun : callable, optional
        ``begun(params)`` returns the state before the first step.
    """

    def init(params: Any, /) -> Any:
        return begun(params)

    return init, Step(stepped, make, spelling)


def taken(make: Callable[..., Any], spelling: Mapping[str, str]) -> dict[str, str]:
    """Return the part of a spelling that something takes."""
    known = inspect.signature(make).parameters
    return {name: own for name, own in spelling.items() if own in known}


def defaults(make: Callable[..., Any], spelling: Mapping[str, str]) -> dict[str, Any]:
    """Return a library's own defaults, by the contract's names."""
    known = inspect.signature(make).parameters
    found = {}
    for name, own in spelling.items():
        value = known[own].default if own in known else inspect.Parameter.empty
        if isinstance(value, tuple) and name in BETAS:
            value = value[BETAS.index(name)]
        if isinstance(value, (int, float)):
            found[name] = value
    return found
