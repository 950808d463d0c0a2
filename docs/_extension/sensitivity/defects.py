"""Defects that can be given to any function and its gradient, by machine.

Nobody chose them for a law to catch them. A defect that changes nothing in some
function, bit for bit, on inputs of all sizes is no defect of that function.
"""

# The file is longer than most: it holds the list of all defects.

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

import reference
from docs._extension.sensitivity.calls import comparable, results
from docs._extension.sensitivity.problems import PAIRS, Draw, Pair
from reference.conformance.values import arrays

__all__ = ["CONTROL", "DEFECTS", "FACTORS", "KINDS", "Defect", "defective", "pairs"]

Function = Callable[..., Any]

# What a wrapper gets: the pair, the function to spoil.
Spoil = Callable[[Pair, Function], Function]

FACTORS = (1e-2, 1e-3, 5e-4, 1e-4, 1e-5, 1e-6, 1e-9, 1e-12, 1e-14, 1e-15)

KINDS = {
    "gradient": "Gradient slightly off",
    "function": "Function slightly off",
    "both": "Both wrong together",
    "not_gradient": "Not the gradient",
    "range": "In a part of the range",
    "size": "For some sizes or types",
    "rounding": "Rounded in between",
    "conduct": "Overwrites arguments",
}

FAR, NEAR, HUGE, MANY = 12.0, 1e-6, 709.0, 16


@dataclass(frozen=True)
class Defect:
    """A way to spoil a function, its gradient, or both.

    Attributes
    ----------
    name : str
        Its key.
    text : str
        What the page says of it.
    kind : str
        A key of `KINDS`.
    function, gradient : callable, optional
        Given the pair and the function, the spoiled function.
    """

    name: str
    text: str
    kind: str
    function: Spoil | None = None
    gradient: Spoil | None = None


def _mapped(change: Callable[..., Any], result: Any, *others: Any) -> Any:
    """Apply a function to each array of a result, keeping its form."""
    if isinstance(result, (tuple, list)):
        parts = [_mapped(change, *each) for each in zip(result, *others, strict=True)]
        made = type(result)
        return made(*parts) if hasattr(result, "_fields") else made(parts)
    with np.errstate(all="ignore"):  # the defect itself is not to warn
        return change(np.asarray(result), *others)[()]


def _after(change: Callable[[Any], Any]) -> Spoil:
    """Change every array of the result."""

    def spoil(pair: Pair, function: Function) -> Function:
        del pair

        @functools.wraps(function)
        def spoiled(*arguments: Any, **options: Any) -> Any:
            return _mapped(change, function(*arguments, **options))

        return spoiled

    return spoil


def _where(change: Callable[[Any, Any], Any]) -> Spoil:
    """Change every array of a gradient, given the input it belongs to."""

    def spoil(pair: Pair, function: Function) -> Function:
        @functools.wraps(function)
        def spoiled(*arguments: Any, **options: Any) -> Any:
            result = function(*arguments, **options)
            inputs = pair.inputs(*arguments) if pair.inputs else result
            return _mapped(lambda a, x: change(a, np.asarray(x)), result, inputs)

        return spoiled

    return spoil


def _before(change: Callable[[Any], Any]) -> Spoil:
    """Change the first argument, where it holds floating-point numbers."""

    def floats_changed(a: Any) -> Any:
        return change(a) if a.dtype.kind == "f" else a

    def spoil(pair: Pair, function: Function) -> Function:
        del pair

        @functools.wraps(function)
        def spoiled(first: Any, *arguments: Any, **options: Any) -> Any:
            changed = _mapped(floats_changed, first)
            return function(changed, *arguments, **options)

        return spoiled

    return spoil


def _when(condition: Callable[[Any], Any]) -> Spoil:
    """Double the result where the first array that is passed meets a condition."""

    def spoil(pair: Pair, function: Function) -> Function:
        del pair

        @functools.wraps(function)
        def spoiled(*arguments: Any, **options: Any) -> Any:
            result = function(*arguments, **options)
            if not condition(next(arrays(arguments))):
                return result
            return _mapped(lambda a: _cast(2 * a, a), result)

        return spoiled

    return spoil


def _without_options(pair: Pair, function: Function) -> Function:
    """Accept all options, and ignore those that have a default."""
    del pair
    options = inspect.signature(function).parameters.values()
    optional = {o.name for o in options if o.default is not o.empty}

    @functools.wraps(function)
    def spoiled(*arguments: Any, **options: Any) -> Any:
        kept = {k: v for k, v in options.items() if k not in optional}
        return function(*arguments, **kept)

    return spoiled


