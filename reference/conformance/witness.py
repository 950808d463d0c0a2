"""Turn an exception from a law into the evidence a reader wants to see."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import reference
from reference.conformance.compare import MismatchError
from reference.conformance.guard import (
    Call,
    Conduct,
    EndedError,
    HungError,
)
from reference.conformance.implementation import Implementation
from reference.conformance.measure import show
from reference.conformance.values import UnusableError

__all__ = ["Failure", "from_conduct", "from_exception"]

# At most so many calls are shown: a law that makes more is better told by its last.
MOST_CALLS = 3

# An assertion may quote whole arrays.
LONGEST = 160


@dataclass(frozen=True)
class Failure:
    """Why one law fails.

    Attributes
    ----------
    function : str
        The function of the contract that is to blame.
    kind : str
        ``"value"``, ``"zero"``, ``"nan"``, ``"infinity"``, ``"shape"``, ``"type"``,
        ``"law"`` (a plain assertion), ``"raises"``, ``"hang"``, ``"end"`` (of the
        process) or ``"conduct"``.
    cause : str
        One line that says what is wrong.
    calls : tuple of str
        The calls that show it, for the smallest input found.
    got, expected, bound : str
        The values, and what was allowed; empty where the law compares none.
    ulps : float or None
        How far apart the values are, in units in the last place of the expected one.
    detail : str
        What else there is to say, such as the assertion that did not hold.
    """

    function: str
    kind: str
    cause: str
    calls: tuple[str, ...] = ()
    got: str = ""
    expected: str = ""
    bound: str = ""
    ulps: float | None = None
    detail: str = ""


_WRONG = {
    "shape": "has the wrong shape",
    "type": "does not return real numbers",
    "nan": "is NaN where it must not be",
    "infinity": "is infinite where it must not be",
    "zero": "is 0 where it must not be",
    "value": "is wrong",
}
_MISSING = {
    "nan": "is a number where it must be NaN",
    "infinity": "is finite where it must be infinite",
}


def from_exception(
    error: BaseException, target: Implementation, named: tuple[str, ...]
) -> Failure:
    """Describe the exception a law ended with, for the last inputs it drew."""
    calls = list(target.guard.calls)
    blamed = next((call for call in calls if call.error is error), None)
    if blamed is None:
        blamed = calls[-1] if calls else None
    function = blamed.function if blamed else ", ".join(named)
    if isinstance(error, MismatchError):
        return _mismatch(error, target, calls, function)
    kind, cause, detail = _plain(error, blamed, function)
    if kind != "law" and blamed:
        calls = [blamed]
    return Failure(function, kind, cause, calls=_texts(calls), detail=detail)


def from_conduct(conduct: Conduct) -> Failure:
    """Describe a habit as a failure."""
    cause = f"{conduct.function} {conduct.habit}"
    calls = (conduct.call,)
    return Failure(conduct.function, "conduct", cause, calls, detail=conduct.detail)


def _plain(
    error: BaseException, blamed: Call | None, function: str
) -> tuple[str, str, str]:
    """Return kind, cause and detail of anything but a mismatch of numbers."""
    text = str(error)
    if isinstance(error, HungError):
        return "hang", text, ""
    if isinstance(error, EndedError):
        return "end", text, ""
    if isinstance(error, UnusableError):
        return "type", text, ""
    if blamed and blamed.error is error:
        first = text.splitlines()[0] if text else ""
        colon = ": " if first else ""
        return "raises", f"{function} raises {type(error).__name__}{colon}{first}", ""
    if isinstance(error, (AssertionError, pytest.fail.Exception)):
        first = next((line for line in text.splitlines() if line.strip()), "")
        return "law", f"{function} breaks a law", first[:LONGEST]
    name = type(error).__name__
    cause = f"what {function} returns cannot be used like an array of its shape"
    return "shape", cause, f"{name}: {text}"


def _mismatch(
    error: MismatchError, target: Implementation, calls: list[Call], function: str
) -> Failure:
    if len(calls) == 1:
        noted = len(target.guard.conduct)
        calls = [_smaller(calls[0], error, target)]
        del target.guard.conduct[noted:]
    return Failure(
        function,
        error.kind,
        f"{function} {_wrong(error)}",
        calls=_texts(calls),
        got=_text(error.got),
        expected=_text(error.want),
        bound=error.bound,
        ulps=None if math.isnan(error.ulps) else error.ulps,
    )


def _wrong(error: MismatchError) -> str:
    """Say in what way a value is wrong."""
    if error.kind in _MISSING and np.isfinite(float(error.got)):
        return _MISSING[error.kind]
    if error.kind == "infinity" and np.isinf(float(error.want)):
        return "is infinite with the wrong sign"
    return _WRONG[error.kind]


def _text(value: Any) -> str:
    return str(value) if isinstance(value, (tuple, str, np.dtype)) else show(value)


def _texts(calls: list[Call]) -> tuple[str, ...]:
    distinct = list(dict.fromkeys(str(call) for call in calls))
    return tuple(distinct[-MOST_CALLS:])


def _smaller(call: Call, error: MismatchError, target: Implementation) -> Call:
    """Cut the arguments down to the entry that is wrong, if it is wrong by itself.

    Inputs that a law brings along are not shrunk by Hypothesis, and some of them hold
    every float16 there is. An entry stands by itself if the reference returns for it
    what it returns among the others: a share of a softmax, say, does not.
    """
    result = call.result
    # What was compared may be something else that was made of the result.
    if not isinstance(result, np.ndarray) or len(error.index) != max(1, result.ndim):
        return call
    for keep in range(1, result.ndim + 1)[::-1]:
        cut = tuple(slice(i, i + 1) for i in error.index[:keep])
        smaller = _cut(call, cut, result.shape)
        if smaller is None:
            continue
        index = (0,) * keep + error.index[keep:]
        want = _entry(getattr(reference, call.function), call, error.index)
        same = _entry(getattr(reference, call.function), smaller, index)
        got = _entry(getattr(target, call.function), smaller, index)
        if _identical(want, same) and _identical(got, error.got):
            return smaller
    return call


def _cut(call: Call, cut: tuple[slice, ...], shape: tuple[int, ...]) -> Call | None:
    """Take one entry, or one row, of each argument that has the result's shape."""
    if call.streams:
        return None
    kept = [
        value[cut] if isinstance(value, np.ndarray) and value.shape == shape else value
        for value in call.arguments
    ]
    changed = any(a is not b for a, b in zip(kept, call.arguments, strict=True))
    return Call(call.function, tuple(kept), call.options) if changed else None


def _entry(function: Callable[..., Any], call: Call, index: tuple[int, ...]) -> Any:
    """Return one entry of what a call returns; None if it has no such entry."""
    try:
        result = np.asarray(function(*call.arguments, **call.options))
        return result[index] if result.ndim == len(index) else None
    except (Exception, HungError):
        return None


def _identical(one: Any, other: Any) -> bool:
    """Say whether two entries are the same number, or both NaN."""
    if one is None or other is None:
        return False
    return bool(one == other or (np.isnan(one) and np.isnan(other)))
