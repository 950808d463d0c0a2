"""Hypotheses and theorems in use: where they hold, and what they rewrite.

A rule says that a monomial equals something else. It rewrites nodes of the tree, or
factors of a term. Names bound by sums and integrals are private inside them, so that no
rule can mention one; under a derivative that is not carried out, rules about what it
varies are switched off, and so is every inequality that holds at a point alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sympy import Expr, S, Sum, Symbol
from sympy.core.relational import (
    Relational,
    StrictGreaterThan,
    StrictLessThan,
    Unequality,
)

from derivations.engine.bound import Bound
from derivations.engine.effort import expand
from derivations.engine.language import Each
from derivations.engine.moments import families
from derivations.engine.polarity import Signs
from derivations.engine.substitution import substitute

if TYPE_CHECKING:
    from derivations.engine.normal_form import Prover

__all__ = ["Rewriting"]


@dataclass(frozen=True)
class Rule:
    """One equation in use: a monomial, what it is equal to, what it may speak of."""

    left: Expr
    right: Expr
    symbols: frozenset[Any]
    indices: tuple[Symbol, ...] = ()


@dataclass
class Scope:
    """The rules and facts in force at a place, and what is already normalized there."""

    rules: tuple[Rule, ...]
    facts: tuple[Relational | Each, ...]
    signs: Signs
    memo: dict[Expr, Expr] = field(default_factory=dict)


class Rewriting:
    """The rules and facts of one prover."""

    def __init__(self, prover: Prover, facts: tuple[Relational | Each, ...]) -> None:
        self.prover = prover
        self.scopes: dict[Any, Scope] = {}
        self.enter((), facts)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in force at the present place."""
        return self.scope.rules

    def install(self, rewrites: Iterable[tuple[Any, ...]]) -> None:
        """Put equations in force."""
        self.enter(tuple(self.oriented(rewrites)), self.scope.facts)

    def oriented(self, rewrites: Iterable[tuple[Any, ...]]) -> Iterator[Rule]:
        """Write each equation as monomial = the rest, in normal form.

        An equation about the value of a random variable is not used: within an
        expectation it would be a condition.
        """
        for left, right, *indices in rewrites:
            if families(left) | families(right):
                continue
            free = tuple(indices[0]) if indices else ()
            lhs, rhs = self.prover.nf(left), self.prover.nf(right)
            if lhs.is_Add or lhs.is_number:
                gap = self.prover.arithmetic.add(
                    [lhs, self.prover.arithmetic.product([S.NegativeOne, rhs])]
                )
                if gap.is_number:
                    continue
                lhs, rest = self.prover.monomials.leading(gap)
                rhs = -rest
            number, lhs = lhs.as_coeff_Mul()
            rhs = self.prover.arithmetic.product([rhs, 1 / number])
            if lhs == rhs:
                continue
            symbols = frozenset((left.free_symbols | right.free_symbols) - set(free))
            yield Rule(lhs, rhs, symbols, free)

    def enter(
        self, rules: tuple[Rule, ...], facts: tuple[Relational | Each, ...]
    ) -> None:
        """Go where these rules and facts are in force."""
        if (rules, facts) not in self.scopes:
            self.scopes[rules, facts] = Scope(
                rules, facts, Signs(self.prover.ranges, facts)
            )
        self.scope = self.scopes[rules, facts]

    @contextmanager
    def without(self, varied: set[Any]) -> Iterator[None]:
        """Switch off what holds at the point of a derivative but not around it.

        Those are equations about anything varied, and inequalities that allow equality;
        a strict one holds around the point if it holds there.
        """
        rules, facts = self.rules, self.scope.facts
        self.enter(
            tuple(r for r in rules if not r.symbols & varied),
            tuple(h for h in facts if _is_open(h) or not h.free_symbols & varied),
        )
        try:
            yield
        finally:
            self.enter(rules, facts)

    def rewrites_sums(self) -> bool:
        """Tell whether some rule in force rewrites a sum."""
        return any(r.left.has(Sum) for r in self.rules)

    def rewrite(self, e: Expr) -> Expr:
        """Use a rule whose left side is e itself."""
        for rule in self.rules:
            if e == rule.left:
                return rule.right
            if rule.indices:
                found = self._instance(e, rule)
                if found is not None:
                    return found
        return e

    def _instance(self, e: Expr, rule: Rule) -> Expr | None:
        """Use a rule that holds for all values of its indices, if e is an instance."""
        values: dict[Symbol, Expr] = {}
        if not _matches(rule.left, e, set(rule.indices), values):
            return None
        for i in rule.indices:
            if i not in values:
                return None
            lo, hi = (substitute(end, values) for end in i.range)
            if not self.prover.ranges.inside(values[i], lo, hi):
                return None
        return self.prover.nf(substitute(rule.right, values))


def _is_open(h: Relational | Each) -> bool:
    """Tell whether a hypothesis that holds at a point holds around it."""
    if isinstance(h, Each):
        return _is_open(h.hypothesis)
    return isinstance(h, StrictGreaterThan | StrictLessThan | Unequality)


def _matches(
    pattern: Any, e: Any, indices: set[Symbol], values: dict[Symbol, Expr]
) -> bool:
    """Match e against a pattern whose indices stand for any integer expressions."""
    if pattern in indices:
        if pattern in values:
            return bool(expand(values[pattern] - e) == 0)
        if not e.is_integer or e.atoms(Bound):
            return False
        values[pattern] = e
        return True
    if not pattern.args or not pattern.free_symbols & indices:
        return bool(pattern == e)
    if pattern.func != e.func or len(pattern.args) != len(e.args):
        return False
    return all(
        _matches(p, a, indices, values)
        for p, a in zip(pattern.args, e.args, strict=True)
    )
