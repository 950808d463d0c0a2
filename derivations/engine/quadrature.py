"""Rigorous integrals: python-flint's adaptive quadrature, with bounds for tails.

A bounded range of a function that is analytic up to finitely many kinks goes straight
to ``acb.integral``. A range that ends at ±∞, or at a singularity of the integrand, ends
in a *ray*

    x = offset ± v      or      x = offset ± 1/v,       v from c to ∞,   c ≥ 1,

which is cut at a v = T so far out that what is left is negligible *and bounded* (see
`tails`). Where no bound is found, there is no value: nothing is cut silently.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import sympy
from flint import acb, arb, ctx

from derivations.engine.balls import (
    IndeterminateError,
    Jet,
    Number,
    UndefinedError,
    value_of,
)
from derivations.engine.tails import Form, Majorant, Ray

if TYPE_CHECKING:
    from derivations.engine.evaluation import Evaluator, Scope

__all__ = ["integrate"]

_CUTS = [2.0 * 1.25**k for k in range(30)]  # of log v, where a ray may be cut
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
        start = (v.real.ceil() + 1).upper()
        start = start if start > 1 else arb(1)
        near = self._bounded(end, side * start)
        return side * near + self._ray(Ray(arb(0), side, 1), start)

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
            ray = Ray(end, side, -1)
            if start >= 1:
                return self._ray(ray, start)
            knot = ray.at(arb(1))
            gap = middle - knot
            inner = self._quadrature(
                lambda s: (knot + gap * s, abs(gap)), arb(0), arb(1)
            )
            return inner + self._ray(ray, arb(1))

    def _ray(self, ray: Ray, start: Any) -> Number:
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
            raise IndeterminateError(msg)

        def along(w: Any) -> tuple[Number, Number]:
            v = w.exp()
            return ray.at(v), ray.weight(v) * v

        found = self._quadrature(along, start.log(), end, _PATIENCE)
        tails = {mask: arb(0, rest.upper()) for mask, rest in rests.items()}
        return found + (Jet(tails) if len(tails) > 1 else tails[0])

    def _tail(self, ray: Ray) -> dict[int, Form]:
        """Return what bounds the integrand along a ray, for each infinitesimal."""
        majorant = Majorant(self.evaluator, self.scope, {self.variable: ray.form()})
        try:
            bound = majorant.of(self.body)
        except UndefinedError as reason:
            msg = f"the integral of {self.body} cannot be enclosed: {reason}"
            raise UndefinedError(msg) from None
        parts = bound.parts if isinstance(bound, Jet) else {0: bound}
        weight = ray.weight_form()
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
        trouble: list[Exception] = []  # no exception may pass through flint

        def value(s: Any) -> Number:
            x, slope = path(s)
            inner = {**self.scope, self.variable: x}
            return slope * self.evaluator.value(self.body, inner)

        def integrand(s: Any, analytic: bool) -> Any:  # noqa: FBT001 -- flint's protocol
            if trouble:
                return acb(arb.nan())
            try:
                with self.evaluator.integrating(self.body, analytic=analytic):
                    number = value(s)
            except UndefinedError:
                return acb(arb.nan())
            except Exception as other:
                trouble.append(other)
                return acb(arb.nan())
            if isinstance(number, Jet):
                return acb(number.parts.get(mask, 0))
            return acb(0 if mask else number)

        with suppress(UndefinedError):
            value((lo + hi) / 2)  # a random variable without an outcome shows here
        small = arb(2) ** -self.goal
        result = acb.integral(
            integrand, lo, hi, rel_tol=small, abs_tol=small, eval_limit=patience
        )
        if trouble:
            raise trouble[0]
        return self._checked(result)

    def _checked(self, result: Any) -> Number:
        """Return an integral as a real ball, unless something around it is complex."""
        if any(isinstance(value_of(u), acb) for u in self.scope.values()):
            return result
        if not result.is_finite():
            msg = f"the integral of {self.body} cannot be enclosed"
            raise IndeterminateError(msg)
        if not result.imag.contains(0):
            msg = f"the integral of {self.body} is not real"
            raise UndefinedError(msg)
        return result.real
