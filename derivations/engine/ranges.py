"""What is known of integers: the ranges of indices, sizes, linear hypotheses.

The prover asks one question, *is this linear expression never negative?*, and gets
True only with a proof: every index is replaced by the end of its range that makes the
expression smallest, then every size by its smallest value. False means "not shown".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sympy import Dummy, Expr, S, Symbol
from sympy.core.relational import (
    Equality,
    GreaterThan,
    LessThan,
    Relational,
    StrictGreaterThan,
    StrictLessThan,
)

from derivations.engine.effort import expand

__all__ = ["Ranges"]

#: How many hypotheses one proof may add up.
_DEPTH = 3


class Ranges:
    """Ranges of indices, and linear facts about integers.

    Parameters
    ----------
    ranges : mapping of Symbol to (lo, hi)
        The free indices; names bound by a sum are added while it is normalized.
    facts : iterable of Relational
        Hypotheses; those between integers are used, the others are ignored.
    """

    def __init__(
        self, ranges: Mapping[Symbol, tuple[Expr, Expr]], facts: Iterable[Any]
    ) -> None:
        self._ends = dict(ranges)
        self._facts = [f for h in facts for f in _integer_facts(h)]
        self._known: dict[Expr, bool] = {}

    def bind(self, like: Symbol, lo: Expr, hi: Expr) -> Dummy:
        """Return a new private index that runs over lo..hi."""
        fresh = Dummy(like.name, integer=True)
        self._ends[fresh] = (lo, hi)
        return fresh

    def nonnegative(self, e: Expr) -> bool:
        """Tell whether e >= 0 is shown for every value of its indices and sizes."""
        if e not in self._known:
            self._known[e] = self._shown(expand(e), _DEPTH)
        return self._known[e]

    def inside(self, value: Expr, lo: Expr, hi: Expr) -> bool:
        """Tell whether lo <= value <= hi is shown."""
        return self.nonnegative(value - lo) and self.nonnegative(hi - value)

    def outside(self, value: Expr, lo: Expr, hi: Expr) -> bool:
        """Tell whether value < lo or value > hi is shown."""
        return self.nonnegative(lo - value - 1) or self.nonnegative(value - hi - 1)

    def _shown(self, e: Expr, depth: int) -> bool:
        if e.is_number:
            return bool(e >= 0)
        # Later indices may have earlier ones in their limits, so they go first.
        free = e.free_symbols
        for index, (lo, hi) in reversed(self._ends.items()):
            if index in free:
                slope, rest = _linear(e, index)
                if slope is None:
                    return False
                end = lo if slope > 0 else hi
                if not end.is_finite:
                    return False
                return self._shown(expand(rest + slope * end), depth)
        smallest = e
        for s in sorted(e.free_symbols, key=str):
            slope, rest = _linear(smallest, s)
            least = _least(s)
            if slope is None or slope < 0 or least is None:
                return depth > 0 and self._by_fact(e, depth)
            smallest = rest + slope * least
        return bool(smallest >= 0) or (depth > 0 and self._by_fact(e, depth))

    def _by_fact(self, e: Expr, depth: int) -> bool:
        """Subtract a multiple of one hypothesis f >= 0 that removes a symbol."""
        for fact in self._facts:
            for s in sorted(e.free_symbols & fact.free_symbols, key=str):
                ours, _ = _linear(e, s)
                theirs, _ = _linear(fact, s)
                if ours is None or theirs is None or ours * theirs <= 0:
                    continue
                if self._shown(expand(e - ours / theirs * fact), depth - 1):
                    return True
        return False


def _linear(e: Expr, s: Symbol) -> tuple[Any, Expr]:
    """Write e = slope * s + rest with a number for slope; None when it is not so."""
    slope = e.coeff(s, 1)
    rest = expand(e - slope * s)
    if not slope.is_Rational or s in rest.free_symbols:
        return None, e
    return slope, rest


def _least(s: Symbol) -> Expr | None:
    """Return the smallest value of a symbol, where its declaration gives one."""
    if s.is_nonnegative:
        return S.One if s.is_integer and s.is_positive else S.Zero
    return None


def _integer_facts(h: Any) -> list[Expr]:
    """Return the expressions that a hypothesis between integers makes >= 0."""
    if not isinstance(h, Relational):
        return []
    gap = expand(h.lhs - h.rhs)
    if not gap.is_integer:
        return []
    less = expand(-gap)
    if isinstance(h, Equality):
        return [gap, less]
    if isinstance(h, GreaterThan):
        return [gap]
    if isinstance(h, LessThan):
        return [less]
    if isinstance(h, StrictGreaterThan):
        return [gap - 1]
    return [less - 1] if isinstance(h, StrictLessThan) else []
