"""Turn an exception from a law into the evidence a reader wants to see."""

import math
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import reference
from reference.conformance.calls import Call, Conduct, EndedError, HungError
from reference.conformance.compare import MismatchError
from reference.conformance.failure import Failure
from reference.conformance.implementation import Implementation
from reference.conformance.measure import error_in, floats, show, unit_of
from reference.conformance.shrink import Simple, is_entry, simpler
from reference.conformance.values import State, UnusableError, arrays

__all__ = ["from_conduct", "from_exception"]

# At most so many calls are shown: a law that makes more is better told by its last.
MOST_CALLS = 3

# An assertion may quote whole arrays.
LONGEST = 160

# A result of more numbers than that is not shown whole.
MOST_NUMBERS = 12

# The folder of this package: what it calls comes after it in a traceback.
_HERE = Path(reference.__file__).resolve().parent


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
    return Failure(
        function,
        kind,
        cause,
        calls=_texts(calls),
        detail=detail,
        returned=_returned(calls),
        ours=_ours(calls),
    )


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
        cause = f"{function} raises {type(error).__name__}{colon}{first}"
        return "raises", cause, _line(error)
    if isinstance(error, (AssertionError, pytest.fail.Exception)):
        first = next((line for line in text.splitlines() if line.strip()), "")
        return "law", f"{function} breaks a law", first[:LONGEST]
    name = type(error).__name__
    cause = f"what {function} returns cannot be used like an array of its shape"
    return "shape", cause, f"{name}: {text}"


def _mismatch(
    error: MismatchError, target: Implementation, calls: list[Call], function: str
) -> Failure:
    warnings: tuple[str, ...] = ()
    ours = _ours(calls)
    place = error.index if _is_entry(calls, error) else None
    wrong = _wrong(error) if place is not None else _wrong_results(error, calls)
    failure = Failure(
        function,
        error.kind,
        f"{function} {wrong}",
        got=_text(error.got),
        expected=_text(error.want),
        bound=error.bound,
        ulps=None if math.isnan(error.ulps) else error.ulps,
    )
    failure = replace(failure, **_sizes(error))
    if len(calls) == 1 and place is not None:
        noted = len(target.guard.conduct)
        simple = simpler(calls[0], error, target)
        calls, place = [simple.call], simple.place
        ours = _ours(calls) if simple.vouched else ""
        if simple.replaced:
            failure = replace(failure, **_shown_instead(simple))
        habits = target.guard.conduct[noted:]
        del target.guard.conduct[noted:]
        said = [c.detail for c in habits if c.call == str(simple.call)]
        warnings = tuple(dict.fromkeys(said))
    return replace(
        failure,
        calls=_texts(calls),
        returned=_returned(calls),
        ours=ours,
        place=place,
        warnings=warnings,
    )


def _wrong(error: MismatchError) -> str:
    """Say in what way a value is wrong."""
    if error.kind in _MISSING and np.isfinite(float(error.got)):
        return _MISSING[error.kind]
    if error.kind == "infinity" and np.isinf(float(error.want)):
        return "is infinite with the wrong sign"
    return _WRONG[error.kind]


def _wrong_results(error: MismatchError, calls: list[Call]) -> str:
    """Say what is wrong with results of which a law has made what it compares."""
    if error.kind in ("shape", "type"):
        return _wrong(error)
    if error.kind in ("nan", "infinity") and any(_strange(call) for call in calls):
        return _wrong(error)
    return "is wrong" if error.kind in ("value", "zero") else "breaks a law"


def _strange(call: Call) -> bool:
    """Say whether a call returned anything but finite numbers."""
    # A step returns parameters beside a state, which is no array.
    found = arrays((call.result,))
    return any(a.dtype.kind == "f" and not np.isfinite(a).all() for a in found)


def _text(value: Any) -> str:
    return str(value) if isinstance(value, (tuple, str, np.dtype)) else show(value)


def _texts(calls: list[Call]) -> tuple[str, ...]:
    distinct = list(dict.fromkeys(str(call) for call in calls))
    return tuple(distinct[-MOST_CALLS:])


def _is_entry(calls: list[Call], error: MismatchError) -> bool:
    return (
        bool(calls)
        and error.kind not in ("shape", "type")
        and (is_entry(calls[-1], error))
    )


def _sizes(error: MismatchError) -> dict[str, Any]:
    """Return how far off a number is, for what a known divergence explains."""
    if math.isnan(error.eps):
        return {}
    got, want = float(error.got), float(floats(np.asarray(error.want)))
    if not math.isfinite(got) or not math.isfinite(want):
        return {}
    return {"error": abs(got - want), "size": abs(want), "eps": error.eps}


def _shown_instead(simple: Simple) -> dict[str, Any]:
    """Return what is told of an input that replaces the one the law was broken with."""
    got, want = np.asarray(simple.got), np.asarray(simple.want)
    moot = got.dtype.kind != "f" or not (np.isfinite(got) and np.isfinite(want))
    limits = np.finfo(got.dtype if got.dtype.kind == "f" else np.float64)
    unit = unit_of(want, limits)
    return {
        "got": _text(simple.got),
        "expected": _text(simple.want),
        "ulps": None if moot else float(error_in(got, want, unit, limits)),
        "bound": "" if moot else "rounding changes the last digits alone",
    }


def _returned(calls: list[Call]) -> tuple[str, ...]:
    """Write what each of the calls that are shown returned."""
    shown = {str(call): _printed(call.result) for call in calls}
    return tuple(list(shown.values())[-MOST_CALLS:])


def _ours(calls: list[Call]) -> str:
    """Write what the reference returns for a call, if it is the only one."""
    if (
        len(calls) != 1
        or calls[0].streams
        or any(isinstance(value, State) for value in calls[0].arguments)
    ):
        return ""
    call = calls[0]
    try:
        return _printed(
            getattr(reference, call.function)(*call.arguments, **call.options)
        )
    except (ArithmeticError, IndexError, TypeError, ValueError):
        return ""


def _printed(result: Any) -> str:
    """Write numbers as ``print`` does, if they are few."""
    if isinstance(result, (np.ndarray, np.generic, float, int)):
        return str(result) if np.size(result) <= MOST_NUMBERS else ""
    return ""


def _line(error: BaseException) -> str:
    """Name the line of the caller's own code that an exception comes from."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [n for n, f in enumerate(frames) if _HERE in Path(f.filename).parents]
    called = frames[max(ours, default=-1) + 1 :]
    own = [frame for frame in called if "-packages" not in frame.filename]
    if not own:
        return ""
    return f"{Path(own[-1].filename).name}, line {own[-1].lineno}: {own[-1].line}"
