"""Fifty certain digits of a formula, as fractions.

Tests take their expected values from here, so that no formula is written twice. Ball
arithmetic carries its error along; where the ball is too wide, because of cancellation
say, the evaluation runs again with more precision.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any, ClassVar

import numpy as np
import sympy as sp
from flint import arb, ctx
from sympy import MatrixSymbol, Symbol

from derivations.engine.language import Index
from derivations.engine.program import Frame, Node, Program, check_covered, lay_out

__all__ = ["evaluate"]


def _choose(pick: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    return lambda *values: reduce(pick, values)


class Exact(Program):
    """Balls of any precision: slot 0 holds the sums already computed in this run."""

    functions: ClassVar[dict[type, Callable[..., Any]]] = {
        sp.exp: arb.exp,
        sp.log: arb.log,
        sp.tanh: arb.tanh,
        sp.sinh: arb.sinh,
        sp.cosh: arb.cosh,
        sp.erf: arb.erf,
        sp.Abs: abs,
        sp.Max: _choose(arb.max),
        sp.Min: _choose(arb.min),
        type(sp.pi): arb.pi,
        type(sp.E): lambda: arb(1).exp(),
    }

    def root(self, value: Any) -> Any:
        """Return the square root."""
        return value.sqrt()

    def number(self, value: Fraction) -> Node:
        """Return the constant, rounded at the precision of the moment."""
        above, below = value.numerator, value.denominator
        if below == 1:
            whole = arb(above)
            return lambda _frame: whole
        return lambda _frame: arb(above) / below

    def real(self, value: Any) -> Any:
        """Return the exact ball."""
        return arb(value)

    def element(self, array: Any, position: Sequence[Any], name: str) -> Any:
        """Return the element of a nested list."""
        for place in position:
            if not isinstance(array, list):
                msg = f"{name} has {len(position)} axes, got fewer"
                raise ValueError(msg)
            if not 0 <= place < len(array):
                msg = f"{name}: the index leaves a length of {len(array)}"
                raise IndexError(msg)
            array = array[place]
        if isinstance(array, list):
            msg = f"{name} has {len(position)} axes, got more"
            raise ValueError(msg)
        return array

    def loop(self, e: Any, *, product: bool) -> Node:
        """Return the function that runs a sum, or finds it among those already run."""
        outer, limits = self.bound, []
        for i, low, high in reversed(e.limits):
            lowest, highest = self.whole(low), self.whole(high)
            limits.append((self.width, lowest, highest))
            self.bound, self.width = {**self.bound, i: self.width}, self.width + 1
        body = self.node(e.function)
        self.bound = outer
        join, unit = (operator.mul, 1) if product else (operator.add, 0)

        def run(frame: Frame, depth: int) -> Any:
            if depth == len(limits):
                return body(frame)
            slot, lowest, highest = limits[depth]
            total = arb(unit)
            for place in range(lowest(frame), highest(frame) + 1):
                frame[slot] = place
                total = join(total, run(frame, depth + 1))
            return total

        whole = (s for s in e.free_symbols if isinstance(s, Symbol) and s.is_integer)
        running = sorted(map(self.slot, whole))
        name = self.width
        self.width += 1

        def remembered(frame: Frame) -> Any:
            key = (name, *[frame[slot] for slot in running])
            if key not in frame[0]:
                frame[0][key] = run(frame, 0)
            return frame[0][key]

        return remembered

    def ends(self, i: Index) -> tuple[Node, Node]:
        """Return the functions that give both ends of a free index."""
        return self.whole(i.lo), self.whole(i.hi)


@lru_cache(maxsize=1024)
def _exact(e: Any) -> Exact:
    return Exact(e)


def _ball(value: Any) -> Any:
    """Turn a finite number, or a nested list of numbers, into balls."""
    if isinstance(value, list | tuple):
        return [_ball(v) for v in value]
    if isinstance(value, int | np.integer):
        return arb(int(value))
    if not isinstance(value, float) and isinstance(value, Fraction | sp.Rational):
        return arb(int(value.numerator)) / int(value.denominator)
    ball = arb(float(value))
    if not ball.is_finite():
        msg = f"evaluate: values must be finite, got {value}"
        raise ValueError(msg)
    return ball


def _plain(key: Any, value: Any) -> Any:
    """Check a whole number; turn an array into a nested list."""
    if isinstance(key, Symbol):
        return operator.index(value) if key.is_integer else value
    if isinstance(value, np.ndarray):
        value = value.tolist()
    column = isinstance(key, MatrixSymbol) and value and np.ndim(value[0]) == 0
    return [[v] for v in value] if column else value


def _shape(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list | tuple):
        return ()
    return (len(value), *(_shape(value[0]) if value else ()))


#: What is surely below 2**-1100 in size, a tenth of a millionth of the smallest
#: float64, is taken for 0: whether it is 0 cannot be told in finite precision.
_TINY = 1100
_HIGHEST = 20000  # bits


class _Run:
    """Evaluations that differ in scalars and indices: a frame for each precision."""

    def __init__(self, program: Exact, given: Mapping[Any, Any], bits: int) -> None:
        self.program, self.given, self.bits = program, given, bits
        shapes = {k: _shape(v) for k, v in given.items() if not isinstance(k, Symbol)}
        self.plain = lay_out(program, given, shapes)
        self.frames: dict[int, Frame] = {}
        self.scalars: dict[int, Any] = {}

    def frame(self, precision: int) -> Frame:
        """Return the frame of this precision, which must be the current one."""
        if precision not in self.frames:
            frame = list(self.plain)
            frame[0] = {}
            for key, value in self.given.items():
                if key in self.program.slots and not key.is_integer:
                    frame[self.program.slots[key]] = _ball(value)
            self.frames[precision] = frame
        return self.frames[precision]

    def over(self, axes: Sequence[Index], at: dict[int, int]) -> Any:
        """Evaluate for each value of the indices left free."""
        if not axes:
            return self.certain(at)
        low, high = self.program.ends(axes[0])
        slot = self.program.slots[axes[0]]
        places = range(low(self.plain), high(self.plain) + 1)
        return [self.over(axes[1:], {**at, slot: place}) for place in places]

    def certain(self, at: Mapping[int, int]) -> Fraction:
        """Evaluate with more and more precision until enough digits are certain.

        The second precision settles all that cancels against terms of ordinary size.
        """
        before, precision = ctx.prec, self.bits + 30
        try:
            while precision < _HIGHEST:
                ctx.prec = precision
                frame = self.frame(precision)
                for slot, value in self.scalars.items():
                    frame[slot] = _ball(value)
                for slot, place in at.items():
                    frame[slot] = place
                ball = self.program.run(frame)
                if ball.rel_accuracy_bits() >= self.bits:
                    return _fraction(ball)
                if abs(ball) < _SMALLEST:
                    return Fraction(0)
                precision = max(4 * precision, self.bits + _TINY + 100)
        finally:
            ctx.prec = before
        msg = f"{self.program.expression} is not defined at these values"
        raise ValueError(msg)

    def move(self, scalars: Mapping[int, Any]) -> None:
        """Go to other values of some scalars."""
        self.scalars = dict(scalars)
        for frame in self.frames.values():
            frame[0] = {}


_SMALLEST = arb(2) ** -_TINY


def _fraction(ball: Any) -> Fraction:
    """Return the center of a ball."""
    mantissa, exponent = map(int, ball.mid().man_exp())
    if exponent >= 0:
        return Fraction(mantissa << exponent)
    return Fraction(mantissa, 1 << -exponent)


def evaluate(derivation: Any, values: Mapping[Any, Any], *, digits: int = 50) -> Any:
    """Evaluate the last expression of a derivation, or any closed form, rigorously.

    Parameters
    ----------
    derivation : Derivation or Expr
        What to evaluate; of a derivation, the last expression.
    values : dict
        Values of symbols, and nested lists or arrays for arrays and matrices; floats
        are taken as the exact numbers they are. Sizes are read off the arrays. A real
        scalar may be given an array: the result has its shape. An index that is left
        out becomes an axis of the result, over its whole range; several in the order
        of their names, behind the axes of such an array.
    digits : int, default 50
        How many digits are certain.

    Returns
    -------
    Fraction or ndarray of Fraction
        ``float`` of an entry is the correctly rounded value. A value below 2**-1100 in
        size may be given as 0.

    Raises
    ------
    ValueError
        The expression is not in closed form, is not defined at these values, or needs
        a symbol that is not given; a value is infinite or not a number.
    """
    program = _exact(getattr(derivation, "end", derivation))
    free = [k for k in program.slots if isinstance(k, Index) and k not in values]
    axes = sorted(free, key=str)
    for i in axes:
        program.ends(i)
    check_covered(program, {*values, *axes})
    given = {key: _plain(key, value) for key, value in values.items()}
    given.update(dict.fromkeys(axes, 0))
    bits = math.ceil(digits * math.log2(10)) + 2
    many = {k: np.asarray(v) for k, v in given.items() if _is_many(k, v)}
    if not many:
        result = _Run(program, given, bits).over(axes, {})
        return np.array(result, dtype=object) if axes else result
    grid = np.broadcast_arrays(*many.values())
    run = _Run(program, {**given, **dict.fromkeys(many, 0)}, bits)
    slots = [program.slots.get(key, 0) for key in many]
    entries = []
    for entry in zip(*(column.ravel().tolist() for column in grid), strict=True):
        run.move({slot: v for slot, v in zip(slots, entry, strict=True) if slot})
        entries.append(run.over(axes, {}))
    table = np.array(entries, dtype=object)
    return table.reshape(grid[0].shape + table.shape[1:])


def _is_many(key: Any, value: Any) -> bool:
    return isinstance(key, Symbol) and not key.is_integer and np.ndim(value) > 0
