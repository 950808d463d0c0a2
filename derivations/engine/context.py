"""What a rule may ask: for the proof of an equation, for a visible sign.

A `Context` is made once per derivation. Its questions always go to both engines: the
prover must derive an equation and the refuter must fail to refute it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sympy import (
    Basic,
    Dummy,
    Expr,
    IndexedBase,
    Integral,
    Lambda,
    Product,
    Subs,
    Sum,
    Symbol,
    Tuple,
)
from sympy.core.relational import Relational

from derivations.engine.interpreter import World, refute
from derivations.engine.language import Each
from derivations.engine.normal_form import Licence, Prover
from derivations.engine.signs import Facts
from derivations.engine.substitution import bound_names, substitute

__all__ = ["Context", "Limits", "Parts", "Refused", "Sequence", "same_up_to_names"]

Limits = tuple[tuple[Symbol, Expr, Expr], ...]
Parts = tuple[tuple[Expr, Limits], ...]
Sequence = tuple[Expr, Symbol, Expr]


class Refused(Exception):  # noqa: N818 - a verdict, not a malfunction
    """A rule does not justify its step; the message says why."""


@dataclass(frozen=True)
class Context:
    """The hypotheses of a derivation and the engines that know them.

    Attributes
    ----------
    given : tuple of Relational or Each
        The hypotheses.
    sequences : mapping
        v -> (v[0], t, v[t + 1] in terms of v[t]).
    ranges : mapping
        The range of every free index.
    worlds : tuple of World
        Concrete cases in which all hypotheses hold.
    """

    given: tuple[Relational | Each, ...]
    sequences: Mapping[IndexedBase, Sequence]
    ranges: Mapping[Symbol, tuple[Expr, Expr]]
    worlds: tuple[World, ...]

    @property
    def facts(self) -> Facts:
        """The sign walker that knows the hypotheses."""
        return Facts(self.given, self.ranges)

    def only(self, keep: Callable[[Any], bool]) -> Context:
        """Return the context with some of the hypotheses, for the prover alone."""
        return replace(self, given=tuple(filter(keep, self.given)), worlds=())

    def assuming(self, hypothesis: Relational) -> Context:
        """Return the context with one more hypothesis, for the prover alone."""
        return replace(self, given=(*self.given, hypothesis), worlds=())

    def under(self, limits: Iterable[tuple[Symbol, Expr, Expr]]) -> Context:
        """Return the context inside a sum: its names are free, in their range."""
        ranges = {**self.ranges, **{v: (lo, hi) for v, lo, hi in limits}}
        return replace(self, ranges=ranges, worlds=())

    def blind(self) -> Context:
        """Return the context without worlds: the refuter is not asked."""
        return replace(self, worlds=())

    def proves(self, left: Expr, right: Expr, licence: Licence) -> bool:
        """Ask the prover whether left = right, with no more than the licence."""
        inequalities = [h for h in self.given if not _is_equation(h)]
        inequalities += self._signs_of_symbols((left - right).free_symbols)
        prover = Prover(licence, self.ranges, inequalities, self._hidden())
        return bool(prover.equal(left, right))

    def _signs_of_symbols(self, symbols: Iterable[Symbol]) -> list[Relational]:
        """Say which symbols are positive, or nonnegative, by hypothesis alone."""
        facts, found = self.facts, list[Relational]()
        for v in symbols if self.given else ():
            if v.is_real and not v.is_positive and facts.positive(v):
                found.append(v > 0)
            elif v.is_real and not v.is_nonnegative and facts.nonnegative(v):
                found.append(v >= 0)
        return found

    def _hidden(self) -> dict[IndexedBase, frozenset[Any]]:
        """Return what the terms of each sequence depend on, directly."""
        return {
            v: frozenset(
                (first.free_symbols | rule.free_symbols - {t})
                | first.atoms(IndexedBase)
                | rule.atoms(IndexedBase)
            )
            for v, (first, t, rule) in self.sequences.items()
        }

    def counterexample(self, left: Expr, right: Expr, relation: str) -> str | None:
        """Ask the refuter whether ``left relation right`` fails in some world."""
        return refute(left, right, relation, self.worlds)

    def require_equal(
        self, left: Expr, right: Expr, licence: Licence, refusal: str
    ) -> None:
        """Refuse unless both engines accept left = right."""
        if self.worlds and (why := self.counterexample(left, right, "=")):
            msg = f"{refusal}: {why}"
            raise Refused(msg)
        if not self.proves(left, right, licence):
            msg = f"{refusal}: {left} = {right} is not proved"
            raise Refused(msg)


def _is_equation(h: Relational | Each) -> bool:
    return _is_equation(h.hypothesis) if isinstance(h, Each) else h.rel_op == "=="


def same_up_to_names(one: Any, other: Any) -> bool:
    """Tell whether two expressions or hypotheses differ in bound names only."""
    return bool(_canonical(one) == _canonical(other))


def _canonical(e: Any, depth: int = 0) -> Any:
    """Replace each bound name by the number of names that are bound around it.

    SymPy's ``as_dummy`` would make one expression of Σ_i f(Σ_j a[i,j]) and of
    Σ_i f(Σ_j a[j,j]).
    """
    if not isinstance(e, Basic) or not bound_names(e):
        return e
    if isinstance(e, Each):
        body = substitute(e.hypothesis, {e.index: _mark(depth, integer=True)})
        ends = (_canonical(end, depth) for end in e.index.range)
        return Tuple(Symbol("each"), *ends, _canonical(body, depth + 1))
    if isinstance(e, Lambda | Subs):
        marks = {v: _mark(depth + m, real=True) for m, v in enumerate(e.variables)}
        body = _canonical(substitute(e.expr, marks), depth + len(marks))
        return Tuple(Symbol(type(e).__name__), body, getattr(e, "point", Tuple()))
    if isinstance(e, Sum | Product | Integral):
        return _canonical_binder(e, depth)
    arguments = [_canonical(a, depth) for a in e.args]
    if isinstance(e, Relational):
        return Tuple(Symbol(e.rel_op), *arguments)
    return e.func(*arguments)


def _canonical_binder(e: Any, depth: int) -> Any:
    marks, limits = dict[Symbol, Dummy](), []
    kind = {"real": True} if isinstance(e, Integral) else {"integer": True}
    for v, *ends in reversed(e.limits):
        inside = depth + len(marks)
        ends = [_canonical(substitute(end, marks), inside) for end in ends]
        marks[v] = _mark(inside, **kind)
        limits.append((marks[v], *ends))
    body = _canonical(substitute(e.function, marks), depth + len(marks))
    return e.func(body, *reversed(limits))


def _mark(depth: int, **kind: bool) -> Dummy:
    """Return the name for what is bound at this depth: private, and always the same."""
    return Dummy("bound", dummy_index=depth, **kind)
