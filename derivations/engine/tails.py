"""Tails of integrals: what bounds an integrand towards infinity or a singularity.

A *ray* leads there,

    x = offset ± v      or      x = offset ± 1/v,       v from c to ∞,   c ≥ 1.

Along it the integrand is majorized by a sum of terms

    C vᵖ exp(Σ bₘ vᵐ),      v ≥ T ≥ 1,

whose integral from T to ∞ has an elementary bound. `Majorant` finds such sums from the
structure of an expression. It knows no more than it must: where it finds none, there is
no value, and nothing is cut silently. (One module: the sums and the finding of them are
to be reviewed together.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import product as pairs
from math import factorial
from typing import TYPE_CHECKING, Any

import sympy
from flint import arb

from derivations.engine.balls import Jet, Number, UndefinedError, rational
from derivations.engine.effort import spend
from derivations.engine.language import Defined

if TYPE_CHECKING:
    from derivations.engine.evaluation import Evaluator, Scope

__all__ = ["Form", "Majorant", "Ray", "Term"]


@dataclass(frozen=True)
class Ray:
    """x = offset + side·v^orientation for v ≥ 1; dx = weight(v) dv."""

    offset: Number
    side: int
    orientation: int

    def at(self, v: Number) -> Number:
        """Return x."""
        return self.offset + self.side * (v if self.orientation > 0 else 1 / v)

    def weight(self, v: Number) -> Number:
        """Return dx/dv, without its sign."""
        return 1 if self.orientation > 0 else 1 / (v * v)

    def form(self) -> Form:
        """Return x as a sum of powers of v."""
        moving = Term(arb(self.side), arb(self.orientation), ())
        if self.offset.is_zero():
            return Form((moving,))
        return Form((Term(self.offset, arb(0), ()), moving))

    def weight_form(self) -> Form:
        """Return the weight as a power of v."""
        return Form((Term(arb(1), arb(0 if self.orientation > 0 else -2), ()),))


@dataclass(frozen=True)
class Term:
    """C vᵖ exp(Σ bₘ vᵐ); `rates` holds the pairs (m, bₘ), ordered by m."""

    coefficient: Number
    power: Number
    rates: tuple[tuple[Fraction, Number], ...]

    def __mul__(self, other: Term) -> Term:
        rates = dict(self.rates)
        for m, b in other.rates:
            rates[m] = rates[m] + b if m in rates else b
        return Term(
            self.coefficient * other.coefficient,
            self.power + other.power,
            tuple(sorted(rates.items())),
        )

    def raised(self, q: Number) -> Term:
        """Return the term to a real power; the coefficient must be positive."""
        return Term(
            (q * self.coefficient.log()).exp(),
            q * self.power,
            tuple((m, q * b) for m, b in self.rates),
        )

    def form(self) -> Form:
        """Return the sum that has no other term."""
        return Form((self,))

    def size(self) -> float:
        """Return about log |term| at v = 2²⁰, to compare growth."""
        size = float(self.power) * 13.8629 + float(abs(self.coefficient).log())
        return size + sum(
            float(b) * 2.0 ** min(20 * float(m), 1000.0) for m, b in self.rates
        )

    def rest(self, cut: Any) -> Any:
        """Return a bound of ∫ |term| dv from the cut to ∞, or None: cut further out."""
        scale, growing = abs(self.coefficient), []
        for m, b in self.rates:
            if m > 0:
                growing.append((m, b))
            elif not b <= 0:
                scale = scale * (abs(b) * _whole_or_root(cut, m)).exp()
        p = self.power
        if not growing:
            if not p < -1:
                msg = f"no tail bound: the integrand may decay like v^({p.str(4)})"
                raise UndefinedError(msg)
            return scale * ((p + 1) * cut.log()).exp() / (-p - 1)
        (*lower, (m, b)) = growing
        beta = -b
        for k, c in lower:
            beta = beta - (abs(c) if not c <= 0 else 0) * _whole_or_root(cut, k - m)
        reach = beta * _whole_or_root(cut, m)
        if not b < 0:
            msg = "no tail bound: the integrand may grow"
            raise UndefinedError(msg)
        # v² · vᵖ exp(-β vᵐ) falls from the cut on: compare with the integral of 1/v²
        if not (beta > 0 and p + 2 <= reach * rational(m)):
            return None
        return scale * ((p + 1) * cut.log() - reach).exp()


def _whole_or_root(v: Any, m: Fraction) -> Any:
    """Return vᵐ for v > 0."""
    return (rational(m) * v.log()).exp()


@dataclass(frozen=True)
class Form:
    """A sum of terms. Forms add and multiply, so that jets of forms do, too."""

    terms: tuple[Term, ...]

    def __add__(self, other: Any) -> Form:
        if isinstance(other, Jet):
            return NotImplemented
        return Form(_collected(self.terms + _lift(other).terms))

    __radd__ = __add__

    def __mul__(self, other: Any) -> Form:
        if isinstance(other, Jet):
            return NotImplemented
        terms = _lift(other).terms
        spend(len(self.terms) * len(terms), "terms of the bound of a tail", each=5)
        return Form(tuple(s * t for s, t in pairs(self.terms, terms)))

    __rmul__ = __mul__

    def absolute(self) -> Form:
        """Return the form with the size of every coefficient."""
        return Form(
            tuple(Term(abs(t.coefficient), t.power, t.rates) for t in self.terms)
        )

    def exp(self) -> Form:
        """Return the exponential of a sum of powers of v."""
        constant, rates = arb(0), dict[Fraction, Number]()
        for term in self.terms:
            m = _rational_exponent(term)
            if m == 0:
                constant = constant + term.coefficient
            else:
                old = rates.get(m, 0)
                rates[m] = old + term.coefficient
        ordered = tuple(sorted((m, b) for m, b in rates.items() if not b.is_zero()))
        return Form((Term(constant.exp(), arb(0), ordered),))

    def dominant(self) -> Term:
        """Return a term that the sum is not less than; all must be positive."""
        if not all(term.coefficient > 0 for term in self.terms):
            msg = "no tail bound: a denominator is not a sum of positive terms"
            raise UndefinedError(msg)
        return max(self.terms, key=Term.size)

    def rest(self, cut: Any) -> Any:
        """Return a bound of the integral from the cut to ∞, or None: cut further."""
        total = arb(0)
        for term in self.terms:
            part = term.rest(cut)
            if part is None:
                return None
            total = total + part
        return total


def _collected(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Merge plain powers with the same exponent; drop what is exactly zero."""
    spend(len(terms) ** 2, "terms of the bound of a tail")
    powers: list[Term] = []
    others: list[Term] = []
    for term in terms:
        if term.rates:
            others.append(term)
            continue
        for k, known in enumerate(powers):
            if (known.power - term.power).is_zero():
                total = known.coefficient + term.coefficient
                powers[k] = Term(total, term.power, ())
                break
        else:
            powers.append(term)
    return tuple(t for t in powers + others if not t.coefficient.is_zero())


