"""An expression as nested functions of a frame of values, for any number system.

`compiled` runs it on arrays of floats, `exact` on balls. Both read the same tree; they
differ in what a number is and in how a sum runs.

Mathematics counts from 1 and arrays from 0: entry ``x[i]`` is element ``i - 1``,
checked against the length, so that no index is off by one silently. Entries of a
matrix symbol count from 0, as in SymPy. Sizes are read off the arrays.
"""

from __future__ import annotations

import math
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import Any, ClassVar

import sympy as sp
from sympy import Indexed, MatrixSymbol, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.engine.language import Defined, Index
from derivations.engine.substitution import opened

__all__ = ["Frame", "Node", "Program", "check_covered", "lay_out"]

Frame = list[Any]  # the value of every symbol, array and running index, by slot
Node = Callable[[Frame], Any]


@dataclass
class Program(ABC):
    """An expression turned into nested functions of a frame.

    Attributes
    ----------
    slots : dict
        Where each free symbol, array and matrix of the expression has its value.
    sizes : dict
        For each size, the arrays whose length gives it: pairs (array, axis).
    """

    expression: Any
    slots: dict[Any, int] = field(default_factory=dict)
    sizes: dict[Symbol, list[tuple[Any, int]]] = field(default_factory=dict)
    bound: dict[Symbol, int] = field(default_factory=dict)
    width: int = 1  # slot 0 is the scratch of the number system
    depth: int = 0

    functions: ClassVar[dict[type, Callable[..., Any]]]

    def __post_init__(self) -> None:
        self.run = self.node(self.expression)

    # ------------------------------------------------------------- the number system

    @abstractmethod
    def number(self, value: Fraction) -> Node:
        """Return the function that gives a constant."""

    @abstractmethod
    def real(self, value: Any) -> Any:
        """Turn a whole number into a number of this system."""

    @abstractmethod
    def root(self, value: Any) -> Any:
        """Return the square root."""

    @abstractmethod
    def element(self, array: Any, position: Sequence[Any], name: str) -> Any:
        """Return an element; the position counts from 0."""

    @abstractmethod
    def loop(self, e: Any, *, product: bool) -> Node:
        """Return the function that runs a sum or a product."""

    # ------------------------------------------------------------------------- slots

    def slot(self, key: Any) -> int:
        """Return the place of a symbol or array in the frame."""
        if key in self.bound:
            return self.bound[key]
        if key not in self.slots:
            self.slots[key] = self.width
            self.width += 1
        return self.slots[key]

    def _length(self, size: Any, array: Any, axis: int) -> None:
        """Note that an array has this size along an axis."""
        if isinstance(size, Symbol) and size not in self.bound:
            places = self.sizes.setdefault(size, [])
            if (array, axis) not in places:
                places.append((array, axis))

    # -------------------------------------------------------------------- whole numbers

    def whole(self, e: Any) -> Node:
        """Translate an index, a bound or an exponent that is a whole number."""
        if e.is_Integer:
            value = int(e)
            return lambda _frame: value
        if isinstance(e, Symbol) and e.is_integer:
            slot = self.slot(e)
            return lambda frame: frame[slot]
        if isinstance(e, sp.Add | sp.Mul):
            parts = [self.whole(a) for a in e.args]
            join = operator.add if isinstance(e, sp.Add) else operator.mul
            return lambda frame: reduce(join, [part(frame) for part in parts])
        if isinstance(e, sp.Pow) and e.exp.is_nonnegative:
            base, exponent = map(self.whole, e.args)
            return lambda frame: base(frame) ** exponent(frame)
        msg = f"cannot compute {e} as a whole number"
        raise ValueError(msg)

    def _is_whole(self, e: Any) -> bool:
        atoms = e.free_symbols
        return (
            bool(e.is_integer)
            and not e.has(sp.Function)
            and all(isinstance(s, Symbol) and s.is_integer for s in atoms)
        )

    # ------------------------------------------------------------------------- numbers

    def node(self, e: Any) -> Node:
        """Translate an expression."""
        for kind in type(e).__mro__:
            if kind in self.functions:
                function, parts = self.functions[kind], [self.node(a) for a in e.args]
                return lambda frame: function(*[part(frame) for part in parts])
            if kind in self._RULES:
                return self._RULES[kind](self, e)
        msg = (
            f"cannot compute {type(e).__name__} in {self.expression}: "
            "only closed forms have numbers"
        )
        raise ValueError(msg)

    def _rational(self, e: Any) -> Node:
        return self.number(Fraction(int(e.p), int(e.q)))

    def _symbol(self, e: Any) -> Node:
        slot, real = self.slot(e), self.real
        if e.is_integer:
            return lambda frame: real(frame[slot])
        return lambda frame: frame[slot]

    def _add(self, e: Any) -> Node:
        parts = [self.node(a) for a in e.args]
        return lambda frame: reduce(operator.add, [part(frame) for part in parts])

    def _mul(self, e: Any) -> Node:
        parts = [self.node(a) for a in e.args]
        return lambda frame: reduce(operator.mul, [part(frame) for part in parts])

    def _pow(self, e: Any) -> Node:
        base, one = self.node(e.base), self.number(Fraction(1))
        root = self.root
        if e.exp == -1:
            return lambda frame: one(frame) / base(frame)
        if e.exp.is_Rational and e.exp.q == 2:
            half = int(e.exp.p)
            if half > 0:
                return lambda frame: root(base(frame)) ** half
            return lambda frame: one(frame) / root(base(frame)) ** -half
        if self._is_whole(e.exp):
            exponent = self.whole(e.exp)
            return lambda frame: base(frame) ** exponent(frame)
        power = self.node(e.exp)
        return lambda frame: base(frame) ** power(frame)

    def _defined(self, e: Any) -> Node:
        return self.node(opened(e))

    def _entry(self, e: Any) -> Node:
        for axis, i in enumerate(e.indices):
            if isinstance(i, Index):
                self._length(i.hi, e.base, axis)
        slot, name = self.slot(e.base), str(e.base)
        places = [self.whole(i - 1) for i in e.indices]
        element = self.element
        return lambda frame: element(frame[slot], [p(frame) for p in places], name)

    def _matrix(self, e: Any) -> Node:
        for axis, size in enumerate(e.shape):
            self._length(size, e, axis)
        slot = self.slot(e)
        return lambda frame: frame[slot]

    def _matrix_entry(self, e: Any) -> Node:
        if not isinstance(e.parent, MatrixSymbol):
            msg = (
                f"cannot compute an entry of {e.parent}: only closed forms have numbers"
            )
            raise ValueError(msg)
        self._matrix(e.parent)
        slot, name = self.slot(e.parent), e.parent.name
        places = [self.whole(e.i), self.whole(e.j)]
        element = self.element
        return lambda frame: element(frame[slot], [p(frame) for p in places], name)

    def _delta(self, e: Any) -> Node:
        left, right = self.whole(e.args[0]), self.whole(e.args[1])
        real = self.real
        return lambda frame: real(1 * (left(frame) == right(frame)))

    def _sum(self, e: Any) -> Node:
        return self.loop(e, product=False)

    def _product(self, e: Any) -> Node:
        return self.loop(e, product=True)

    def _combinations(self, e: Any) -> Node:
        """Translate a binomial coefficient or a factorial."""
        parts, real = [self.whole(a) for a in e.args], self.real
        count = math.comb if isinstance(e, sp.binomial) else math.factorial
        return lambda frame: real(count(*[part(frame) for part in parts]))

    _RULES: ClassVar[dict[type, Callable[[Program, Any], Node]]] = {
        sp.Rational: _rational,
        Symbol: _symbol,
        sp.Add: _add,
        sp.Mul: _mul,
        sp.Pow: _pow,
        Indexed: _entry,
        MatrixSymbol: _matrix,
        MatrixElement: _matrix_entry,
        sp.KroneckerDelta: _delta,
        sp.Sum: _sum,
        sp.Product: _product,
        sp.binomial: _combinations,
        sp.factorial: _combinations,
        Defined: _defined,
    }


def check_covered(program: Program, keys: Collection[Any]) -> None:
    """Raise unless every symbol is given or is the length of something given."""
    for key in program.slots:
        readable = any(array in keys for array, _ in program.sizes.get(key, ()))
        if key not in keys and not readable:
            msg = f"{program.expression} needs {key}, which is not given"
            raise ValueError(msg)


def lay_out(
    program: Program, given: Mapping[Any, Any], shapes: Mapping[Any, tuple[int, ...]]
) -> Frame:
    """Lay out the values; sizes that are not given are read off the shapes."""
    frame: Frame = [None] * program.width
    for key, slot in program.slots.items():
        if key in given:
            frame[slot] = given[key]
            continue
        found = {}
        for array, axis in program.sizes[key]:
            shape = shapes[array]
            found[str(array)] = shape[axis] if axis < len(shape) else 1
        if len(set(found.values())) > 1:
            msg = f"{key} is the length of these, which differ: {found}"
            raise ValueError(msg)
        frame[slot] = next(iter(found.values()))
    return frame