def _overwriting(pair: Pair, function: Function) -> Function:
    """Leave zeros in the first array that is passed."""
    del pair

    @functools.wraps(function)
    def spoiled(*arguments: Any, **options: Any) -> Any:
        result = function(*arguments, **options)
        next(arrays(arguments))[...] = 0
        return result

    return spoiled


def _factor(delta: float) -> Spoil:
    return _after(lambda a: _cast(a * (1 + delta), a))


def _cast(changed: Any, like: Any) -> Any:
    return np.asarray(changed).astype(like.dtype)


def _transposed(a: Any) -> Any:
    square = a.ndim >= 2 and a.shape[-1] == a.shape[-2]
    return np.swapaxes(a, -1, -2).copy() if square else a


def _rounded(a: Any) -> Any:
    return a.astype(np.float32).astype(a.dtype)


def _in_single(a: Any) -> Any:
    return _cast(a * (1 + 1e-3), a) if a.dtype == np.float32 else a


def _long(a: Any) -> bool:
    return bool(a.ndim and a.shape[-1] > MANY)


def _tall(a: Any) -> bool:
    return bool(a.ndim > 1 and a.shape[0] > MANY)


def _factors() -> Iterator[Defect]:
    for delta in FACTORS:
        off, by = _factor(delta), f"{delta:g}"
        factor = f"× (1 + {by})"
        yield Defect(f"gradient_{by}", f"gradient {factor}", "gradient", None, off)
        yield Defect(f"function_{by}", f"function {factor}", "function", off)
        yield Defect(f"both_{by}", f"function and gradient {factor}", "both", off, off)


def _zeroed(condition: Callable[[Any], Any]) -> Spoil:
    """Set a gradient to zero where its input meets a condition."""
    return _where(lambda a, x: np.where(condition(x), 0, a).astype(a.dtype))


def _far(x: Any) -> Any:
    return np.abs(x) > FAR


def _near(x: Any) -> Any:
    return np.abs(x) < NEAR


_HALF = _after(lambda a: _cast(a / 2, a))
_CLIPPED = _before(lambda x: np.clip(x, -FAR, FAR))
_NAN = _before(lambda x: np.where(x > HUGE, np.nan, x).astype(x.dtype))
_FLUSHED = _before(lambda x: np.where(_near(x), 0, x).astype(x.dtype))
_REVERSED = _after(lambda a: a[::-1].copy() if a.ndim else a)
_SHIFTED = _after(lambda a: _cast(a + 1e-6, a))
_NEGATED = _after(lambda a: -a)
_ZERO = _after(np.zeros_like)
_FLAT = _zeroed(_far)
_SINGLE = _after(_in_single)
_ROUND = _after(_rounded)
_ROUND_INPUT = _before(_rounded)


def _of_function(name: str, kind: str, text: str, spoil: Spoil) -> Defect:
    return Defect(name, text, kind, function=spoil)


def _of_gradient(name: str, kind: str, text: str, spoil: Spoil) -> Defect:
    return Defect(name, text, kind, gradient=spoil)


