"""The implementation under test: what it offers, and a guarded way to call it."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import reference
from reference.conformance.calls import Call, HungError
from reference.conformance.guard import Guard
from reference.conformance.samples import sample
from reference.conformance.values import arrays, init_of

__all__ = ["Implementation"]

DTYPES = ("float64", "float32", "float16")


class Implementation:
    """Functions under test, looked up by the contract's names.

    A law that asks for a function, an option or a dtype that the target does not
    offer is skipped.

    Parameters
    ----------
    target : str
        How the caller named it.
    functions : dict
        The functions it offers, by the contract's names.
    source : str
        The ``import`` statement's module, for code that reproduces a failure.
    renamed : dict
        Names under which the target itself knows functions, where they differ.
    guard : Guard, optional
        Who makes the calls.
    """

    def __init__(
        self,
        target: str,
        functions: dict[str, Callable[..., Any]],
        *,
        source: str,
        renamed: dict[str, str] | None = None,
        guard: Guard | None = None,
    ) -> None:
        self.target = target
        self.source = source
        self.renamed = renamed or {}
        self.guard = guard or Guard()
        self.needs: frozenset[str] = frozenset()
        self._functions = functions
        self._offers: dict[tuple[str, str], bool] = {}

    @property
    def names(self) -> list[str]:
        """The functions of the contract that the target offers."""
        return sorted(self._functions)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in reference.__all__:
            msg = f"the contract has no {name}"
            raise AttributeError(msg)
        if name not in self._functions:
            pytest.skip(f"{self.target} offers no {name}")

        def guarded(*arguments: Any, **options: Any) -> Any:
            self._ask_only_what_is_offered(name)
            function = self._functions[name]
            options = self._known_options(name, options)
            return self.guard.call(function, Call(name, arguments, options))

        guarded.__name__ = name
        return guarded

    def offers(self, name: str, capability: str) -> bool:
        """Say whether a function has a capability: a dtype it keeps, or an option.

        Capabilities are ``"float64"``, ``"float32"``, ``"float16"``, ``"axis"``,
        ``"reduction"`` and ``"option:<name>"``.
        """
        key = (name, capability)
        if key not in self._offers:
            if capability in DTYPES:
                self._offers[key] = self._keeps(name, capability)
            else:
                option = capability.removeprefix("option:")
                self._offers[key] = _accepts(self._functions[name], option)
        return self._offers[key]

    def capabilities(self, name: str) -> list[str]:
        """Return the capabilities of one function that the contract speaks of."""
        options = [option for option in _defaults(name) if self.offers(name, option)]
        return [dtype for dtype in DTYPES if self.offers(name, dtype)] + options

    def _ask_only_what_is_offered(self, name: str) -> None:
        for need in sorted(self.needs):
            option = need.removeprefix("option:")
            relevant = need in DTYPES or option in _parameters(getattr(reference, name))
            if relevant and not self.offers(name, need):
                pytest.skip(f"{self.target} offers no {need} for {name}")

    def _known_options(self, name: str, options: dict[str, Any]) -> dict[str, Any]:
        """Leave out options the target lacks, if they ask for the default anyway."""
        defaults, known = _defaults(name), {}
        for option, value in options.items():
            if self.offers(name, option):
                known[option] = value
            elif option not in defaults or not _same(value, defaults[option]):
                pytest.skip(f"{self.target} offers no {option} for {name}")
        return known

    def _keeps(self, name: str, dtype: str) -> bool:
        """Say whether a result has the dtype of its arguments."""
        arguments, options = sample(name, np.dtype(dtype))
        noted = len(self.guard.conduct), len(self.guard.calls)
        known = {k: v for k, v in options.items() if self.offers(name, k)}
        try:
            if init := init_of(name):  # a state of its own, made for these parameters
                state = self.guard.call(
                    self._functions[init], Call(init, arguments[:1], {})
                )
                arguments = (*arguments[:2], state)
            function = self._functions[name]
            result = self.guard.call(function, Call(name, arguments, known))
        except (Exception, HungError):
            # Whatever it raises, it offers no such thing; the laws say what it offers.
            return False
        finally:
            del self.guard.conduct[noted[0] :], self.guard.calls[noted[1] :]
        dtypes = {array.dtype for array in arrays(result)}
        return dtypes <= {np.dtype(dtype), np.dtype(np.bool_)}


def _parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # built in: it keeps its signature to itself
        return {}


def _accepts(function: Callable[..., Any], option: str) -> bool:
    parameters = _parameters(function)
    if not parameters or any(
        p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values()
    ):
        return True
    positional = inspect.Parameter.POSITIONAL_ONLY
    return option in parameters and parameters[option].kind is not positional


def _defaults(name: str) -> dict[str, Any]:
    """Return the options of the contract's function that have a default."""
    parameters = _parameters(getattr(reference, name))
    empty = inspect.Parameter.empty
    return {n: p.default for n, p in parameters.items() if p.default is not empty}


def _same(value: Any, default: Any) -> bool:
    return bool(type(value) is type(default) and value == default) or (
        isinstance(value, (int, float))
        and isinstance(default, (int, float))
        and value == default
    )
