"""Plausible mistakes: one small change somewhere inside an expression."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Add, Expr, Integer, Mul, Pow, exp

# Of these only the first argument is an expression one would make a mistake in; the
# others say what it is summed, integrated or differentiated over.
_BINDERS = ("Sum", "Product", "Integral", "Derivative", "Subs")


def _here(e: Any) -> Iterator[Expr]:
    """Yield the expression with a mistake at its root."""
    if isinstance(e, Add):
        for number, term in enumerate(e.args):
            yield e.func(*e.args[:number], -term, *e.args[number + 1 :])
    elif isinstance(e, Mul):
        factors = [f for f in e.args if not f.is_Number]
        if len(factors) > 1:
            for factor in factors:
                yield e.func(*(f for f in e.args if f is not factor))
    elif isinstance(e, Pow) and isinstance(e.exp, Integer):
        if e.exp not in (-1, 1):
            yield Pow(e.base, e.exp + 1)
    elif isinstance(e, exp):
        yield exp(-e.args[0])


def mutants(e: Any) -> Iterator[Expr]:
    """Yield expressions that differ from `e` by one plausible mistake."""
    if not isinstance(e, Expr):
        return
    for mutant in _here(e):
        if mutant != e:
            yield mutant
    inside = e.args[:1] if type(e).__name__ in _BINDERS else e.args
    if e.is_Indexed:
        return
    for number, argument in enumerate(inside):
        for mutant in mutants(argument):
            rebuilt = e.func(*e.args[:number], mutant, *e.args[number + 1 :])
            if rebuilt != e:
                yield rebuilt
