"""Substitution that cannot capture a name.

SymPy's ``subs`` and ``xreplace`` go under binders: ``Sum(a*y[i], (i, 1, n))`` with
``y[i]`` for ``a`` becomes ``Sum(y[i]**2, …)``, silently. Everything in the engine that
puts one expression into another (theorems, definitions, induction) goes through here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import (
    Basic,
    Derivative,
    Dummy,
    Equality,
    Expr,
    Indexed,
    Integral,
    Lambda,
    Product,
    Subs,
    Sum,
    Symbol,
    Tuple,
    Unequality,
)
from sympy.core.function import AppliedUndef

from derivations.engine.language import Defined, Each, Index

__all__ = ["freshen", "opened", "opened_throughout", "substitute"]

_BINDERS = (Sum, Product, Integral)


def _fresh(symbol: Symbol) -> Dummy:
    """Return a private symbol with the assumptions of this one."""
    return Dummy(symbol.name, **symbol._assumptions_orig)


def _counter(symbol: Symbol) -> Dummy:
    """Return a private index; SymPy forgets to declare those that it makes itself."""
    return Dummy(symbol.name, integer=True)


def freshen(e: Any) -> Any:
    """Rename every name bound in e to a private one of its own."""
    return substitute(e, {})


def substitute(e: Any, at: Mapping[Any, Any]) -> Any:
    """Substitute simultaneously, free occurrences only, without capture.

    Keys are symbols, arrays (for arrays), undefined functions (for functions of as
    many arguments), or an entry such as ``a[i]``, which stands for the whole array:
    ``{a[i]: x[i] - m}`` replaces ``a[k]`` by ``x[k] - m``. Bound names are renamed
    to private ones. The derivative with respect to a replaced variable becomes the
    derivative at a point, `Subs`, unless the new variable is new to the expression.
    """
    if not isinstance(e, Basic):
        return e
    if isinstance(e, Indexed):
        return _substitute_entry(e, at)
    if e in at:
        return at[e]
    for kind, special in _SPECIAL:
        if isinstance(e, kind):
            return special(e, at)
    if not e.args:
        return e
    arguments = [substitute(a, at) for a in e.args]
    if isinstance(e, AppliedUndef) and e.func in at:
        return at[e.func](*arguments)
    if all(new is old for new, old in zip(arguments, e.args, strict=True)):
        return e
    if isinstance(e, Equality | Unequality):
        return e.func(*arguments, evaluate=False)
    return e.func(*arguments)


def _substitute_each(e: Each, at: Mapping[Any, Any]) -> Each:
    """Substitute in a hypothesis for all k, with k primed if its name is put in."""
    parts = [*at.values(), e.hypothesis.xreplace({e.index: Dummy()})]
    taken = {s.name for part in parts for s in _free(part) if isinstance(s, Symbol)}
    name = e.index.name
    while name in taken:
        name += "'"
    k = Index(name, *(substitute(end, at) for end in e.index.range))
    return Each(k, substitute(e.hypothesis, {**at, e.index: k}))


def _free(value: Any) -> set[Symbol]:
    return set(getattr(value, "free_symbols", ()))


def _substitute_point(e: Any, at: Mapping[Any, Any]) -> Any:
    """Substitute in a `Lambda` or in a `Subs`, which is one applied to a point."""
    names = {v: _fresh(v) for v in e.variables}
    inside = substitute(e.expr, {**at, **names})
    variables = Tuple(*(names[v] for v in e.variables))
    if isinstance(e, Lambda):
        return Lambda(variables, inside)
    return Subs(inside, variables, Tuple(*(substitute(p, at) for p in e.point)))


def _substitute_binder(e: Any, at: Mapping[Any, Any]) -> Any:
    """Substitute in a sum, product or integral, its limits from the outside in."""
    inner, limits = dict(at), []
    for v, *ends in reversed(e.limits):
        ends = [substitute(end, inner) for end in ends]
        inner[v] = _fresh(v) if isinstance(e, Integral) else _counter(v)
        limits.append((inner[v], *ends))
    return e.func(substitute(e.function, inner), *reversed(limits))


def _substitute_entry(e: Indexed, at: Mapping[Any, Any]) -> Any:
    indices = [substitute(i, at) for i in e.indices]
    for key, value in at.items():
        if isinstance(key, Indexed) and key.base == e.base:
            return substitute(value, dict(zip(key.indices, indices, strict=True)))
    base = substitute(e.base, at)
    return base[tuple(indices)]


def _substitute_derivative(e: Derivative, at: Mapping[Any, Any]) -> Any:
    """Substitute in a derivative; see `substitute` for the variable itself."""
    inside, points, variables = e.expr, {}, []
    for v, count in e.variable_count:
        new = substitute(v, at)
        apart = {**at, v: Dummy()} if isinstance(v, Symbol) else at
        rest = substitute(inside, apart)
        is_new = isinstance(new, Symbol | Indexed) and not (
            _own_symbols(new) & rest.free_symbols
        )
        if new == v or (isinstance(v, Symbol) and is_new):
            variables.append((new, count))
            continue
        if not isinstance(v, Symbol):
            # An entry x[k] becomes x'[k'] of another array: a renaming throughout.
            if not isinstance(new, Indexed):
                msg = f"substitute: {e} differentiates by {v}"
                raise ValueError(msg)
            variables.append((new, count))
            continue
        point = _fresh(v)
        points[point] = new
        at = {**at, v: point}
        variables.append((point, count))
    result = Derivative(substitute(inside, at), *variables)
    if not points:
        return result
    return Subs(result, Tuple(*points), Tuple(*points.values()))


def _own_symbols(variable: Symbol | Indexed) -> set[Symbol]:
    """Return the symbol, or the label of the array, that is being varied."""
    if isinstance(variable, Indexed):
        return {variable.base.label}
    return {variable}


_SPECIAL = (
    (_BINDERS, _substitute_binder),
    (Each, _substitute_each),
    ((Lambda, Subs), _substitute_point),
    (Derivative, _substitute_derivative),
)


def opened(applied: Defined) -> Expr:
    """Return the body of a defined function at its arguments."""
    body = applied.func.body
    return substitute(body.expr, dict(zip(body.variables, applied.args, strict=True)))


def opened_throughout(e: Any) -> Any:
    """Return an expression with every defined function opened, at any depth."""
    while e.atoms(Defined):
        e = e.replace(lambda node: isinstance(node, Defined), opened)
    return e