def _rational_exponent(term: Term) -> Fraction:
    """Return p for a term C vᵖ with a known rational p."""
    p = term.power
    quarter = 4 * p
    if term.rates or not (quarter.is_exact() and quarter.is_integer()):
        msg = "no tail bound for the exponential of what is not a sum of powers"
        raise UndefinedError(msg)
    return Fraction(int(float(quarter)), 4)


def _lift(number: Any) -> Form:
    if isinstance(number, Form):
        return number
    return Form((Term(number + arb(0), arb(0), ()),))


class Majorant:
    """Finds forms that equal, or bound the size of, expressions along a ray."""

    def __init__(
        self, evaluator: Evaluator, scope: Scope, forms: Mapping[Any, Any]
    ) -> None:
        self.evaluator, self.scope, self.forms = evaluator, scope, forms

    def _constant(self, e: Any) -> Number | None:
        """Return the value of what does not move, as a form or a jet of forms."""
        if e.free_symbols & self.forms.keys():
            return None
        number = self.evaluator.value(e, self.scope)
        if isinstance(number, Jet):
            return Jet({mask: _lift(part) for mask, part in number.parts.items()})
        return _lift(number)

    def _inside(self, e: Any) -> Majorant:
        """Return the majorant for the body of a defined function."""
        forms = {}
        for parameter, argument in zip(type(e).body.variables, e.args, strict=True):
            form = self.exact(argument)
            if form is None:
                msg = f"no tail bound for {e}"
                raise UndefinedError(msg)
            forms[parameter] = form
        return Majorant(self.evaluator, {}, forms)

    # ------------------------------------------------------------ equality

    def exact(self, e: Any) -> Any:
        """Return a form (or a jet of forms) equal to e, or None."""
        constant = self._constant(e)
        if constant is not None:
            return constant
        if e in self.forms:
            return self.forms[e]
        if isinstance(e, Defined):
            return self._inside(e).exact(type(e).body.expr)
        if isinstance(e, sympy.exp | sympy.Abs):
            inside = self.exact(e.args[0])
            if isinstance(e, sympy.exp) or inside is None:
                return _exponential(inside)
            single = isinstance(inside, Form) and len(inside.terms) == 1
            return inside.absolute() if single else None
        if e.is_Pow:
            return self._exact_power(e)
        if not (e.is_Add or e.is_Mul):
            return None
        parts = [self.exact(part) for part in e.args]
        if any(part is None for part in parts):
            return None
        return reduce(lambda a, b: a + b if e.is_Add else a * b, parts)

    def _exact_power(self, e: Any) -> Any:
        base, exponent = self.exact(e.base), e.exp
        if base is None or exponent.free_symbols & self.forms.keys():
            return None
        q = self.evaluator.exact(exponent, self.scope)
        if q is not None and q.denominator == 1 and q >= 0:
            return reduce(lambda a, b: a * b, [base] * q.numerator, _lift(1))
        if isinstance(base, Jet) or len(base.terms) != 1:
            return None
        power = self.evaluator.value(exponent, self.scope)
        if isinstance(power, Jet):
            return None
        (term,) = base.terms
        if q is not None and q.denominator == 1 and term.coefficient < 0:
            flipped = Term(-term.coefficient, term.power, term.rates)
            return flipped.raised(power).form() * arb(-1 if q.numerator % 2 else 1)
        return term.raised(power).form() if term.coefficient > 0 else None

    # ------------------------------------------------------------ bounds

    def of(self, e: Any) -> Any:
        """Return a form that |e| does not exceed."""
        exact = self.exact(e)
        if isinstance(exact, Jet):
            return Jet({mask: form.absolute() for mask, form in exact.parts.items()})
        if exact is not None:
            return exact.absolute()
        if isinstance(e, sympy.Add | sympy.Max | sympy.Min):
            return self._sum(e.args)
        if isinstance(e, sympy.Mul):
            return reduce(lambda a, b: a * b, map(self.of, e.args))
        if isinstance(e, sympy.Piecewise):
            return self._sum(pair[0] for pair in e.args)
        return self._function(e)

    def _function(self, e: Any) -> Any:
        if isinstance(e, sympy.Abs):
            return self.of(e.args[0])
        if type(e) in _BOUNDED and self.evaluator.masks == range(1):
            return _lift(_BOUNDED[type(e)])
        if isinstance(e, Defined):
            return self._inside(e).of(type(e).body.expr)
        if isinstance(e, sympy.log):
            return self._logarithm(e.args[0])
        if e.is_Pow:
            return self._power(e)
        msg = f"no tail bound for {e}"
        raise UndefinedError(msg)

    def _sum(self, parts: Iterable[Any]) -> Any:
        return reduce(lambda a, b: a + b, map(self.of, parts))

    def _logarithm(self, y: Any) -> Form:
        """Bound |log y|: exactly for a term, by y + 1/y for anything positive."""
        exact = self.exact(y)
        if isinstance(exact, Form) and len(exact.terms) == 1:
            (term,) = exact.terms
            # log v ≤ √v
            out = _lift(abs(term.coefficient.log())) + Form(
                (Term(abs(term.power), arb(1) / 2, ()),)
            )
            rates = tuple(Term(abs(b), rational(m), ()) for m, b in term.rates)
            return out + Form(rates)
        return self.of(y) + self.lower(y).raised(arb(-1)).form()

    def _power(self, e: Any) -> Any:
        if e.exp.free_symbols & self.forms.keys() or self.evaluator.masks != range(1):
            msg = f"no tail bound for {e}"
            raise UndefinedError(msg)
        q = self.evaluator.value(e.exp, self.scope)
        if q < 0:
            return self.lower(e.base).raised(q).form()
        whole = self.evaluator.exact(e.exp, self.scope)
        base = self.of(e.base)
        if whole is not None and whole.denominator == 1:
            return reduce(lambda a, b: a * b, [base] * whole.numerator, _lift(1))
        if q <= 1:  # (Σ t)^q ≤ Σ t^q
            positive = (term for term in base.terms if not term.coefficient.is_zero())
            return Form(tuple(term.raised(q) for term in positive))
        msg = f"no tail bound for {e}"
        raise UndefinedError(msg)

    def lower(self, e: Any) -> Term:
        """Return a positive term that |e| is not less than."""
        exact = self.exact(e)
        if isinstance(exact, Form):
            single = exact.absolute() if len(exact.terms) == 1 else exact
            return single.dominant()
        msg = f"no tail bound for 1/({e})"
        raise UndefinedError(msg)


_BOUNDED: dict[type, int] = {
    sympy.tanh: 1,
    sympy.erf: 1,
    sympy.erfc: 2,
    sympy.sin: 1,
    sympy.cos: 1,
    sympy.sign: 1,
    sympy.Heaviside: 1,
}


def _exponential(form: Any) -> Any:
    """Return exp of a form, or of a jet of forms."""
    if form is None or isinstance(form, Form):
        return None if form is None else form.exp()
    unit = form.parts[0].exp()
    return form.compose([unit * (arb(1) / factorial(k)) for k in range(form.order + 1)])
