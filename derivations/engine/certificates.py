"""Rules that carry a witness, and check it themselves.

The certificates of inequalities are in `inequalities` and exported here. Two more rules
state an equation with a witness: a closed form proved by induction, an integral by its
antiderivative. (Theorems have their own module, `theorems`.)

Every class is frozen and has no subclass; `rules` lists the closed set.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sympy import (
    AccumBounds,
    Derivative,
    Dummy,
    Expr,
    GreaterThan,
    Indexed,
    IndexedBase,
    Integer,
    Integral,
    LessThan,
    Limit,
    S,
    Symbol,
    limit,
)
from sympy.core.relational import Relational

from derivations.engine.audit import Names, complaints
from derivations.engine.context import Context, Parts, Refused, Sequence
from derivations.engine.effort import admit, pay_for_numbers
from derivations.engine.inequalities import (
    LOGARITHMS,
    Convexity,
    Enclosure,
    Square,
    Termwise,
    admissible,
    visible,
)
from derivations.engine.language import Index, Time
from derivations.engine.normal_form import Licence
from derivations.engine.signs import Facts
from derivations.engine.substitution import opened_throughout, substitute

__all__ = [
    "Antiderivative",
    "Convexity",
    "Enclosure",
    "Induction",
    "Square",
    "Termwise",
    "admissible",
    "visible",
]

_EQUALITY = frozenset({"="})


@dataclass(frozen=True, slots=True)
class Induction:
    """A closed form of a sequence: it holds at the start and is handed on."""

    time: Symbol
    start: int
    relations = _EQUALITY

    @property
    def name(self) -> str:
        """What the page says."""
        return f"induction on {self.time}"

    def parts(self, *_lines: Expr) -> Parts:
        """Return nothing: the witness is the right-hand side."""
        return ()

    def verify(
        self, context: Context, previous: Expr, following: Expr, _relation: str
    ) -> str:
        """Refuse, or say in words what was checked.

        The step is proved for an arbitrary t from the start on, so hypotheses about t
        are set aside: they need not hold at t + 1.
        """
        t, start = self.time, self.start
        if not isinstance(t, Time):
            msg = f"{t} does not count steps; make it with time(...)"
            raise Refused(msg)
        v: Any = previous.base if isinstance(previous, Indexed) else None
        if v not in context.sequences or previous != v[t]:
            msg = f"the left side must be v[{t}] of a declared sequence v"
            raise Refused(msg)
        self._check_form(context, v, following)
        if start and not context.facts.nonnegative(t - start):
            msg = f"it starts at {start}, so {t} >= {start} must be a hypothesis"
            raise Refused(msg)
        anywhere = context.only(lambda h: t not in h.free_symbols)
        anywhere.require_equal(
            substitute(following, {t: Integer(start)}),
            _run(context.sequences[v], v, start),
            replace(LOGARITHMS, rewrites=_first_entries(context, start, following)),
            f"the closed form is wrong at {t} = {start}",
        )
        _, tick, rule = context.sequences[v]
        handed_on = substitute(substitute(rule, {tick: t}), {v[t]: following})
        later = anywhere.assuming(t >= start) if start else anywhere
        later.require_equal(
            handed_on,
            substitute(following, {t: t + 1}),
            replace(LOGARITHMS, rewrites=_next_entries(context, t, following)),
            f"the step from {t} to {t} + 1 fails",
        )
        return f"it holds at {t} = {start}, and at {t} + 1 whenever at {t}"

    def _check_form(self, context: Context, v: IndexedBase, form: Expr) -> None:
        t = self.time
        if form.has(v):
            msg = f"the closed form mentions {v} itself"
            raise Refused(msg)
        for i in form.free_symbols:
            if isinstance(i, Index) and t in (i.lo + i.hi).free_symbols:
                msg = f"the range of {i} depends on {t}"
                raise Refused(msg)
        # At every t from the start on, whatever else is assumed about t.
        anywhere = context.only(lambda h: t not in h.free_symbols)
        later = anywhere.assuming(t >= self.start) if self.start else anywhere
        if found := complaints(form, later.facts, context.sequences):
            msg = f"the closed form from {t} = {self.start} on: {'; '.join(found)}"
            raise Refused(msg)


def _run(sequence: Sequence, v: IndexedBase, steps: int) -> Expr:
    """Return v[steps], by running the recurrence."""
    value, tick, rule = sequence
    for moment in range(steps):
        at = {tick: Integer(moment), v[tick]: value}
        pay_for_numbers(rule, at)
        value = substitute(rule, at)
        admit(value)
    return value


def _first_entries(
    context: Context, start: int, form: Expr
) -> tuple[tuple[Expr, Expr], ...]:
    """Return w[start] for the other sequences of a closed form."""
    return tuple(
        (w[start], _run(sequence, w, start))
        for w, sequence in context.sequences.items()
        if form.has(w)
    )


def _next_entries(
    context: Context, t: Symbol, form: Expr
) -> tuple[tuple[Expr, Expr], ...]:
    """Return w[t + 1] in terms of w[t] for the other sequences of a closed form."""
    return tuple(
        (w[t + 1], substitute(rule, {tick: t}))
        for w, (_, tick, rule) in context.sequences.items()
        if form.has(w)
    )


@dataclass(frozen=True, slots=True)
class Antiderivative:
    """The fundamental theorem of calculus, with the antiderivative as witness."""

    primitive: Expr
    relations = _EQUALITY

    @property
    def name(self) -> str:
        """What the page says."""
        return "fundamental theorem of calculus"

    def parts(self, previous: Expr, _following: Expr) -> Parts:
        """Return the antiderivative, under the variable of integration."""
        integrals = previous.atoms(Integral)
        limits = tuple(i for e in integrals for i in e.limits)
        return ((self.primitive, limits),)

    def verify(
        self, context: Context, previous: Expr, following: Expr, _relation: str
    ) -> str:
        """Refuse, or say in words what was checked.

        F must be smooth on the closed range for every value of the parameters; an
        infinite end is a limit. The integral may be part of a larger expression.
        """
        integral, (u, lo, hi) = self._integral(previous)
        primitive = opened_throughout(self.primitive)
        inside = context
        for bound in _visible_bounds(context.facts, u, lo, hi):
            inside = inside.assuming(bound)
        if found := complaints(
            Derivative(primitive, u), inside.facts, context.sequences
        ):
            msg = f"on the whole range of {u}: {'; '.join(found)}"
            raise Refused(msg)
        licence = Licence(powers=frozenset({"diff", "explog"}))
        rate, integrand = Derivative(primitive, u), opened_throughout(integral.function)
        refusal = f"{self.primitive} is not an antiderivative"
        inside.blind().require_equal(rate, integrand, licence, refusal)
        change = self._end(context, primitive, u, hi) - self._end(
            context, primitive, u, lo
        )
        context.require_equal(
            previous.xreplace({integral: change}), following, LOGARITHMS, "end values"
        )
        return f"the derivative of {self.primitive} is the integrand; end values"

    def _integral(self, previous: Expr) -> tuple[Any, Any]:
        """Return the only integral of an expression, and its limits."""
        integrals = previous.atoms(Integral)
        if len(integrals) != 1:
            msg = f"the left side must contain one integral, not {len(integrals)}"
            raise Refused(msg)
        (integral,) = integrals
        if len(integral.limits) != 1:
            msg = "the integral must have one variable"
            raise Refused(msg)
        around = Names().read(previous.xreplace({integral: Dummy()}))
        if around.bound & integral.free_symbols:
            msg = "the integral stands under a sum that it depends on"
            raise Refused(msg)
        return integral, integral.limits[0]

    def _end(self, context: Context, primitive: Expr, u: Symbol, end: Expr) -> Expr:
        """Return the antiderivative at one end of the range."""
        if end.is_infinite:
            value = limit(primitive, u, end)
        else:
            value = substitute(primitive, {u: end})
        found = complaints(value, context.facts, context.sequences)
        if found or value.has(Limit, AccumBounds, u):
            why = "; ".join(found) or "no limit found"
            msg = f"the antiderivative at {u} = {end}: {why}"
            raise Refused(msg)
        return value


def _visible_bounds(
    facts: Facts, u: Symbol, lo: Expr, hi: Expr
) -> Iterator[Relational]:
    """Yield the bounds of u where lo <= hi is visible, else nothing."""
    infinite = lo is S.NegativeInfinity or hi is S.Infinity
    if infinite or facts.nonnegative(hi - lo):
        if not lo.is_infinite:
            yield GreaterThan(u, lo, evaluate=False)
        if not hi.is_infinite:
            yield LessThan(u, hi, evaluate=False)
