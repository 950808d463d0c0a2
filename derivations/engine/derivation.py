"""A derivation: a start, a chain of reasoned steps, and the verdict on it.

    Derivation(title, start, equals(e, why), …, at_most(e, why), given=…, sequences=…)

The claim is computed from the first and the last expression, so it cannot drift from
what the steps show. Objects are immutable; a verdict is remembered together with the
content that it is about. Everything that is refused, is refused with a `StepError`.

This module is longer than most: construction, audit and verdict of one class.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, NoReturn

from sympy import (
    Basic,
    Dummy,
    Expr,
    GreaterThan,
    Indexed,
    IndexedBase,
    LessThan,
    MatrixExpr,
    Product,
    Sum,
    sympify,
)
from sympy.core.relational import Relational

from derivations.engine.audit import Names, complaints, unknown_objects
from derivations.engine.content import canonical_text, certificate
from derivations.engine.context import Context, Limits, Refused, Sequence
from derivations.engine.effort import TooLarge, admit, budget
from derivations.engine.interpreter import Problem, Vacuous, make_worlds
from derivations.engine.language import (
    Each,
    Eq,
    Family,
    Index,
    StepError,
    Time,
)
from derivations.engine.report import Report, StepReport, scope_of
from derivations.engine.rules import MEANINGS, RULES, Hypothesis, Named
from derivations.engine.signs import Facts, admissible
from derivations.engine.substitution import freshen
from derivations.engine.theorems import Theorem, discharged

__all__ = [
    "Derivation",
    "Report",
    "Step",
    "StepReport",
    "at_least",
    "at_most",
    "canonical_text",
    "certificate",
    "equals",
]


@dataclass(frozen=True, slots=True)
class Step:
    """One line: the expression, how it relates to the line above, and why."""

    to: Expr
    why: Any
    relation: str


def _written(e: Any) -> Any:
    """Turn what an author wrote into an expression.

    An entry of a matrix product is a sum over a name that SymPy makes up and does not
    declare an integer; it becomes a declared one.
    """
    e = sympify(e)
    if isinstance(e, Expr):
        try:
            admit(e)
        except TooLarge:  # the derivation will refuse it
            return e
        made_up = (v for s in e.atoms(Sum, Product) for v, *_ in s.limits)
        if any(isinstance(v, Dummy) and not v.is_integer for v in made_up):
            return freshen(e)
    return e


def equals(expression: Any, why: Any) -> Step:
    """State that the line above equals this expression."""
    return Step(_written(expression), why, "=")


def at_most(expression: Any, why: Any) -> Step:
    """State that the line above is at most this expression."""
    return Step(_written(expression), why, "<=")


def at_least(expression: Any, why: Any) -> Step:
    """State that the line above is at least this expression."""
    return Step(_written(expression), why, ">=")


class Derivation:
    """A chain of steps from a definition to the expression that people use.

    Parameters
    ----------
    title : str
        What it shows, for the page.
    start : Expr
        The first expression.
    *steps : Step
        Made by `equals`, `at_most` or `at_least`; at least one. A chain may not mix
        ``<=`` and ``>=``.
    given : sequence of Relational or Each
        The hypotheses.
    sequences : mapping
        ``{v: (v0, t, next)}`` declares v[0] and v[t + 1] in terms of v[t].

    Raises
    ------
    StepError
        If the derivation is malformed; the steps themselves are judged by `check`.
    """

    __slots__ = ("_report", "given", "sequences", "start", "steps", "title")
    title: str
    start: Expr
    steps: tuple[Step, ...]
    given: tuple[Any, ...]
    sequences: Mapping[IndexedBase, Sequence]
    _report: tuple[str, Report] | None

    def __init__(
        self,
        title: str,
        start: Any,
        *steps: Step,
        given: Any = (),
        sequences: Mapping[Any, Any] | None = None,
    ) -> None:
        put = object.__setattr__
        put(self, "_report", None)
        put(self, "title", title)
        if not str(title).strip() or type(title) is not str:
            self._refuse("a derivation needs a title")
        put(self, "start", self._expression(start, None))
        put(self, "steps", steps)
        put(self, "given", _as_tuple(given))
        put(self, "sequences", MappingProxyType(self._read(sequences or {})))
        self._check_steps()
        self._admit(None, *self.given)
        for h in self.given:
            if not isinstance(h, Relational | Each):
                self._refuse(f"{h} is not a hypothesis that could fail or hold")

    def __setattr__(self, name: str, _value: Any) -> NoReturn:
        msg = f"{self.title}: derivations are immutable, {name} cannot be changed"
        raise AttributeError(msg)

    def __delattr__(self, name: str) -> NoReturn:
        msg = f"{self.title}: derivations are immutable, {name} cannot be deleted"
        raise AttributeError(msg)

    def __repr__(self) -> str:
        return f"Derivation({self.title!r}, {len(self.steps)} steps)"

    # --------------------------------------------------------------- construction

    def _refuse(
        self, reason: str, number: int | None = None, rule: Any = None
    ) -> NoReturn:
        name = getattr(rule, "name", None) if rule is not None else None
        raise StepError(str(self.title), number, name, reason)

    def _admit(self, number: int | None, *parts: Any) -> None:
        """Refuse what is too large to be looked at."""
        for part in parts:
            if isinstance(part, tuple):
                self._admit(number, *part)
            elif isinstance(part, Basic):
                try:
                    admit(part)
                except TooLarge as refusal:
                    self._refuse(str(refusal), number)

    def _expression(self, e: Any, number: int | None) -> Expr:
        try:
            e = _written(e)
        except (TypeError, ValueError, AttributeError) as error:
            self._refuse(f"{e!r} is not an expression: {error}", number)
        if not isinstance(e, Expr) or isinstance(e, IndexedBase):
            self._refuse(f"{e!r} is not an expression", number)
        self._admit(number, e)
        return e

    def _check_steps(self) -> None:
        if not self.steps:
            self._refuse("a derivation needs at least one step")
        for number, step in enumerate(self.steps, 1):
            if type(step) is not Step:
                self._refuse(f"{step!r} is not a step: use equals(…)", number)
            self._check_rule(step, number)
            self._admit(number, *(getattr(step.why, f.name) for f in fields(step.why)))
            self._expression(step.to, number)
        if {"<=", ">="} <= {step.relation for step in self.steps}:
            self._refuse("a chain may not mix ≤ and ≥")

    def _check_rule(self, step: Step, number: int) -> None:
        why = step.why
        if type(why) not in RULES:
            self._refuse(f"{why!r} is not one of the rules", number)
        if type(why) is Named and why.name not in MEANINGS:
            self._refuse(f"{why.name!r} names no rule", number)
        if type(why) is Theorem and type(why.of) is not Derivation:
            self._refuse(f"{why.of!r} is not a derivation", number)
        if step.relation not in why.relations:
            allowed = " or ".join(sorted(why.relations))
            reason = f"this rule justifies {allowed}, not {step.relation}"
            self._refuse(reason, number, why)

    def _read(self, sequences: Mapping[Any, Any]) -> dict[IndexedBase, Sequence]:
        if not isinstance(sequences, Mapping):
            self._refuse(f"sequences must be a mapping, got {sequences!r}")
        found = {}
        for v, entry in sequences.items():
            if type(v) is not IndexedBase:
                self._refuse(f"sequences: {v!r} is not an array")
            if not (isinstance(entry, tuple) and len(entry) == 3):
                self._refuse(f"sequences: {v} needs (v[0], t, v[t + 1])")
            first, t, rule = sympify(entry[0]), entry[1], sympify(entry[2])
            self._admit(None, first, rule)
            if not isinstance(t, Time):
                self._refuse(f"sequences: {t} must be made with time(…)")
            if first.has(v) or t in first.free_symbols:
                self._refuse(f"sequences: {v}[0] may mention neither {v} nor {t}")
            others = {a for a in rule.atoms(Indexed) if a.base == v} - {v[t]}
            if others or rule.atoms(Family):
                self._refuse(f"sequences: {v}[{t} + 1] may use {v}[{t}] only")
            found[v] = (first, t, rule)
        self._check_order(found)
        return found

    def _check_order(self, sequences: dict[IndexedBase, Sequence]) -> None:
        """Refuse recurrences that chase each other: every term must have a value."""
        ahead: dict[IndexedBase, set[IndexedBase]] = {}
        for v, (first, t, rule) in sequences.items():
            if first.atoms(IndexedBase) & set(sequences):
                self._refuse(f"sequences: {v}[0] mentions another sequence")
            used = {a for a in rule.atoms(Indexed) if a.base in sequences}
            for entry in used:
                if entry.indices not in ((t,), (t + 1,)):
                    self._refuse(f"sequences: {entry} in {v}[{t} + 1] is out of step")
            ahead[v] = {a.base for a in used if a.indices == (t + 1,)}
        while ready := [v for v in ahead if not ahead[v] & set(ahead)]:
            for v in ready:
                del ahead[v]
        if ahead:
            names = ", ".join(sorted(map(str, ahead)))
            self._refuse(f"sequences: {names} are defined by each other at {t} + 1")

    # --------------------------------------------------------------- what it says

    @property
    def end(self) -> Expr:
        """The last expression."""
        return self.steps[-1].to

    @property
    def relation(self) -> str:
        """How the last expression relates to the first: ``=``, ``<=`` or ``>=``."""
        order = {step.relation for step in self.steps} - {"="}
        return order.pop() if order else "="

    @property
    def claim(self) -> Relational:
        """The statement, computed from the first and the last expression."""
        if self.relation == "=":
            return Eq(self.start, self.end)
        kind = LessThan if self.relation == "<=" else GreaterThan
        return kind(self.start, self.end, evaluate=False)

    @property
    def expressions(self) -> tuple[Expr, ...]:
        """The first expression and that of every step."""
        return (self.start, *(step.to for step in self.steps))

    @property
    def theorems(self) -> tuple[Derivation, ...]:
        """The derivations that steps of this one cite, each once."""
        cited = [s.why.of for s in self.steps if isinstance(s.why, Theorem)]
        return tuple(dict.fromkeys(cited))

    @property
    def scope(self) -> tuple[str, ...]:
        """For which values it is claimed, one phrase per array and free name."""
        names = Names()
        for e in (*self.expressions, *self.given):
            names.read(e)
        bases = {b for e in self.expressions for b in e.atoms(IndexedBase)}
        return scope_of(bases | names.free)

    # --------------------------------------------------------------- the verdict

    def check(self) -> Report:
        """Check every step; return what accepted it.

        Raises
        ------
        StepError
            If anything is refused: title, number of the step, its rule, the reason.
        """
        text = canonical_text(self)  # refuses citation in a circle
        known, report = self._report or ("", None)
        if report is None or known != text:
            report = self._examined()
            self._check_used()
            object.__setattr__(self, "_report", (text, report))
        return report

    def report(self) -> Report:
        """Return what accepted each step, checking first if need be."""
        return self.check()

    def _examined(self) -> Report:
        try:
            with budget():
                self._audit_names()
                context = self._context()
            with budget():
                self._audit_domain(context)
        except StepError:
            raise
        except TooLarge as refusal:
            self._refuse(str(refusal))
        except Exception as error:
            self._cannot_decide(error, None, None)
        previous, reports = self.start, []
        for number, step in enumerate(self.steps, 1):
            began = time.perf_counter()
            try:
                with budget():
                    verdict = self._judge(context, previous, step)
            except (Refused, TooLarge) as refusal:
                self._refuse(str(refusal), number, step.why)
            except Exception as error:
                self._cannot_decide(error, number, step.why)
            spent = 1000 * (time.perf_counter() - began)
            worlds = len(context.worlds)
            name = step.why.name
            reports.append(
                StepReport(number, step.relation, name, verdict, worlds, spent)
            )
            previous = step.to
        titles = tuple(cited.title for cited in self.theorems)
        return Report(self.title, tuple(reports), self.given, self.scope, titles)

    def _check_used(self) -> None:
        """Refuse a hypothesis that nothing depends on: the claim holds without it.

        What a declaration already says, such as p < 1 for a probability, may be said
        again. A hypothesis that a step names is needed there, or its label were false.
        Without which the check would be too large, that is needed as well.
        """
        named = [s.why.of for s in self.steps if isinstance(s.why, Hypothesis)]
        for h in self.given:
            others = tuple(other for other in self.given if other is not h)
            alone = Context(others, self.sequences, {}, ())
            try:
                with budget():
                    told = discharged(h, alone)
            except TooLarge as refusal:
                self._refuse(f"the hypothesis {h}: {refusal}")
            if h in named or told:
                continue
            without = Derivation(
                self.title,
                self.start,
                *self.steps,
                given=others,
                sequences=self.sequences,
            )
            try:
                without._examined()
            except StepError:
                continue
            self._refuse(f"the hypothesis {h} is not used")

    def _cannot_decide(
        self, error: Exception, number: int | None, rule: Any
    ) -> NoReturn:
        """Turn a malfunction into a refusal: what is not decided is not accepted."""
        reason = f"the engine cannot decide this: {type(error).__name__}: {error}"
        name = getattr(rule, "name", None)
        raise StepError(self.title, number, name, reason) from error

    def _judge(self, context: Context, previous: Expr, step: Step) -> str:
        """Put one step to the refuter, which is cheaper, then to its rule."""
        if step.to == previous:
            msg = "nothing happens in this step"
            raise Refused(msg)
        if _shape(previous) != _shape(step.to):
            msg = f"shapes differ: {_shape(previous)} and {_shape(step.to)}"
            raise Refused(msg)
        against = context.counterexample(previous, step.to, step.relation)
        if against:
            raise Refused(against)
        return str(step.why.verify(context, previous, step.to, step.relation))

    # --------------------------------------------------------------- the audit

    def _parts(self) -> Iterator[tuple[int | None, Any, Limits]]:
        """Yield everything written: (step or None, expression, names bound around)."""
        yield None, self.start, ()
        for first, t, rule in self.sequences.values():
            for e in (first, t, rule):
                yield None, e, ()
        for h in self.given:
            yield None, h, ()
        previous = self.start
        for number, step in enumerate(self.steps, 1):
            yield number, step.to, ()
            for e, limits in step.why.parts(previous, step.to):
                yield number, e, limits
            previous = step.to

    def _audit_names(self) -> None:
        names = Names()
        for number, e, limits in self._parts():
            if strangers := unknown_objects(e):
                self._refuse("; ".join(strangers), number)
            names.read(e, bound=frozenset(v for v, *_ in limits))
        for v in self.sequences:
            names.read(v)
        if problems := names.all_problems():
            self._refuse("names: " + "; ".join(problems))
        for h in self.given:
            if h.atoms(Family):
                self._refuse(f"the hypothesis {h} speaks of a random variable")
        for e in self.expressions:
            if loose := [v for v in names.free if isinstance(v, Dummy) and e.has(v)]:
                self._refuse(f"{loose[0]} is a private name")

    def _context(self) -> Context:
        names = Names()
        for e in (*self.expressions, *self.given):
            names.read(e)
        problem = Problem(self.expressions, self.given, dict(self.sequences))
        try:
            worlds = tuple(make_worlds(problem))
        except Vacuous as error:
            self._refuse(f"no case satisfies the hypotheses: {error}")
        ranges = {i: i.range for i in names.free if isinstance(i, Index)}
        return Context(self.given, self.sequences, ranges, worlds)

    def _audit_sequences(self, context: Context) -> None:
        """Check that each sequence exists, at every t, with the sign it declares.

        It does not matter what else is assumed about t: a term comes from all before.
        """
        for v, (first, t, rule) in self.sequences.items():
            for i in first.free_symbols | rule.free_symbols:
                if isinstance(i, Index) and t in (i.lo + i.hi).free_symbols:
                    self._refuse(f"sequences: the range of {i} depends on {t}")
            timeless = tuple(h for h in self.given if t not in h.free_symbols)
            facts = Facts(timeless, context.ranges)
            for term, e in ((v[0], first), (v[t + 1], rule)):
                found = complaints(e, facts, self.sequences)
                if not found and not admissible(e, v.label, facts):
                    sign = "positive" if v.label.is_positive else "nonnegative"
                    found = [f"{e} is not visibly {sign}, as {v} is declared"]
                if found:
                    why = "; ".join(found)
                    self._refuse(f"sequences: {term}, for every {t}: {why}")

    def _audit_domain(self, context: Context) -> None:
        self._audit_sequences(context)
        facts = context.facts
        for number, e, limits in self._parts():
            inside = facts.under(limits) if limits else facts
            if isinstance(e, Basic) and (
                found := complaints(e, inside, self.sequences)
            ):
                rule = self.steps[number - 1].why if number else None
                self._refuse("; ".join(found), number, rule)


def _as_tuple(given: Any) -> tuple[Any, ...]:
    return tuple(given) if isinstance(given, list | tuple) else (given,)


def _shape(e: Expr) -> Any:
    return e.shape if isinstance(e, MatrixExpr) else ()