DEFECTS = (
    *_factors(),
    _of_gradient("gradient_shifted", "gradient", "gradient + 0.000001", _SHIFTED),
    Defect("both_half", "function and gradient ÷ 2", "both", _HALF, _HALF),
    _of_gradient("gradient_zero", "not_gradient", "gradient × 0", _ZERO),
    _of_gradient("gradient_sign", "not_gradient", "gradient × −1", _NEGATED),
    _of_gradient("gradient_half", "not_gradient", "gradient ÷ 2", _HALF),
    _of_gradient(
        "gradient_transposed",
        "not_gradient",
        "square gradients transposed",
        _after(_transposed),
    ),
    _of_gradient(
        "gradient_reversed",
        "not_gradient",
        "gradient reversed along its first axis",
        _REVERSED,
    ),
    _of_gradient("tail_of_gradient", "range", "gradient 0 beyond ±12", _FLAT),
    _of_function("tail_of_function", "range", "function constant beyond ±12", _CLIPPED),
    Defect(
        "tail_of_both",
        "function constant and gradient 0 beyond ±12",
        "range",
        _CLIPPED,
        _FLAT,
    ),
    _of_gradient(
        "middle_of_gradient",
        "range",
        "gradient 0 within 0.000001 of 0",
        _zeroed(_near),
    ),
    _of_function(
        "underflow",
        "range",
        "function takes what is within 0.000001 of 0 for 0",
        _FLUSHED,
    ),
    _of_function("overflow", "range", "function NaN above 709", _NAN),
    _of_function(
        "long_rows_of_function", "size", "function × 2 from 17 columns on", _when(_long)
    ),
    _of_gradient("long_rows", "size", "gradient × 2 from 17 columns on", _when(_long)),
    _of_gradient("many_rows", "size", "gradient × 2 from 17 rows on", _when(_tall)),
    _of_function("float32", "size", "function × 1.001 in float32 alone", _SINGLE),
    _of_gradient(
        "gradient_float32", "size", "gradient × 1.001 in float32 alone", _SINGLE
    ),
    _of_function(
        "options", "size", "options of the function ignored", _without_options
    ),
    _of_gradient(
        "options_of_gradient",
        "size",
        "options of the gradient ignored",
        _without_options,
    ),
    _of_function("rounded_function", "rounding", "function rounded to float32", _ROUND),
    _of_gradient("rounded_gradient", "rounding", "gradient rounded to float32", _ROUND),
    Defect(
        "rounded_input",
        "first input of both rounded to float32",
        "rounding",
        _ROUND_INPUT,
        _ROUND_INPUT,
    ),
    _of_function(
        "overwriting_function",
        "conduct",
        "function leaves zeros in its first argument",
        _overwriting,
    ),
    _of_gradient(
        "overwriting_gradient",
        "conduct",
        "gradient leaves zeros in its first argument",
        _overwriting,
    ),
)


# Wrapped like all others and left as it is: whoever catches this gives a false alarm.
CONTROL = Defect("none", "no defect", "", _after(lambda a: a), _after(lambda a: a))


def pairs(defect: Defect) -> list[Pair]:
    """Return the pairs of the contract that a defect can be given to."""
    found = [
        pair
        for pair in PAIRS
        if pair.function and pair.inputs and pair.functions <= set(reference.__all__)
    ]
    return [pair for pair in found if defect is CONTROL or _matters(defect, pair)]


def defective(defect: Defect, pair: Pair) -> dict[str, Function]:
    """Return the function and the gradient of a pair with a defect, by name."""
    right = {name: getattr(reference, name) for name in (pair.function, pair.gradient)}
    for name, spoil in (
        (pair.function, defect.function),
        (pair.gradient, defect.gradient),
    ):
        if spoil:
            right[name] = spoil(pair, right[name])
    return right


def _matters(defect: Defect, pair: Pair) -> bool:
    """Say whether a defect changes a bit of what is returned, or an argument."""
    wrong = defective(defect, pair)
    changed = {name for name in wrong if wrong[name] is not getattr(reference, name)}
    return any(
        _trace(wrong[name], *call) != _trace(getattr(reference, name), *call)
        for name in sorted(changed)
        for call in _usual_calls(pair)[name]
    )


Call = tuple[tuple[Any, ...], dict[str, Any]]


@functools.cache
def _usual_calls(pair: Pair) -> dict[str, list[Call]]:
    """Return calls of both functions with small, ordinary, large and huge numbers."""
    calls: dict[str, list[Call]] = {pair.function: [], pair.gradient: []}

    def noting(name: str) -> Function:
        def noted(*arguments: Any, **options: Any) -> Any:
            if name in calls:
                calls[name].append((arguments, options))
            return getattr(reference, name)(*arguments, **options)

        return noted

    of = SimpleNamespace(**{name: noting(name) for name in reference.__all__})
    with np.errstate(all="ignore"):
        for scale in (NEAR / 10, 1.0, 30.0, 1000.0):
            for problem in pair.problems(of, Draw(scale)):
                value = problem.forward(*problem.inputs)
                problem.backward(np.ones_like(value), *problem.inputs)
        for name in filter(comparable, calls):
            list(results(of, name))
    for made in calls.values():
        narrow = [(_mapped(_narrowed, args), options) for args, options in made]
        made.extend(narrow)
    return calls


def _narrowed(a: Any) -> Any:
    return a.astype(np.float32) if a.dtype == np.float64 else a


def _trace(function: Function, arguments: Any, options: dict[str, Any]) -> list[bytes]:
    """Return the bytes of a result, and of the arguments after the call."""
    own = _mapped(np.array, arguments)
    with np.errstate(all="ignore"):
        result = function(*own, **options)
    return [array.tobytes() for array in arrays((result, own))]
