"""What a rule may ask: for the proof of an equation, for a visible sign.

A `Context` is made once per derivation. Its questions always go to both engines: the
prover must derive an equation and the refuter must fail to refute it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sympy import Basic, Expr, IndexedBase, Symbol
from sympy.core.relational import Relational

from derivations.engine.interpreter import World, refute
from derivations.engine.language import Each
from derivations.engine.normal_form import Licence, Prover
from derivations.engine.signs import Facts
from derivations.engine.substitution import substitute

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


def _canonical(e: Any) -> Any:
    """Replace bound names by their depth; each() becomes a pair for comparison."""
    if isinstance(e, Each):
        mark = Symbol(f"each {e.index.lo}..{e.index.hi}", integer=True)
        body = substitute(e.hypothesis, {e.index: mark})
        return "each", *e.index.range, _canonical(body)
    if isinstance(e, Relational):
        return type(e), _canonical(e.lhs), _canonical(e.rhs)
    return e.as_dummy() if isinstance(e, Basic) else e
