"""Rigorous integrals: python-flint's adaptive quadrature, with bounds for tails.

A bounded range of a function that is analytic up to finitely many kinks goes straight
to ``acb.integral``. A range that ends at ±∞, or at a singularity of the integrand, ends
in a *ray*

    x = offset ± v      or      x = offset ± 1/v,       v from c to ∞,   c ≥ 1,

which is cut at a v = T so far out that what is left is negligible *and bounded*: the
integrand is majorized by a sum of terms

    C vᵖ exp(Σ bₘ vᵐ),      v ≥ T,

whose integral from T to ∞ has an elementary bound. Where no majorant is found, there is
no value: nothing is cut silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import product as pairs
from math import factorial
from typing import TYPE_CHECKING, Any

import sympy
from flint import acb, arb, ctx

from derivations.engine.balls import (
    IndeterminateError,
    Jet,
    Number,
    UndefinedError,
    rational,
    value_of,
)
from derivations.engine.language import Defined

if TYPE_CHECKING:
    from derivations.engine.evaluation import Evaluator, Scope

__all__ = ["integrate"]

_CUTS = [2.0 * 1.25**k for k in range(60)]  # of log v, where a ray may be cut
_PATIENCE = 16_000  # evaluations before an integral is given up
_FINEST = 512  # bits: more would take seconds and serve nobody


def integrate(evaluator: Evaluator, e: Any, scope: Scope) -> Number:
    """Return a definite integral; the last limit is the outermost.

    Parameters
    ----------
    evaluator : Evaluator
        Where the integrand is evaluated.
    e : sympy.Integral
        The integral.
    scope : dict
        The values of bound symbols.

    Raises
    ------
    UndefinedError
        If the integral cannot be enclosed, with the reason.
    """
    limits = e.limits
    if any(len(limit) != 3 for limit in limits):
        msg = f"{e} has no limits"
        raise UndefinedError(msg)
    *inner, (variable, lo, hi) = limits
    body = e.func(e.function, *inner) if inner else e.function
    with ctx.workprec(min(ctx.prec, _FINEST)):
        return _Problem(evaluator, body, variable, scope).between(lo, hi)


@dataclass(frozen=True)
class _Ray:
    """x = offset + side·v^orientation for v ≥ 1; dx = weight(v) dv."""

    offset: Number
    side: int
    orientation: int

    def at(self, v: Number) -> Number:
        return self.offset + self.side * (v if self.orientation > 0 else 1 / v)

    def weight(self, v: Number) -> Number:
        return 1 if self.orientation > 0 else 1 / (v * v)


class _Problem:
    """One integral: an integrand in one variable."""

    def __init__(
        self, evaluator: Evaluator, body: Any, variable: Any, scope: Scope
    ) -> None:
        self.evaluator, self.body = evaluator, body
        self.variable, self.scope = variable, scope
        self.goal = ctx.prec // 2 + 4  # how many bits are wanted

    def between(self, lo: Any, hi: Any) -> Number:
        """Integrate from lo to hi, either of which may be infinite."""
        if lo == sympy.oo or hi == -sympy.oo:
            return -self.between(hi, lo)
        if lo == -sympy.oo and hi == sympy.oo:
            return self.between(lo, sympy.Integer(0)) + self.between(
                sympy.Integer(0), hi
            )
        if hi == sympy.oo:
            return self._half_line(self.evaluator.value(lo, self.scope), 1)
        if lo == -sympy.oo:
            return self._half_line(self.evaluator.value(hi, self.scope), -1)
        ends = [self.evaluator.value(end, self.scope) for end in (lo, hi)]
        return self._bounded(*ends)

    # ------------------------------------------------------------ pieces

    def _half_line(self, end: Number, side: int) -> Number:
        """Integrate from the end to ∞ (side 1), or from -∞ to the end (side -1)."""
        v = side * value_of(end)
        start = arb(max(1, int(float(v.real.upper())) + 1))
        near = self._bounded(end, side * start)
        return side * near + self._ray(_Ray(arb(0), side, 1), start)

    def _bounded(self, lo: Number, hi: Number) -> Number:
        """Integrate over a bounded range; try again with rays if an end is singular."""
        width = hi - lo
        if not isinstance(width, Jet) and width.is_zero():
            return width
        try:
            return self._quadrature(lambda s: (lo + width * s, width), arb(0), arb(1))
        except IndeterminateError:
            if isinstance(width, Jet) or not isinstance(width, arb):
                raise
        middle, side = (lo + hi) / 2, 1 if width > 0 else -1
        parts = self._to_end(lo, middle, side), self._to_end(hi, middle, -side)
        return side * (parts[0] + parts[1])

    def _to_end(self, end: Number, middle: Number, side: int) -> Number:
        """Integrate upwards between a point and an end that may be singular."""
        width = middle - end
        try:
            return self._quadrature(
                lambda s: (end + width * s, abs(width)), arb(0), arb(1)
            )
        except IndeterminateError:
            start = 1 / abs(width)
        # Near a singularity at v = T, x - offset loses as many bits as T has.
        with ctx.workprec(3 * ctx.prec):
            ray = _Ray(end, side, -1)
            if start >= 1:
                return self._ray(ray, start)
            knot = ray.at(arb(1))
            gap = middle - knot
            inner = self._quadrature(
                lambda s: (knot + gap * s, abs(gap)), arb(0), arb(1)
            )
            return inner + self._ray(ray, arb(1))

    def _ray(self, ray: _Ray, start: Any) -> Number:
        """Integrate over v ≥ start, in w = log v, up to a cut with a proven rest."""
        forms = self._tail(ray)
        for cut in _CUTS:
            end = start.log() + cut
            rests = {mask: form.rest(end.exp()) for mask, form in forms.items()}
            small = arb(2) ** -self.goal
            if all(rest is not None and rest < small for rest in rests.values()):
                break
        else:
            msg = f"the tail of {self.body} does not become small enough"
            raise UndefinedError(msg)

        def along(w: Any) -> tuple[Number, Number]:
            v = w.exp()
            return ray.at(v), ray.weight(v) * v

        found = self._quadrature(along, start.log(), end, _PATIENCE)
        tails = {mask: arb(0, rest.upper()) for mask, rest in rests.items()}
        return found + (Jet(tails) if len(tails) > 1 else tails[0])

    def _tail(self, ray: _Ray) -> dict[int, _Form]:
        """Return what bounds the integrand along a ray, for each infinitesimal."""
        majorant = _Majorant(self.evaluator, self.scope, {self.variable: _form(ray)})
        try:
            bound = majorant.of(self.body)
        except UndefinedError as reason:
            msg = f"the integral of {self.body} cannot be enclosed: {reason}"
            raise UndefinedError(msg) from None
        parts = bound.parts if isinstance(bound, Jet) else {0: bound}
        weight = _Form((_Term(arb(1), arb(0 if ray.orientation > 0 else -2), ()),))
        return {mask: form * weight for mask, form in parts.items()}

    def _quadrature(
        self,
        path: Callable[[Any], tuple[Number, Number]],
        lo: Any,
        hi: Any,
        patience: int = _PATIENCE // 4,
    ) -> Number:
        """Integrate body(x(s)) x'(s) ds, where path(s) = (x(s), x'(s))."""
        parts = {
            mask: self._part(path, lo, hi, (mask, patience))
            for mask in self.evaluator.masks
        }
        return Jet(parts) if len(parts) > 1 else parts[0]

    def _part(
        self,
        path: Callable[[Any], tuple[Number, Number]],
        lo: Any,
        hi: Any,
        options: tuple[int, int],
    ) -> Number:
        """Integrate the part that belongs to one mask, with so much patience."""
        mask, patience = options

        def integrand(s: Any, analytic: bool) -> Any:  # noqa: FBT001 -- flint's protocol
            with self.evaluator.integrating(analytic=analytic):
                try:
                    x, slope = path(s)
                    inner = {**self.scope, self.variable: x}
                    number = slope * self.evaluator.value(self.body, inner)
                except UndefinedError:
                    return acb(arb.nan())
            if isinstance(number, Jet):
                return acb(number.parts.get(mask, 0))
            return acb(0 if mask else number)

        small = arb(2) ** -self.goal
        result = acb.integral(
            integrand, lo, hi, rel_tol=small, abs_tol=small, eval_limit=patience
        )
        complex_scope = any(
            isinstance(value_of(number), acb) for number in self.scope.values()
        )
        if complex_scope:
            return result
        if not result.is_finite():
            msg = f"the integral of {self.body} cannot be enclosed"
            raise IndeterminateError(msg)
        if not result.imag.contains(0):
            msg = f"the integral of {self.body} is not real"
            raise UndefinedError(msg)
        return result.real


# ---------------------------------------------------------------- forms in v ≥ T ≥ 1


@dataclass(frozen=True)
class _Term:
    """C vᵖ exp(Σ bₘ vᵐ); `rates` holds the pairs (m, bₘ), ordered by m."""

    coefficient: Number
    power: Number
    rates: tuple[tuple[Fraction, Number], ...]

    def __mul__(self, other: _Term) -> _Term:
        rates = dict(self.rates)
        for m, b in other.rates:
            rates[m] = rates[m] + b if m in rates else b
        return _Term(
            self.coefficient * other.coefficient,
            self.power + other.power,
            tuple(sorted(rates.items())),
        )

    def raised(self, q: Number) -> _Term:
        """Return the term to a real power; the coefficient must be positive."""
        return _Term(
            (q * self.coefficient.log()).exp(),
            q * self.power,
            tuple((m, q * b) for m, b in self.rates),
        )

    def form(self) -> _Form:
        """Return the sum that has no other term."""
        return _Form((self,))

    def size(self) -> float:
        """Return about log |term| at v = 2²⁰, to compare growth."""
        size = float(self.power) * 13.8629 + float(abs(self.coefficient).log())
        return size + sum(float(b) * 2.0 ** (20 * float(m)) for m, b in self.rates)

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
class _Form:
    """A sum of terms. Forms add and multiply, so that jets of forms do, too."""

    terms: tuple[_Term, ...]

    def __add__(self, other: Any) -> _Form:
        if isinstance(other, Jet):
            return NotImplemented
        return _Form(_collected(self.terms + _lift(other).terms))

    __radd__ = __add__

    def __mul__(self, other: Any) -> _Form:
        if isinstance(other, Jet):
            return NotImplemented
        return _Form(tuple(s * t for s, t in pairs(self.terms, _lift(other).terms)))

    __rmul__ = __mul__

    def absolute(self) -> _Form:
        """Return the form with the size of every coefficient."""
        return _Form(
            tuple(_Term(abs(t.coefficient), t.power, t.rates) for t in self.terms)
        )

    def exp(self) -> _Form:
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
        return _Form((_Term(constant.exp(), arb(0), ordered),))

    def dominant(self) -> _Term:
        """Return a term that the sum is not less than; all must be positive."""
        if not all(term.coefficient > 0 for term in self.terms):
            msg = "no tail bound: a denominator is not a sum of positive terms"
            raise UndefinedError(msg)
        return max(self.terms, key=_Term.size)

    def rest(self, cut: Any) -> Any:
        """Return a bound of the integral from the cut to ∞, or None: cut further."""
        total = arb(0)
        for term in self.terms:
            part = term.rest(cut)
            if part is None:
                return None
            total = total + part
        return total


def _collected(terms: tuple[_Term, ...]) -> tuple[_Term, ...]:
    """Merge plain powers with the same exponent; drop what is exactly zero."""
    powers: list[_Term] = []
    others: list[_Term] = []
    for term in terms:
        if term.rates:
            others.append(term)
            continue
        for k, known in enumerate(powers):
            if (known.power - term.power).is_zero():
                total = known.coefficient + term.coefficient
                powers[k] = _Term(total, term.power, ())
                break
        else:
            powers.append(term)
    return tuple(t for t in powers + others if not t.coefficient.is_zero())


def _rational_exponent(term: _Term) -> Fraction:
    """Return p for a term C vᵖ with a known rational p."""
    p = term.power
    quarter = 4 * p
    if term.rates or not (quarter.is_exact() and quarter.is_integer()):
        msg = "no tail bound for the exponential of what is not a sum of powers"
        raise UndefinedError(msg)
    return Fraction(int(float(quarter)), 4)


def _lift(number: Any) -> _Form:
    if isinstance(number, _Form):
        return number
    return _Form((_Term(number + arb(0), arb(0), ()),))


def _form(ray: _Ray) -> _Form:
    moving = _Term(arb(ray.side), arb(ray.orientation), ())
    if ray.offset.is_zero():
        return _Form((moving,))
    return _Form((_Term(ray.offset, arb(0), ()), moving))


class _Majorant:
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

    def _inside(self, e: Any) -> _Majorant:
        """Return the majorant for the body of a defined function."""
        forms = {}
        for parameter, argument in zip(type(e).body.variables, e.args, strict=True):
            form = self.exact(argument)
            if form is None:
                msg = f"no tail bound for {e}"
                raise UndefinedError(msg)
            forms[parameter] = form
        return _Majorant(self.evaluator, {}, forms)

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
            single = isinstance(inside, _Form) and len(inside.terms) == 1
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
            flipped = _Term(-term.coefficient, term.power, term.rates)
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

    def _logarithm(self, y: Any) -> _Form:
        """Bound |log y|: exactly for a term, by y + 1/y for anything positive."""
        exact = self.exact(y)
        if isinstance(exact, _Form) and len(exact.terms) == 1:
            (term,) = exact.terms
            # log v ≤ √v
            out = _lift(abs(term.coefficient.log())) + _Form(
                (_Term(abs(term.power), arb(1) / 2, ()),)
            )
            rates = tuple(_Term(abs(b), rational(m), ()) for m, b in term.rates)
            return out + _Form(rates)
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
            return _Form(tuple(term.raised(q) for term in positive))
        msg = f"no tail bound for {e}"
        raise UndefinedError(msg)

    def lower(self, e: Any) -> _Term:
        """Return a positive term that |e| is not less than."""
        exact = self.exact(e)
        if isinstance(exact, _Form):
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
    if form is None or isinstance(form, _Form):
        return None if form is None else form.exp()
    unit = form.parts[0].exp()
    return form.compose([unit * (arb(1) / factorial(k)) for k in range(form.order + 1)])
