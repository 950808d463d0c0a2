"""Rules that carry a certificate, and check it themselves.

An inequality is never proved by a normal form. It is accepted with a certificate that
makes it visible: a gap that is a sum of squares, a comparison term by term, a point of
contact and a sign of the second derivative, an enclosure in ball arithmetic. Three
more rules state an equation with a witness: induction, an antiderivative, a theorem
(see `theorems`).

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
    Mul,
    Product,
    S,
    Sum,
    Symbol,
    limit,
)
from sympy.core.relational import Relational

from derivations.engine.audit import Names, complaints
from derivations.engine.context import Context, Parts, Refused, Sequence
from derivations.engine.interpreter import holds_on_box
from derivations.engine.language import Defined, Each, Index, Label, Probability, Time
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

_ALGEBRA = Licence()
_LOGARITHMS = Licence(powers=frozenset({"explog", "peel"}))
_ORDER = frozenset({"<=", ">="})
_EQUALITY = frozenset({"="})


def _gap(previous: Expr, following: Expr, relation: str) -> Expr:
    """Return what must be nonnegative for the step to hold."""
    return following - previous if relation == "<=" else previous - following


def _require_gap(context: Context, gap: Expr, shown: Expr, refusal: str) -> None:
    """Refuse unless the gap is the one shown, with definitions opened if need be."""
    if context.proves(gap, shown, _LOGARITHMS):
        return
    functions = frozenset(type(f) for f in (gap - shown).atoms(Defined))
    licence = Licence(powers=_LOGARITHMS.powers, unfold=functions)
    context.require_equal(gap, shown, licence, refusal)


@dataclass(frozen=True)
class Square:
    """The gap between both sides equals a visibly nonnegative expression."""

    gap: Expr
    relations = _ORDER

    @property
    def name(self) -> str:
        """What the page says."""
        return "the gap is not negative"

    def parts(self, *_lines: Expr) -> Parts:
        """Return the expressions of the certificate and the names bound around."""
        return ((self.gap, ()),)

    def verify(
        self, context: Context, previous: Expr, following: Expr, relation: str
    ) -> str:
        """Refuse, or say in words what was checked."""
        if not context.facts.nonnegative(self.gap):
            msg = f"{self.gap} is not visibly nonnegative"
            raise Refused(msg)
        gap = _gap(previous, following, relation)
        refusal = "the certificate is not the gap"
        _require_gap(context, gap, self.gap, refusal)
        return f"the gap equals {self.gap}, visibly nonnegative"


@dataclass(frozen=True)
class Termwise:
    """Two sums, or two products of nonnegative factors, compared term by term."""

    gap: Expr
    relations = _ORDER

    @property
    def name(self) -> str:
        """What the page says."""
        return "term by term"

    def parts(self, previous: Expr, _following: Expr) -> Parts:
        """Return the gap, under the limits of the sum it is about."""
        loop = _loop(previous)
        return ((self.gap, () if loop is None else tuple(loop.limits)),)

    def verify(
        self, context: Context, previous: Expr, following: Expr, relation: str
    ) -> str:
        """Refuse, or say in words what was checked."""
        small, large = _ordered(previous, following, relation)
        one, other = _loop(small), _loop(large)
        if one is None or other is None or type(one) is not type(other):
            msg = "both sides must be one sum, or one product, times a common factor"
            raise Refused(msg)
        if one.limits != other.limits:
            msg = f"different ranges: {one.limits} and {other.limits}"
            raise Refused(msg)
        factor = small / one
        if not context.facts.nonnegative(factor):
            msg = f"the common factor {factor} is not visibly nonnegative"
            raise Refused(msg)
        if factor != large / other:
            context.require_equal(
                factor, large / other, _ALGEBRA, "the factors outside differ"
            )
        inside = context.under(one.limits)
        if isinstance(one, Product) and not inside.facts.nonnegative(one.function):
            msg = f"the factor {one.function} is not visibly nonnegative"
            raise Refused(msg)
        if not inside.facts.nonnegative(self.gap):
            msg = f"{self.gap} is not visibly nonnegative"
            raise Refused(msg)
        difference = other.function - one.function
        refusal = "the certificate is not the gap between the terms"
        _require_gap(inside, difference, self.gap, refusal)
        return f"in every term the gap equals {self.gap}, visibly nonnegative"


def _ordered(previous: Expr, following: Expr, relation: str) -> tuple[Expr, Expr]:
    return (previous, following) if relation == "<=" else (following, previous)


def _loop(e: Expr) -> Any:
    """Return the only sum or product among the factors of e."""
    loops = [f for f in Mul.make_args(e) if isinstance(f, Sum | Product)]
    return loops[0] if len(loops) == 1 else None


@dataclass(frozen=True)
class Convexity:
    """The gap is convex in one variable and touches 0 with slope 0."""

    variable: Symbol
    at: Expr
    second: Expr
    relations = _ORDER

    @property
    def name(self) -> str:
        """What the page says."""
        return f"convex, and touching at {self.variable} = {self.at}"

    def parts(self, *_lines: Expr) -> Parts:
        """Return the expressions of the certificate and the names bound around."""
        return (self.at, ()), (self.second, ())

    def verify(
        self, context: Context, previous: Expr, following: Expr, relation: str
    ) -> str:
        """Refuse, or say in words what was checked.

        On an interval a convex function lies above each of its tangents. The interval
        is the domain that the symbol declares, cut by hypotheses of the form u < c;
        other hypotheses about the variable are set aside.
        """
        u = self.variable
        gap = opened_throughout(_gap(previous, following, relation))
        if type(u) not in (Symbol, Probability) or u.is_integer or not gap.has(u):
            msg = f"{u} is not a real variable of the claim"
            raise Refused(msg)
        if self.at.has(u):
            msg = f"the point of contact {self.at} mentions {u} itself"
            raise Refused(msg)
        interval = context.only(lambda h: u not in h.free_symbols or _cuts(h, u))
        self._check_contact(interval)
        self._check_defined(interval, Derivative(gap, u))
        slope = gap.diff(u)
        self._check_defined(interval, slope)
        self._check_defined(interval, self.second)
        rates = Licence(powers=frozenset({"diff", "explog"}))
        interval.require_equal(Derivative(gap, u), slope, rates, "the slope")
        for what, curve in (("gap", gap), ("slope", slope)):
            there = substitute(curve, {u: self.at})
            refusal = f"the {what} at {self.at} is not 0"
            interval.require_equal(there, S.Zero, _LOGARITHMS, refusal)
        interval.require_equal(
            Derivative(slope, u), self.second, rates, "the second derivative is another"
        )
        if not interval.facts.nonnegative(self.second):
            msg = f"{self.second} is not visibly nonnegative"
            raise Refused(msg)
        return f"second derivative {self.second}, contact at {u} = {self.at}"

    def _check_defined(self, interval: Context, curve: Expr) -> None:
        """Check that a curve is defined on the whole interval."""
        found = complaints(curve, interval.facts, interval.sequences)
        if found:
            msg = f"on the whole domain of {self.variable}: {'; '.join(found)}"
            raise Refused(msg)

    def _check_contact(self, interval: Context) -> None:
        """Check that the point of contact lies in the interval."""
        u = self.variable
        facts = interval.only(lambda h: u not in h.free_symbols).facts
        bounds = [h for h in interval.given if u in h.free_symbols]
        fine = admissible(self.at, u, facts) and all(
            visible(substitute(h, {u: self.at}), facts) for h in bounds
        )
        if not fine:
            msg = f"the point of contact {self.at} is not visibly in the domain of {u}"
            raise Refused(msg)


def _cuts(h: Relational | Each, u: Symbol) -> bool:
    """Tell whether a hypothesis cuts an interval: u < c, u >= c, with c free of u."""
    if isinstance(h, Each) or h.rel_op in ("==", "!="):
        return False
    gap = (h.lhs - h.rhs).expand()
    slope = gap.coeff(u)
    return bool(slope.is_number and not (gap - slope * u).expand().has(u))


def admissible(value: Expr, u: Symbol, facts: Facts) -> bool:
    """Tell whether a value has the sign that a symbol declares."""
    if isinstance(u, Probability):
        return facts.positive(value) and facts.positive(1 - value)
    if u.is_positive:
        return facts.positive(value)
    return facts.nonnegative(value) if u.is_nonnegative else True


def visible(h: Relational, facts: Facts) -> bool:
    """Tell whether an inequality is visible."""
    if h in (S.true, S.false):
        return h is S.true
    gap = h.lhs - h.rhs if h.rel_op in (">", ">=") else h.rhs - h.lhs
    return facts.positive(gap) if h.rel_op in (">", "<") else facts.nonnegative(gap)


@dataclass(frozen=True)
class Enclosure:
    """One real variable in a box: ball arithmetic shows the gap nonnegative."""

    variable: Symbol
    lo: Expr
    hi: Expr
    relations = _ORDER

    @property
    def name(self) -> str:
        """What the page says."""
        return f"interval arithmetic on {self.lo} ≤ {self.variable} ≤ {self.hi}"

    def parts(self, *_lines: Expr) -> Parts:
        """Return the ends of the box."""
        return (self.lo, ()), (self.hi, ())

    def verify(
        self, context: Context, previous: Expr, following: Expr, relation: str
    ) -> str:
        """Refuse, or say in words what was checked."""
        x, gap = self.variable, _gap(previous, following, relation)
        if not isinstance(x, Symbol) or isinstance(x, Label) or x.is_integer:
            msg = f"{x} is not a real variable"
            raise Refused(msg)
        if not (self.lo.is_Rational and self.hi.is_Rational and self.lo <= self.hi):
            msg = f"the box {self.lo}..{self.hi} must have rational ends, in order"
            raise Refused(msg)
        others = gap.free_symbols - {x}
        if others:
            names = ", ".join(sorted(map(str, others)))
            msg = f"only {x} may be free in the claim, not {names}"
            raise Refused(msg)
        facts = context.facts
        if not (facts.nonnegative(x - self.lo) and facts.nonnegative(self.hi - x)):
            msg = f"{self.lo} <= {x} <= {self.hi} is not among the hypotheses"
            raise Refused(msg)
        claim = GreaterThan(gap, 0, evaluate=False)
        if not holds_on_box(claim, x, self.lo, self.hi):
            msg = f"the gap is not shown nonnegative on {self.lo} <= {x} <= {self.hi}"
            raise Refused(msg)
        return f"the gap is enclosed above 0 on {self.lo} <= {x} <= {self.hi}"


@dataclass(frozen=True)
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
            replace(_LOGARITHMS, rewrites=_first_entries(context, start, following)),
            f"the closed form is wrong at {t} = {start}",
        )
        _, tick, rule = context.sequences[v]
        handed_on = substitute(substitute(rule, {tick: t}), {v[t]: following})
        later = anywhere.assuming(t >= start) if start else anywhere
        later.require_equal(
            handed_on,
            substitute(following, {t: t + 1}),
            replace(_LOGARITHMS, rewrites=_next_entries(context, t, following)),
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
        early = substitute(form, {t: Integer(self.start)})
        facts = context.only(lambda h: t not in h.free_symbols).facts
        if found := complaints(early, facts, context.sequences):
            msg = f"the closed form at {t} = {self.start}: {'; '.join(found)}"
            raise Refused(msg)


def _run(sequence: Sequence, v: IndexedBase, steps: int) -> Expr:
    """Return v[steps], by running the recurrence."""
    value, tick, rule = sequence
    for moment in range(steps):
        value = substitute(rule, {tick: Integer(moment), v[tick]: value})
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


@dataclass(frozen=True)
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
            previous.xreplace({integral: change}), following, _LOGARITHMS, "end values"
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
