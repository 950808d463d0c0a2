"""Sums over the pairs a < b of one range, and over a triangle with its diagonal.

A triangle is half of a square without its diagonal:

    Σ_{a<b} f(a, b) + Σ_{a<b} f(b, a) = Σ_{a,b} f(a, b) - Σ_a f(a, a).

Of f and its transpose, the one that is smaller under canonical names is kept, and the
other is written by this law; where both are one, it gives twice the sum. So all ways to
cut a square in two have one normal form, and Lagrange's identity is multiplying out.

The law speaks of f on the whole square, where the triangle alone need not make sense:
Σ_{a<b} 1/(b - a) does, and f has no diagonal. So f must be shown to be defined there,
power by power and logarithm by logarithm; whatever else is not known to be is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sympy import (
    Add,
    Expr,
    Indexed,
    KroneckerDelta,
    Mul,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    default_sort_key,
    erf,
    exp,
    log,
    tanh,
)
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.engine.effort import expand
from derivations.engine.language import Defined
from derivations.engine.orders import Limit, ends_of
from derivations.engine.polarity import Modulus
from derivations.engine.substitution import opened

if TYPE_CHECKING:
    from derivations.engine.sums import Sums

__all__ = ["Triangles"]

#: Operations that are defined wherever their arguments are.
TOTAL: tuple[Any, ...] = (
    *(Add, Mul, exp, tanh, erf, Modulus, KroneckerDelta),
    *(Indexed, MatrixElement, AppliedUndef),
)

#: The pairs lo <= a, a + gap <= b, b <= hi with gap 0 or 1, and the other limits.
Triangle = tuple[Symbol, Symbol, Expr, Expr, int, list[Limit]]


class Triangles:
    """The triangles of one prover."""

    def __init__(self, sums: Sums) -> None:
        self.sums = sums
        self.ranges = sums.ranges

    def split(self, body: Expr, limits: Sequence[Limit]) -> Expr | None:
        """Return the sum of a normalized body over a triangle; None if it is none."""
        for triangle in self._triangles(limits):
            a, b, *_, gap, _ = triangle
            if not {a, b} <= body.free_symbols:
                found = self._idle(body, triangle)
            elif gap == 0:
                found = self._with_diagonal(body, triangle)
            else:
                found = self._strict(body, triangle)
            if found is not None:
                return found
        return None

    def _triangles(self, limits: Sequence[Limit]) -> Iterator[Triangle]:
        """Yield the pairs of limits that make a triangle of their own."""
        for v, low, high in limits:
            for w, lo, hi in limits:
                rest = [o for o in limits if o[0] not in (v, w)]
                others = {name for name, _, _ in rest}
                around = ends_of((v, low, high)) | ends_of((w, lo, hi))
                if around & others or any({v, w} & ends_of(o) for o in rest):
                    continue
                above, below = expand(lo - v), expand(v - hi)
                rising = above in (0, 1) and v not in hi.free_symbols
                if rising and self._shown(high - hi + above, hi - low + 1):
                    yield v, w, low, hi, int(above), rest
                falling = below in (0, 1) and v not in lo.free_symbols
                if falling and self._shown(lo + below - low, high - lo + 1):
                    yield w, v, lo, high, int(below), rest

    # ------------------------------------------------------------------ the laws

    def _idle(self, body: Expr, triangle: Triangle) -> Expr | None:
        """Count the values of an index that the body does not depend on."""
        a, b, lo, hi, gap, rest = triangle
        idle_first = a not in body.free_symbols
        v = self.ranges.bind(b if idle_first else a, lo, hi)
        names = {a: v, b: v}
        if not self.total(body.xreplace(names), {v}):
            return None
        count = (v - lo if idle_first else hi - v) + 1 - gap
        return self._over(count * body.xreplace(names), [(v, lo, hi), *rest])

    def _with_diagonal(self, body: Expr, triangle: Triangle) -> Expr | None:
        """Write Σ_{a<=b} as Σ_{a=b} and Σ_{a<b}."""
        a, b, lo, hi, _, rest = triangle
        diagonal = self._diagonal(body, triangle)
        first = self.ranges.bind(a, lo, hi)
        second = self.ranges.bind(b, first + 1, hi)
        limits = [(first, lo, hi), (second, first + 1, hi), *rest]
        strict = self._over(body.xreplace({a: first, b: second}), limits)
        return self._combined((S.One, diagonal), (S.One, strict))

    def _strict(self, body: Expr, triangle: Triangle) -> Expr | None:
        """Use the law of the triangle; see the head of this module."""
        a, b, lo, hi, _, rest = triangle
        v, w = self.ranges.bind(a, lo, hi), self.ranges.bind(b, lo, hi)
        names = {a: v, b: w}
        if not self.total(body.xreplace(names), {v, w}):
            return None
        one, other = self._named(body, triangle), self._turned(body, triangle)
        if one != other and one == min(one, other, key=default_sort_key):
            return one
        square = self._over(body.xreplace(names), [(v, lo, hi), (w, lo, hi), *rest])
        diagonal = self._diagonal(body, triangle)
        if one == other:
            half = Rational(1, 2)
            return self._combined((half, square), (-half, diagonal))
        minus = S.NegativeOne
        return self._combined((S.One, square), (minus, diagonal), (minus, other))

    def _diagonal(self, body: Expr, triangle: Triangle) -> Expr | None:
        a, b, lo, hi, _, rest = triangle
        v = self.ranges.bind(a, lo, hi)
        return self._over(body.xreplace({a: v, b: v}), [(v, lo, hi), *rest])

    def _named(self, body: Expr, triangle: Triangle) -> Expr:
        """Return Σ_{a<b} of the body under canonical names."""
        a, b, lo, hi, _, rest = triangle
        v = self.ranges.bind(a, lo, hi)
        w = self.ranges.bind(b, v + 1, hi)
        limits = [(v, lo, hi), (w, v + 1, hi), *rest]
        return self.sums.canonical(Sum, body.xreplace({a: v, b: w}), limits)

    def _turned(self, body: Expr, triangle: Triangle) -> Expr:
        """Return Σ_{a<b} of the transposed body under canonical names."""
        a, b, *others = triangle
        return self._named(body, (b, a, *others))

    # ------------------------------------------------------------- small things

    def _shown(self, *numbers: Expr) -> bool:
        return all(map(self.ranges.nonnegative, numbers))

    def _over(self, body: Expr, limits: list[Limit]) -> Expr | None:
        """Sum an expression; None if it has no value."""
        normal = self.sums.put(body, {})
        return None if normal is None else self.sums.over(normal, limits)

    def _combined(self, *terms: tuple[Expr, Expr | None]) -> Expr | None:
        """Add multiples of expressions; None if one of these has no value."""
        known = [(number, e) for number, e in terms if e is not None]
        if len(known) < len(terms):
            return None
        arithmetic = self.sums.arithmetic
        return arithmetic.add(map(arithmetic.product, known))

    def total(self, e: Expr, names: set[Symbol]) -> bool:
        """Tell whether e is shown to be defined for all values of the names."""
        if e.is_Symbol or not e.free_symbols & names:
            return True
        signs = self.sums.prover.signs
        if isinstance(e, Defined):
            return self.total(opened(e), names)
        if isinstance(e, Sum):
            ends = set[Any]().union(*(ends_of(limit) for limit in e.limits))
            return not ends & names and self.total(e.function, names)
        if not all(self.total(part, names) for part in e.args):
            return False
        if isinstance(e, log):
            return signs.positive(e.args[0])
        if e.is_Pow and not isinstance(e, exp):
            return self._power(e)
        return isinstance(e, TOTAL)

    def _power(self, e: Pow) -> bool:
        signs, (base, x) = self.sums.prover.signs, e.args
        if x.is_integer:
            return self.ranges.nonnegative(x) or signs.nonzero(base)
        return signs.positive(base) or (signs.nonnegative(base) and x.is_positive)
