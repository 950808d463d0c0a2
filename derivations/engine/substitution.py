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
    IndexedBase,
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

from derivations.engine.effort import nodes, spend
from derivations.engine.language import Defined, Each, Index

__all__ = [
    "CaptureError",
    "bound_names",
    "freshen",
    "opened",
    "opened_throughout",
    "substitute",
]

_BINDERS = (Sum, Product, Integral)

_BINDERS = (Sum, Product, Integral)


class CaptureError(ValueError):
    """What is put in would vary along in a derivative by an entry."""

    def __init__(self, derivative: Derivative, variable: Any) -> None:
        super().__init__(
            f"{derivative} differentiates by {variable}: that may become one entry of "
            "an array that nothing else mentions, and nothing else"
        )


def bound_names(e: Any) -> set[Symbol]:
    """Return the names bound anywhere in an expression or hypothesis."""
    found = {v for b in e.atoms(*_BINDERS) for v, *_ in b.limits}
    found |= {v for b in e.atoms(Lambda, Subs) for v in b.variables}
    return found | {b.index for b in e.atoms(Each)}


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
    to private ones. The variable of a derivative is bound, too: the derivative becomes
    one at a point, `Subs`, unless the new variable is new to the expression. An entry
    that is differentiated by can only be renamed.

    Raises
    ------
    CaptureError
        If a derivative by an entry would become one by something else.
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
        if _is_entry_of(key, e.base):
            return substitute(value, dict(zip(key.indices, indices, strict=True)))
    base = substitute(e.base, at)
    return base[tuple(indices)]


def _is_entry_of(key: Any, base: IndexedBase) -> bool:
    return isinstance(key, Indexed) and key.base == base


def _substitute_derivative(e: Derivative, at: Mapping[Any, Any]) -> Any:
    """Substitute in a derivative; see `substitute` for the variable itself."""
    points, variables = {}, []
    for v, count in e.variable_count:
        if not isinstance(v, Symbol):
            variables.append((_renamed_entry(e, v, at), count))
            continue
        new = substitute(v, at)
        rest = substitute(e.expr, {**at, v: Dummy()})
        if isinstance(new, Symbol | Indexed) and not (
            _own_symbols(new) & rest.free_symbols
        ):
            variables.append((new, count))
            continue
        point = _fresh(v)
        points[point] = new
        at = {**at, v: point}
        variables.append((point, count))
    result = Derivative(substitute(e.expr, at), *variables)
    if not points:
        return result
    return Subs(result, Tuple(*points), Tuple(*points.values()))


def _renamed_entry(e: Derivative, v: Any, at: Mapping[Any, Any]) -> Any:
    """Return what an entry to differentiate by becomes: one entry of one array.

    Different entries must become different ones, of an array that the rest does not
    mention: else more than the one entry would vary.
    """
    new = substitute(v, at)
    if isinstance(v, Indexed):
        own = {key for key in at if key == v.base or _is_entry_of(key, v.base)}
        others = {key: value for key, value in at.items() if key not in own}
        rest = substitute(e.expr, {**others, v.base: IndexedBase(Dummy())})
        fine = all(_is_renaming(key, at[key]) for key in own) and not (
            _own_symbols(new) & rest.free_symbols
        )
    else:
        # The entry of a matrix: what is put in may not mention the matrix.
        fine = new == v and not any(
            isinstance(x, Basic) and x.has(v.parent) for x in at.values()
        )
    if not fine:
        raise CaptureError(e, v)
    return new


def _is_renaming(key: Any, value: Any) -> bool:
    """Tell whether ``a[i, k]: value`` sends different entries to different entries.

    Visibly so: to an entry of an array, with each index in one place, alone or plus
    what is the same for all.
    """
    if not isinstance(key, Indexed):
        return isinstance(value, IndexedBase)
    if not isinstance(value, Indexed) or type(value.base) is not IndexedBase:
        return False
    moving = set(key.indices)
    places = [i for i in value.indices if i.free_symbols & moving]
    return len(places) == len(moving) and all(
        any(not (place - i).free_symbols & moving for place in places) for i in moving
    )


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
    value = substitute(body.expr, dict(zip(body.variables, applied.args, strict=True)))
    spend(nodes(value), "parts of opened definitions")
    return value


def opened_throughout(e: Any) -> Any:
    """Return an expression with every defined function opened, at any depth."""
    while e.atoms(Defined):
        e = e.replace(lambda node: isinstance(node, Defined), opened)
    return e
