"""The domain of an expression: where it may be undefined, and what shows otherwise.

Every denominator must be visibly nonzero, every logarithm have a visibly positive
argument, every even root a visibly nonnegative one, nothing is differentiated at a
kink, nothing by a variable that something depends on without showing it. Defined
functions are opened first, so nothing hides inside them. Symbols are real by
declaration and operations keep real numbers real where they are defined, so an
expression without complaints has a real value.

Names and kinds are audited in `names`, which is part of the audit and exported here.
This module is longer than most: one check for each kind of expression, in one table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import (
    Abs,
    Basic,
    Derivative,
    Dummy,
    Expr,
    Indexed,
    IndexedBase,
    Integral,
    KroneckerDelta,
    MatrixExpr,
    MatrixSymbol,
    Max,
    Min,
    Pow,
    Product,
    S,
    Subs,
    Sum,
    Symbol,
    binomial,
    factorial,
    log,
)
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.engine import language
from derivations.engine.effort import expand, nodes, spend
from derivations.engine.language import (
    Bernoulli,
    Defined,
    E,
    Each,
    Family,
    Index,
    Label,
    Law,
    Probability,
    Var,
)
from derivations.engine.names import Names, unknown_objects
from derivations.engine.signs import Facts, admissible
from derivations.engine.substitution import opened, substitute

__all__ = ["Names", "complaints", "unknown_objects"]


def family_complaints(e: Basic, facts: Facts) -> list[str]:
    """Say which laws in an expression are not visibly laws."""
    found = []
    for family in e.atoms(Family):
        for condition in family.law.conditions():
            if not facts.nonnegative(condition):
                found.append(
                    f"{condition} >= 0, so that {family} has its law, is not visible"
                )
    return sorted(set(found))


def complaints(
    e: Any,
    facts: Facts,
    sequences: Mapping[IndexedBase, tuple[Expr, Symbol, Expr]] | None = None,
) -> list[str]:
    """Say where an expression is not visibly defined; empty when all is fine."""
    domain = _Domain(dict(sequences or {}))
    domain.visit(e, _Place(facts))
    return sorted(set(domain.found))


@dataclass(frozen=True)
class _Place:
    """Where in an expression we are: what is known, what varies, under E or not."""

    facts: Facts
    varying: frozenset[Any] = frozenset()
    random: bool = False

    def within(self, **changes: Any) -> _Place:
        settings = {"facts": self.facts, "varying": self.varying, "random": self.random}
        return _Place(**{**settings, **changes})

    def varies(self, e: Expr) -> bool:
        """Tell whether e may move when a variable of differentiation moves."""
        symbols = {getattr(getattr(v, "base", v), "label", v) for v in self.varying}
        symbols |= {v.parent for v in self.varying if isinstance(v, MatrixElement)}
        return bool((e.free_symbols | e.atoms(MatrixSymbol)) & symbols)


@dataclass
class _Domain:
    sequences: dict[IndexedBase, tuple[Expr, Symbol, Expr]]
    found: list[str] = field(default_factory=list)

    def ask(self, fine: Any, complaint: str) -> None:
        if not fine:
            self.found.append(complaint)

    def visit(self, e: Any, at: _Place) -> None:
        """Check one node and what is below it."""
        spend(1, "places to audit", each=100 + nodes(e))
        for kind, check in _CHECKS:
            if isinstance(e, kind):
                check(self, e, at)
                return
        if e in (S.Infinity, S.NegativeInfinity, S.NaN, S.ComplexInfinity):
            self.found.append(f"{e} is not a number")
        self.visit_all(e.args, at)

    def visit_all(self, parts: Iterable[Any], at: _Place) -> None:
        for part in parts:
            self.visit(part, at)

    # ------------------------------------------------------------------ one per kind

    def symbol(self, e: Symbol, _at: _Place) -> None:
        self.ask(bool(e.is_real), f"{e} is not declared real")

    def entry(self, e: Any, at: _Place) -> None:
        for i in e.indices:
            self.ask(bool(i.is_integer), f"the index {i} is not an integer")
            self.visit(i, at)
        if e.base in self.sequences:
            (i,) = e.indices
            self.ask(
                at.facts.nonnegative(i),
                f"{i} >= 0, the start of {e.base}, is not visible",
            )
        if isinstance(e.base, Family):
            self.ask(at.random, f"{e} is random; it may stand under E or Var only")
        else:
            self.ask(bool(e.base.label.is_real), f"{e.base} is not declared real")

    def power(self, e: Any, at: _Place) -> None:
        base, exponent = e.args
        self.visit_all(e.args, at)
        facts = at.facts
        if exponent.is_integer:
            fine = facts.nonnegative(exponent) or facts.nonzero(base)
            self.ask(fine, f"{base} is not visibly nonzero")
            return
        smooth = at.varies(e) or not facts.positive(exponent)
        fine = facts.positive(base) if smooth else facts.nonnegative(base)
        self.ask(
            fine, f"{base} is not visibly {'positive' if smooth else 'nonnegative'}"
        )

    def logarithm(self, e: Any, at: _Place) -> None:
        self.visit_all(e.args, at)
        self.ask(at.facts.positive(e.args[0]), f"{e.args[0]} is not visibly positive")

    def kink(self, e: Any, at: _Place) -> None:
        """Abs, Max and Min have no derivative where two branches meet."""
        self.visit_all(e.args, at)
        if not at.varies(e):
            return
        if isinstance(e, Abs):
            self.ask(at.facts.nonzero(e.args[0]), f"{e.args[0]} is not visibly nonzero")
            return
        for m, a in enumerate(e.args):
            for b in e.args[m + 1 :]:
                self.ask(at.facts.nonzero(a - b), f"{a - b} is not visibly nonzero")

    def loop(self, e: Any, at: _Place) -> None:
        for v, lo, hi in reversed(e.limits):
            for end in (lo, hi):
                self.ask(bool(end.is_integer), f"the limit {end} is not an integer")
                self.visit(end, at)
            self.ask(
                at.facts.nonnegative(expand(hi - lo + 1)),
                f"the range {lo}..{hi} may be reversed",
            )
            at = at.within(facts=at.facts.under([(v, lo, hi)]))
        self.visit(e.function, at)

    def integral(self, e: Any, at: _Place) -> None:
        for u, lo, hi in reversed(e.limits):
            for end in (lo, hi):
                if not end.is_infinite:
                    self.visit(end, at)
            self.ask(
                u.is_integer is not True, f"{u} is an integer, not a real variable"
            )
            if u.is_nonnegative or isinstance(u, Probability):
                self.ask(
                    at.facts.nonnegative(lo),
                    f"{lo} >= 0, as {u} is declared, is not visible",
                )
                self.ask(
                    at.facts.nonnegative(hi),
                    f"{hi} >= 0, as {u} is declared, is not visible",
                )
            if isinstance(u, Probability):
                self.ask(
                    at.facts.nonnegative(1 - lo),
                    f"{lo} <= 1, as {u} is, is not visible",
                )
                self.ask(
                    at.facts.nonnegative(1 - hi),
                    f"{hi} <= 1, as {u} is, is not visible",
                )
            at = at.within(facts=at.facts.under(_oriented(at.facts, u, lo, hi)))
        self.visit(e.function, at)

    def derivative(self, e: Any, at: _Place) -> None:
        for v in e.variables:
            self.variable(v, e.expr)
        self.visit(e.expr, at.within(varying=at.varying | set(e.variables)))

    def variable(self, v: Any, inside: Expr) -> None:
        """Refuse a variable that something depends on without showing it."""
        plain = isinstance(v, Symbol) and not isinstance(v, Label)
        entry = isinstance(v, Indexed) and type(v.base) is IndexedBase
        matrix = isinstance(v, MatrixElement) and isinstance(v.parent, MatrixSymbol)
        self.ask(plain or entry or matrix, f"{v} is not a variable")
        self.ask(not v.is_integer, f"{v} is an integer; nothing can vary")
        own = {v} if plain else {v.base.label} if entry else set()
        for family in inside.atoms(Family):
            hidden = own & family.law.free_symbols
            self.ask(not hidden, f"the law of {family} depends on {v}")
        for base in self.hidden_sequences(inside):
            start, _, following = self.sequences[base]
            depends = own & (start.free_symbols | following.free_symbols)
            self.ask(not depends, f"the sequence {base} depends on {v}")
            self.ask(base.label not in own, f"{base} is a sequence, not a variable")

    def hidden_sequences(self, e: Expr) -> set[IndexedBase]:
        """Return the sequences an expression depends on, directly or not."""
        found, queue = set[IndexedBase](), [e]
        while queue:
            for base in queue.pop().atoms(IndexedBase) & set(self.sequences) - found:
                found.add(base)
                queue += [self.sequences[base][0], self.sequences[base][2]]
        return found

    def expectation(self, e: Any, at: _Place) -> None:
        inside = e.args[0]
        families = inside.atoms(Family)
        finite = all(isinstance(f.law, Bernoulli) for f in families)
        fine = finite or language.polynomial_in_randoms(inside)
        self.ask(fine, f"the expectation of {inside} need not exist for such laws")
        self.found += family_complaints(inside, at.facts)
        self.visit(inside, at.within(random=True))

    def defined(self, e: Any, at: _Place) -> None:
        self.visit_all(e.args, at)
        self.visit(opened(e), at)

    def delta(self, e: Any, at: _Place) -> None:
        for i in e.args[:2]:
            self.ask(bool(i.is_integer), f"{i} is not an integer")
        self.visit_all(e.args[:2], at)

    def count(self, e: Any, at: _Place) -> None:
        for i in e.args:
            self.ask(bool(i.is_integer), f"{i} is not an integer")
            self.ask(at.facts.nonnegative(i), f"{i} is not visibly nonnegative")
        self.visit_all(e.args, at)

    def at_point(self, e: Any, at: _Place) -> None:
        self.visit_all(e.point, at)
        for v, p in zip(e.variables, e.point, strict=True):
            fine = admissible(p, v, at.facts) and (p.is_integer or not v.is_integer)
            if isinstance(v, Index):
                fine = fine and at.facts.within(p, *v.range)
            self.ask(fine, f"{p} is not visibly admissible for {v}")
        point = dict(zip(e.variables, e.point, strict=True))
        self.visit(e.expr, at.within(facts=at.facts.under(_points(point))))

    def each(self, e: Any, at: _Place) -> None:
        self.visit_all(e.index.range, at)
        # A private name: what is given about one index k must not pass for all.
        anywhere = Dummy(e.index.name, integer=True)
        inside = at.within(facts=at.facts.under([(anywhere, *e.index.range)]))
        before = len(self.found)
        self.visit(substitute(e.hypothesis, {e.index: anywhere}), inside)
        plain = [c.replace(str(anywhere), e.index.name) for c in self.found[before:]]
        self.found[before:] = plain

    def matrix(self, e: Any, at: _Place) -> None:
        """Matrices are real; sums and products of them are always defined."""
        if not isinstance(e, MatrixSymbol):
            self.visit_all(e.args, at)
        for length in e.shape:
            self.ask(bool(length.is_integer), f"the length {length} is not an integer")

    def law(self, _e: Any, _at: _Place) -> None:
        """Laws are checked with the expectation they are under."""


def _oriented(
    facts: Facts, u: Symbol, lo: Expr, hi: Expr
) -> list[tuple[Symbol, Expr, Expr]]:
    """Return the range of an integration variable, if lo <= hi is visible."""
    infinite = lo is S.NegativeInfinity or hi is S.Infinity
    return [(u, lo, hi)] if infinite or facts.nonnegative(hi - lo) else []


def _points(point: Mapping[Symbol, Expr]) -> list[tuple[Symbol, Expr, Expr]]:
    return [(v, p, p) for v, p in point.items()]


_CHECKS: tuple[tuple[Any, Any], ...] = (
    (Each, _Domain.each),
    (Symbol, _Domain.symbol),
    (Indexed, _Domain.entry),
    (Pow, _Domain.power),
    (log, _Domain.logarithm),
    ((Abs, Max, Min), _Domain.kink),
    ((Sum, Product), _Domain.loop),
    (Integral, _Domain.integral),
    (Derivative, _Domain.derivative),
    ((E, Var), _Domain.expectation),
    (Defined, _Domain.defined),
    (KroneckerDelta, _Domain.delta),
    ((binomial, factorial), _Domain.count),
    (Subs, _Domain.at_point),
    (MatrixExpr, _Domain.matrix),
    (Law, _Domain.law),
    (Relational, lambda self, e, at: self.visit_all(e.args, at)),
)
