"""Certificates of inequalities.

An inequality is never proved by a normal form. It is accepted with a certificate that
makes it visible: a gap that is a sum of squares, a comparison term by term, a point of
contact and a sign of the second derivative, an enclosure in ball arithmetic. Each is
checked by its own `verify`, which refuses or says in words what was checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import (
    Derivative,
    Expr,
    GreaterThan,
    Mul,
    Product,
    S,
    Sum,
    Symbol,
)
from sympy.core.relational import Relational

from derivations.engine.audit import complaints
from derivations.engine.context import Context, Parts, Refused
from derivations.engine.interpreter import holds_on_box
from derivations.engine.language import Defined, Each, Label, Probability
from derivations.engine.normal_form import Licence
from derivations.engine.signs import Facts, admissible
from derivations.engine.substitution import opened_throughout, substitute

__all__ = ["Convexity", "Enclosure", "Square", "Termwise", "admissible", "visible"]

_ALGEBRA = Licence()
LOGARITHMS = Licence(powers=frozenset({"explog", "peel"}))
_ORDER = frozenset({"<=", ">="})


def _gap(previous: Expr, following: Expr, relation: str) -> Expr:
    """Return what must be nonnegative for the step to hold."""
    return following - previous if relation == "<=" else previous - following


def _require_gap(context: Context, gap: Expr, shown: Expr, refusal: str) -> None:
    """Refuse unless the gap is the one shown, with definitions opened if need be."""
    if context.proves(gap, shown, LOGARITHMS):
        return
    functions = frozenset(type(f) for f in (gap - shown).atoms(Defined))
    licence = Licence(powers=LOGARITHMS.powers, unfold=functions)
    context.require_equal(gap, shown, licence, refusal)


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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
            interval.require_equal(there, S.Zero, LOGARITHMS, refusal)
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


def visible(h: Relational, facts: Facts) -> bool:
    """Tell whether an inequality is visible."""
    if h in (S.true, S.false):
        return h is S.true
    gap = h.lhs - h.rhs if h.rel_op in (">", ">=") else h.rhs - h.lhs
    return facts.positive(gap) if h.rel_op in (">", "<") else facts.nonnegative(gap)


@dataclass(frozen=True, slots=True)
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
