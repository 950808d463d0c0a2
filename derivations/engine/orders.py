"""The orders in which a sum over several indices can be written.

Indices with ranges of their own may be exchanged freely. Where the range of one depends
on another, as in a triangle, the set of indices is a system of constraints, and another
order is found by eliminating one index after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, permutations, product
from typing import Any

from sympy import Expr, Mul, Symbol, default_sort_key

from derivations.engine.bound import INTEGER, bound_name
from derivations.engine.effort import expand, nodes, spend
from derivations.engine.ranges import Ranges

__all__ = ["Limit", "ends_of", "is_box", "orders"]

#: An index with its range.
Limit = tuple[Symbol, Expr, Expr]

#: Orders of names that are tried before settling for the order as found.
MOST = 120


def ends_of(limit: Limit) -> set[Symbol]:
    """Return the symbols in the ends of a range."""
    return limit[1].free_symbols | limit[2].free_symbols


def is_box(v: Symbol, lo: Expr, hi: Expr, limits: Sequence[Limit]) -> bool:
    """Tell whether the range depends on no other index, nor the others on it."""
    names = {o[0] for o in limits}
    if names & (lo.free_symbols | hi.free_symbols):
        return False
    return not any(v in ends_of(o) for o in limits)


def orders(body: Expr, limits: list[Limit], ranges: Ranges) -> Iterator[list[Limit]]:
    """List the orders of the limits that are tried, a set that depends on no name."""
    if len(limits) == 1:
        yield limits
        return
    free = all(is_box(*limit, limits) for limit in limits)
    ties = _ranked(body, limits)
    count = 0
    for order in _arrangements(ties):
        spend(1, "orders of indices", each=100 * nodes(body))
        if not free:
            nested = _nested(order, limits, ranges)
            if nested is None:
                continue
            order = nested
        count += 1
        yield order
        if count >= MOST:
            return
    if not count:
        yield limits


def _arrangements(ties: list[list[Limit]]) -> Iterator[list[Limit]]:
    """Arrange each tie in every way, lazily: there may be very many."""
    if not ties:
        yield []
        return
    for first in permutations(ties[0]):
        for rest in _arrangements(ties[1:]):
            yield [*first, *rest]


def _ranked(body: Expr, limits: list[Limit]) -> list[list[Limit]]:
    """Sort the limits by what their index does in the body; ties stay together."""
    other = bound_name(0, 0, INTEGER)
    me = bound_name(0, 1, INTEGER)
    names = [v for v, _, _ in limits]

    def key(limit: Limit) -> Any:
        mask = {v: me if v == limit[0] else other for v in names}
        parts = [
            f.xreplace(mask) for f in Mul.make_args(body) if limit[0] in f.free_symbols
        ]
        return sorted(map(default_sort_key, parts))

    box = all(is_box(*limit, limits) for limit in limits)

    def full(limit: Limit) -> Any:
        ends = tuple(map(default_sort_key, limit[1:])) if box else ()
        return key(limit), ends

    keyed = sorted(((full(limit), limit) for limit in limits), key=lambda p: p[0])
    return [[o for _, o in tie] for _, tie in groupby(keyed, key=lambda p: p[0])]


def _nested(
    order: Sequence[Limit], limits: Sequence[Limit], ranges: Ranges
) -> list[Limit] | None:
    """Write the set of indices as nested ranges in another order, if that is possible.

    The set is a system of constraints v >= a, v <= b. Innermost first, an index keeps
    the one bound that implies the others on each side; the rest of the system is what
    remains when it is eliminated. None when no single bound implies the others.
    """
    names = {v for v, _, _ in limits}
    system = {(v, 1, end) for v, end, _ in limits} | {
        (v, -1, end) for v, _, end in limits
    }
    result = []
    for v, _, _ in reversed(order):
        lower, upper, rest = set[Expr](), set[Expr](), set[tuple[Symbol, int, Expr]]()
        for w, side, end in system:
            if w != v and v not in end.free_symbols:
                rest.add((w, side, end))
                continue
            turned = _turn(w, side, end, v)
            if turned is None:
                return None
            (lower if turned[0] == 1 else upper).add(turned[1])
        lo = _strongest(lower, lambda a, b: ranges.nonnegative(a - b))
        hi = _strongest(upper, lambda a, b: ranges.nonnegative(b - a))
        if lo is None or hi is None:
            return None
        result.append((v, lo, hi))
        for a, b in product(lower, upper):
            implied = _constraint(expand(b - a), names)
            if implied is False:
                return None
            if implied is not True:
                rest.add(implied)
        system = rest
    return result[::-1]


def _turn(w: Symbol, side: int, end: Expr, v: Symbol) -> tuple[int, Expr] | None:
    """Read w >= end (w <= end for side -1) as a bound on v, if it is one."""
    if w == v:
        return side, end
    slope = end.coeff(v, 1)
    rest = expand(end - slope * v)
    if slope not in (1, -1) or v in rest.free_symbols:
        return None
    return int(-side * slope), expand((w - rest) * slope)


def _strongest(ends: set[Expr], implies: Callable[[Expr, Expr], bool]) -> Expr | None:
    for a in sorted(ends, key=default_sort_key):
        if all(a == b or implies(a, b) for b in ends):
            return a
    return None


def _constraint(gap: Expr, names: set[Symbol]) -> Any:
    """Turn gap >= 0 into a constraint on one of the names.

    True when it mentions none (a statement about sizes that the nest implies), False
    when it is not of the form v >= end.
    """
    mine = sorted(gap.free_symbols & names, key=default_sort_key)
    if not mine:
        return True
    v = mine[-1]
    slope = gap.coeff(v, 1)
    end = expand(slope * v - gap) * slope
    if slope not in (1, -1) or v in end.free_symbols:
        return False
    return (v, int(slope), expand(end))
