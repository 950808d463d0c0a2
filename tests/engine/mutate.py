"""Small changes to a formula, of the kinds that people make.

`mutants` lists them by kind: a sign flipped, a term or factor dropped, a number one too
large or of the other sign, an index or an array taken for another, a range one short,
the argument of a function negated, a function forgotten. Names stay in scope, so that
a mutant is a formula in its own right and not merely malformed.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from sympy import (
    Add,
    Derivative,
    Function,
    I,
    Indexed,
    Integral,
    KroneckerDelta,
    MatrixExpr,
    Mul,
    Pow,
    Product,
    Rational,
    Subs,
    Sum,
    Symbol,
    nan,
    zoo,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.engine.language import Index

BINDERS = (Sum, Product, Integral)
Mutant = tuple[str, Any]


def mutants(e: Any) -> list[Mutant]:
    """List the mutants of an expression: pairs (kind, expression), each once."""
    seen, found = {e}, []
    whole = [] if isinstance(e, MatrixExpr) else [("sign", -e), ("constant", e + 1)]
    for kind, changed in chain(whole, _anywhere(e, _Scope(e))):
        if changed not in seen and not changed.has(I, nan, zoo):
            seen.add(changed)
            found.append((kind, changed))
    return found


class _Scope:
    """Which indices and arrays could be taken for another at some place."""

    def __init__(self, e: Any, bound: tuple[Index, ...] = ()) -> None:
        binders = [limit[0] for q in e.atoms(*BINDERS) for limit in q.limits]
        free = sorted((s for s in e.free_symbols if isinstance(s, Index)), key=str)
        self.indices = (*(i for i in free if i not in binders), *bound)
        self.arrays = sorted({a.base for a in e.atoms(Indexed)}, key=str)
        self.rank = {a.base: len(a.indices) for a in e.atoms(Indexed)}

    def under(self, limits: Any) -> "_Scope":
        """Return the scope inside a sum."""
        inner = object.__new__(_Scope)
        inner.arrays, inner.rank = self.arrays, self.rank
        new = [limit[0] for limit in limits if isinstance(limit[0], Index)]
        inner.indices = (*self.indices, *new)
        return inner


def _anywhere(e: Any, scope: _Scope) -> Iterator[Mutant]:
    """Yield every change of one place."""
    yield from _here(e, scope)
    if isinstance(e, Derivative | Subs):
        inside, rest = e.args[0], e.args[1:]
        for kind, changed in _anywhere(inside, scope):
            if all(changed.has(v) for v, _ in getattr(e, "variable_count", ())):
                yield kind, e.func(changed, *rest)
    elif isinstance(e, BINDERS):
        for kind, changed in _anywhere(e.function, scope.under(e.limits)):
            yield kind, e.func(changed, *e.limits)
    elif not isinstance(e, Indexed | MatrixExpr | MatrixElement | Symbol):
        yield from _inside(e, scope)


def _inside(e: Any, scope: _Scope) -> Iterator[Mutant]:
    """Yield the changes of one argument."""
    for place, argument in enumerate(e.args):
        for kind, changed in _anywhere(argument, scope):
            if isinstance(e, Pow) and place == 1 and changed == 0:
                continue
            args = [*e.args[:place], changed, *e.args[place + 1 :]]
            yield kind, e.func(*args)


def _here(e: Any, scope: _Scope) -> Iterator[Mutant]:
    """Yield the changes of the outermost operation."""
    for kinds, change in _CHANGES:
        if isinstance(e, kinds):
            yield from change(e, scope)
            return


def _constants(e: Any, _scope: _Scope) -> Iterator[Mutant]:
    yield "constant", e + 1
    if e > 0:
        yield "sign", -e


def _terms(e: Any, _scope: _Scope) -> Iterator[Mutant]:
    for term in e.args:
        rest = Add(*(t for t in e.args if t is not term))
        yield "sign", rest - term
        yield "drop", rest


def _factors(e: Any, _scope: _Scope) -> Iterator[Mutant]:
    for factor in e.args:
        yield "drop", Mul(*(f for f in e.args if f is not factor))


def _exponents(e: Any, _scope: _Scope) -> Iterator[Mutant]:
    yield "exponent", Pow(e.base, e.exp + 1)


def _deltas(e: Any, scope: _Scope) -> Iterator[Mutant]:
    for i in scope.indices:
        if i not in e.args and i.range == getattr(e.args[0], "range", None):
            yield "index", KroneckerDelta(e.args[0], i)


def _functions(e: Any, _scope: _Scope) -> Iterator[Mutant]:
    if len(e.args) == 1:
        yield "argument", e.func(-e.args[0])
        yield "function", e.args[0]


def _entries(e: Any, scope: _Scope) -> Iterator[Mutant]:
    """Yield other entries: another index, indices swapped, another array."""
    for place, index in enumerate(e.indices):
        for i in scope.indices:
            if i != index and i.range == getattr(index, "range", None):
                changed = [*e.indices[:place], i, *e.indices[place + 1 :]]
                yield "index", e.base[tuple(changed)]
    if len(e.indices) == 2 and e.indices[0] != e.indices[1]:
        yield "index", e.base[e.indices[1], e.indices[0]]
    for base in scope.arrays:
        if base != e.base and scope.rank[base] == len(e.indices):
            yield "array", base[e.indices]


def _ranges(e: Any, _scope: _Scope) -> Iterator[Mutant]:
    """Yield the same sum or product with its outermost range one short, or negated."""
    yield "sign", -e
    i, low, high = e.limits[-1]
    if isinstance(i, Index):
        for ends in ((low, high - 1), (low + 1, high)):
            if ends[1].is_integer and not (ends[1] - ends[0]).is_negative:
                other = Index(f"{i.name}'", *ends)
                limits = [*(l.subs(i, other) for l in e.limits[:-1]), (other, *ends)]
                yield "range", e.func(e.function.subs(i, other), *limits)


_CHANGES = (
    (Rational, _constants),
    (Add, _terms),
    (Mul, _factors),
    (Pow, _exponents),
    (Indexed, _entries),
    (KroneckerDelta, _deltas),
    (BINDERS, _ranges),
    (Function, _functions),
)
