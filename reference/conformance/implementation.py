"""The implementation under test: what it offers, and a guarded way to call it."""

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import numpy as np
import pytest

import reference
from reference.conformance.guard import Call, Guard, HungError
from reference.conformance.samples import sample
from reference.conformance.values import arrays, init_of

__all__ = ["ADAPTERS", "Implementation", "TargetError", "import_target", "load"]

# Libraries that do not use the contract's names; each has a module in adapters/.
ADAPTERS = ("jax", "keras", "mygrad", "optax", "scipy", "sklearn", "torch")

DTYPES = ("float64", "float32", "float16")


class TargetError(Exception):
    """The target cannot be loaded, or there is nothing in it to check."""


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


def load(target: str, *, name: str = "", guard: Guard | None = None) -> Implementation:
    """Load what ``target`` names.

    Parameters
    ----------
    target : str
        An adapter (``torch``), a module (``package.module``), a file (``file.py``),
        or one function of these (``file.py:function``).
    name : str
        The contract's name for that one function, if it has another.
    guard : Guard, optional
        Who makes the calls.

    Raises
    ------
    TargetError
        It cannot be imported, or offers nothing of the contract.
    """
    place, function = split(target)
    if name and not function:
        msg = f"--as {name} needs one function: {target}:FUNCTION"
        raise TargetError(msg)
    module, source = import_target(place)
    if function:
        functions = _one_function(module, place, function, name)
        renamed = {name: function} if name else {}
    else:
        found = {n: getattr(module, n, None) for n in reference.__all__}
        functions = {n: f for n, f in found.items() if callable(f)}
        renamed = {}
    if not functions:
        _nothing_offered(module, place)
    guard = guard or Guard()
    if place in ADAPTERS:
        guard.patience = getattr(module, "PATIENCE", 1.0)
    return Implementation(
        target, functions, source=source, renamed=renamed, guard=guard
    )


def split(target: str) -> tuple[str, str]:
    """Split ``place:function``; the drive of a Windows path is no function."""
    place, colon, function = target.rpartition(":")
    if colon and place and function.isidentifier():
        return place, function
    return target, ""


def is_file(place: str) -> bool:
    """Say whether a target names a file rather than a module."""
    return place.endswith(".py") or "/" in place or "\\" in place


def _one_function(
    module: ModuleType, place: str, function: str, name: str
) -> dict[str, Callable[..., Any]]:
    found = getattr(module, function, None)
    if not callable(found):
        msg = f"{place} has no function {function}{_hint(function, dir(module))}"
        raise TargetError(msg)
    name = name or function
    if name not in reference.__all__:
        hint = _hint(name, reference.__all__)
        msg = f"the contract has no {name}{hint}; say --as NAME which one it is"
        raise TargetError(msg)
    return {name: found}


def _nothing_offered(module: ModuleType, place: str) -> NoReturn:
    own = [name for name in dir(module) if not name.startswith("_")]
    pairs = [(n, get_close_matches(n, reference.__all__, n=1)) for n in own]
    close = [f"{n} (is it {match[0]}?)" for n, match in pairs if match]
    hint = f"; it has {', '.join(close)}: check one with --as" if close else ""
    msg = f"{place} offers no function of the contract{hint}"
    raise TargetError(msg)


def _hint(name: str, known: Any) -> str:
    close = get_close_matches(name, known, n=1)
    return f", did you mean {close[0]}?" if close else ""


def import_target(place: str) -> tuple[ModuleType, str]:
    """Return the module a target names, and what to import to get it again."""
    if is_file(place) and not Path(place).is_file():
        msg = f"there is no file {place}"
        raise TargetError(msg)
    try:
        if is_file(place):
            return _import_file(Path(place))
        if place in ADAPTERS:
            source = f"reference.conformance.adapters.{place}"
        else:
            source = place
        return importlib.import_module(source), source
    except SyntaxError as error:
        name = Path(error.filename or place).name
        msg = f"{place} cannot be loaded: {name}, line {error.lineno}: {error.msg}"
        raise TargetError(msg) from error
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if place not in ADAPTERS and f"{place}.".startswith(f"{missing}."):
            msg = f"no module named {place}{_hint(place, (*ADAPTERS, 'reference'))}"
            raise TargetError(msg) from error
        msg = f"{place} cannot be loaded: it needs {missing}, which is not installed"
        remedy = f": pip install 'lemmata[{place}]'" if place in ADAPTERS else ""
        raise TargetError(msg + remedy) from error
    except BaseException as error:  # whatever a module does when imported
        if isinstance(error, KeyboardInterrupt):
            raise
        text = _first_line(error) or "no reason given"
        msg = f"{place} cannot be loaded: it raises {type(error).__name__}: {text}"
        raise TargetError(msg) from None


def _first_line(error: BaseException) -> str:
    """Return what an exception says, up to the end of its first line."""
    try:
        return next(iter(str(error).splitlines()), "").strip()
    except BaseException:  # the target may have written its text, too
        return ""


def _import_file(path: Path) -> tuple[ModuleType, str]:
    # Its own neighbors may be imported, but shadow nothing that is installed.
    sys.path.append(str(path.resolve().parent))
    name = path.stem if path.stem not in sys.modules else f"target_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        msg = "it is not a Python file"
        raise ImportError(msg)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module, path.stem


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
