"""What functions take and return: arrays, numbers, and tuples of these."""

import types
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["UnusableError", "arrays", "detached", "overlap", "usable"]


class UnusableError(AssertionError):
    """What a function returned is not made of numbers."""


def usable(name: str, result: Any) -> Any:
    """Return a result as arrays and numbers; refuse what ``numpy.asarray`` would."""
    if isinstance(result, (int, float, complex, str, np.generic)):
        return result
    if isinstance(result, tuple):
        parts = [usable(name, part) for part in result]
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


def detached(value: Any) -> Any:
    """Return a copy that shares no memory with anything."""
    if isinstance(value, tuple):
        parts = [detached(part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value.copy() if isinstance(value, np.ndarray) else value


def overlap(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Say whether two arrays share memory."""
    return bool(np.may_share_memory(one, other)) and bool(np.shares_memory(one, other))
