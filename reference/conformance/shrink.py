"""Smaller and rounder inputs for a failure that is known already.

Hypothesis shrinks what it draws, but not what a law brings along, and it knows nothing
of what a reader can follow. Here the reference is asked as well: an input replaces
another only if the function is wrong on it in the same way.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

import reference
from reference.conformance.calls import Call, HungError
from reference.conformance.compare import MismatchError
from reference.conformance.implementation import Implementation

__all__ = ["Simple", "is_entry", "simpler"]

# What one would try by hand: for functions that take each entry by itself, and for
# those that look at all entries of a row.
SINGLE = tuple([x] for x in (0.0, 1.0, -1.0, 2.0, -2.0, 10.0, -10.0, 100.0, -100.0))
JOINT = ([0.0, 1.0], [0.0, 1000.0], [-1000.0, -1000.0], [[0.0, 1.0], [2.0, 3.0]])


@dataclass(frozen=True)
class Simple:
    """A call whose result is wrong in one entry.

    ``replaced`` if on other numbers than the law was broken with; ``vouched`` if the
    reference returns what the law expects there, so that it may be shown for it.
    """

    call: Call
    place: tuple[int, ...]
    got: Any
    want: Any
    replaced: bool = False
    vouched: bool = False


def is_entry(call: Call, error: MismatchError) -> bool:
    """Say whether what was compared is an entry of what a call returned."""
    return _identical(_pick(call.result, error.index), error.got)


def simpler(call: Call, error: MismatchError, target: Implementation) -> Simple:
    """Return a call that shows the same mistake, as plainly as it can be shown.

    ``error`` is about an entry of what ``call`` returned.
    """
    found = _cut_down(Simple(call, error.index, error.got, error.want), target)
    ours = _entry(getattr(reference, call.function), found.call, found.place)
    if call.streams or not _agree(ours, found.want):
        return found
    found = replace(found, vouched=True)
    if not _differs(np.asarray(found.got), np.asarray(ours)):
        return found
    for candidate in _candidates(found.call):
        shown = _wrong_alike(candidate, found, target)
        if shown is not None:
            return shown
    return found


def _agree(ours: Any, want: Any) -> bool:
    """Say whether the reference returns what a law expects."""
    if ours is None or np.asarray(want).dtype.kind not in "fiuO":
        return False
    # Both may be rounded to different dtypes.
    return bool(np.isclose(float(ours), float(want), rtol=1e-3, equal_nan=True))


def _differs(got: NDArray[Any], want: NDArray[Any]) -> NDArray[np.bool_]:
    """Say which entries are wrong by more than any rounding explains."""
    eps = np.finfo(got.dtype).eps if got.dtype.kind == "f" else 0.0
    coarse = max(1e-6, 64 * float(eps))
    near = np.isclose(got, want, rtol=coarse, atol=0.0, equal_nan=True)
    return np.asarray(~near)


def _wrong_alike(call: Call, found: Simple, target: Implementation) -> Simple | None:
    """Return the first entry of a call that is wrong like the one that was found."""
    want = _result(getattr(reference, call.function), call)
    if want is None:
        return None
    got = _result(getattr(target, call.function), call)
    if got is None or got.shape != want.shape:
        return None
    sort = _sort(np.asarray(found.got), np.asarray(float(found.want)))
    alike = (_sort(got, want) == sort) & _differs(got, want)
    if not alike.any():
        return None
    place = tuple(int(i) for i in np.argwhere(alike)[0])
    shown = replace(call, result=got)
    return Simple(shown, place, got[place], want[place], replaced=True, vouched=True)


def _sort(got: NDArray[Any], want: NDArray[Any]) -> NDArray[Any]:
    """Return a number for each sort of mistake: what is NaN, infinite or 0."""
    bits = [np.isnan(got), np.isposinf(got), np.isneginf(got), got == 0]
    bits += [np.isnan(want), np.isposinf(want), np.isneginf(want), want == 0]
    return np.asarray(sum(bit.astype(int) << n for n, bit in enumerate(bits)))


def _candidates(call: Call) -> Iterator[Call]:
    """Yield plainer calls, the plainest first."""
    first = call.arguments[0]
    if len(call.arguments) == 1 and _is_floats(first):
        for numbers in SINGLE if _is_elementwise(call) else JOINT:
            yield replace(call, arguments=(np.array(numbers, first.dtype),))
    for digits in (1, 2):
        rounded = tuple(_rounded(value, digits) for value in call.arguments)
        plainer = replace(call, arguments=rounded)
        if len(str(plainer)) < len(str(call)):
            yield plainer


def _is_floats(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size > 0


def _is_elementwise(call: Call) -> bool:
    """Say whether an entry of the result depends on one entry of the argument."""
    function = getattr(reference, call.function)
    both = replace(call, arguments=(np.array([0.5, -1.0]),))
    alone = replace(call, arguments=(np.array([0.5]),))
    return _identical(_entry(function, both, (0,)), _entry(function, alone, (0,)))


def _rounded(value: Any, digits: int) -> Any:
    """Round every number of an array to so many significant digits."""
    if not _is_floats(value):
        return value
    numbers = [float(f"{float(x):.{digits - 1}e}") for x in value.flat]
    return np.array(numbers, value.dtype).reshape(value.shape)


def _cut_down(whole: Simple, target: Implementation) -> Simple:
    """Cut the arguments down to the entry that is wrong, if it is wrong by itself.

    An entry stands by itself if the reference returns for it what it returns among
    the others: a share of a softmax, say, does not.
    """
    call, place = whole.call, whole.place
    ours, own = getattr(reference, call.function), getattr(target, call.function)
    for keep in range(1, len(place) + 1)[::-1]:
        cut = tuple(slice(i, i + 1) for i in place[:keep])
        smaller = _cut(call, cut, np.shape(call.result))
        if smaller is None:
            continue
        index = (0,) * keep + place[keep:]
        alone = _entry(ours, smaller, index)
        if _identical(_entry(ours, call, place), alone) and _identical(
            _entry(own, smaller, index), whole.got
        ):
            smaller.result = _result(own, smaller)
            return replace(whole, call=smaller, place=index)
    return whole


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


def _result(function: Callable[..., Any], call: Call) -> NDArray[Any] | None:
    """Return the numbers that a call returns; None if it returns no such thing."""
    try:
        result = np.asarray(function(*call.arguments, **call.options))
    except (Exception, HungError):
        return None
    return result if result.dtype.kind in "fiub" else None


def _entry(function: Callable[..., Any], call: Call, index: tuple[int, ...]) -> Any:
    """Return one entry of what a call returns; None if it has no such entry."""
    return _pick(_result(function, call), index)


def _pick(result: Any, index: tuple[int, ...]) -> Any:
    if not isinstance(result, (np.ndarray, np.generic, float, int)):
        return None
    array = np.asarray(result)
    inside = all(i < n for i, n in zip(index, array.shape, strict=False))
    return array[index] if array.ndim == len(index) and inside else None


def _identical(one: Any, other: Any) -> bool:
    """Say whether two entries are the same number, or both NaN."""
    if one is None or other is None:
        return False
    one, other = np.asarray(one), np.asarray(other)
    if one.dtype.kind not in "fiub" or other.dtype.kind not in "fiub":
        return False
    return bool(one == other or (np.isnan(one) and np.isnan(other)))
