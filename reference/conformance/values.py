"""What functions take and return: arrays, numbers, tuples of these, and states."""

import copy
import inspect
import types
from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from functools import cache
from typing import Any, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

import reference

__all__ = [
    "State",
    "UnusableError",
    "arrays",
    "detached",
    "held",
    "init_of",
    "overlap",
    "usable",
]


class UnusableError(AssertionError):
    """What a function returned is not made of numbers."""


# A state is written as the calls that made it, up to so many.
_SHOWN = 4


class State:
    """The state of an optimizer: passed back as it came, and never looked into.

    Parameters
    ----------
    content : object
        What the target returned.
    call : object
        The call that returned it: ``str`` writes it, and ``arguments`` holds the
        state before.
    """

    def __init__(self, content: Any, call: Any) -> None:
        self.content = content
        self._call = call
        before = [a.age for a in call.arguments if isinstance(a, State)]
        self.age: int = 1 + max(before, default=-1)

    def __repr__(self) -> str:
        if self.age >= _SHOWN:
            return f"<state after {self.age} steps>"
        return f"{self._call}[1]" if self.age else str(self._call)


@cache
def init_of(name: str) -> str:
    """Return the function that makes the state of an optimizer's step, if it is one."""
    function = getattr(reference, name, None)
    takes = function is not None and "state" in inspect.signature(function).parameters
    return f"{name.removesuffix('_step')}_init" if takes else ""


@cache
def _makes_state(name: str) -> bool:
    return bool(init_of(f"{name.removesuffix('_init')}_step")) and not init_of(name)


def usable(name: str, result: Any, call: Any) -> Any:
    """Return what a function of the contract returned in a form NumPy can use.

    A state stays what it is; ``call`` is how it came about. Anything else is turned
    into arrays and numbers, or refused if ``numpy.asarray`` would refuse it.
    """
    if _makes_state(name):
        return State(result, call)
    if not init_of(name):
        return _numbers(name, _formed(_returned(name), result))
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        msg = f"{name} returns no pair of parameters and state, but {result!r:.60}"
        raise UnusableError(msg)
    return _numbers(name, result[0]), State(result[1], call)


@cache
def _returned(name: str) -> Any:
    """Return what the contract says that a function returns."""
    function = getattr(reference, name, None)
    return get_type_hints(function)["return"] if function else None


def _formed(kind: Any, result: Any) -> Any:
    """Give parts the names they have in the contract, by name or else by position.

    A plain tuple, a list or an object with these attributes does as well as ours.
    """
    if get_origin(kind) is tuple and isinstance(result, list):
        return tuple(result)
    fields = getattr(kind, "_fields", ())
    if fields and all(hasattr(result, field) for field in fields):
        parts = [getattr(result, field) for field in fields]
    elif isinstance(result, (tuple, list)) and len(result) == len(fields) > 0:
        parts = list(result)
    else:
        return result
    kinds = get_type_hints(kind)
    named = zip(fields, parts, strict=True)
    return kind(*[_formed(kinds[field], part) for field, part in named])


def _numbers(name: str, result: Any) -> Any:
    if isinstance(result, (int, float, complex, str, np.generic)):
        return result
    if isinstance(result, tuple):
        parts = [_numbers(name, part) for part in result]
        return type(result)(*parts) if hasattr(result, "_fields") else tuple(parts)
    if result is None or isinstance(result, (types.GeneratorType, map, filter, zip)):
        what = "None" if result is None else f"a {type(result).__name__}"
        msg = f"{name} returns {what}"
        raise UnusableError(msg)
    try:
        array = np.asarray(result)
    except Exception as error:
        msg = (
            f"{name} returns a {type(result).__name__} that numpy.asarray refuses: "
            f"{error}"
        )
        raise UnusableError(msg) from error
    if array.dtype.kind not in "fiubcU":
        msg = f"{name} returns a {type(result).__name__} of dtype {array.dtype}"
        raise UnusableError(msg)
    return array


def arrays(value: Any) -> Iterator[NDArray[Any]]:
    """Yield the arrays in a value, however they are nested; scalars count as arrays."""
    if isinstance(value, (np.ndarray, np.generic)):
        yield np.asarray(value)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from arrays(item)


def held(value: Any) -> Iterator[NDArray[Any]]:
    """Yield the arrays in a value and in the states in it, as far as they show."""
    if isinstance(value, State):
        yield from held(value.content)
    elif isinstance(value, dict):
        yield from held(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from held(item)
    elif isinstance(value, types.SimpleNamespace) or is_dataclass(value):
        yield from held(getattr(value, "__dict__", {}))
    else:
        yield from arrays(value)


def detached(value: Any) -> Any:
    """Return a copy that shares no memory with anything."""
    if isinstance(value, State):
        own = copy.copy(value)
        own.content = copy.deepcopy(value.content)
        return own
    if isinstance(value, tuple):
        parts = [detached(part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value.copy() if isinstance(value, np.ndarray) else value


def overlap(some: Iterable[NDArray[Any]], others: list[NDArray[Any]]) -> bool:
    """Say whether one of some arrays shares memory with one of others."""
    return any(
        bool(np.may_share_memory(a, b)) and bool(np.shares_memory(a, b))
        for a in some
        for b in others
    )
