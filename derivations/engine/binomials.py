"""Binomial coefficients: Pascal, absorption and the binomial theorem.

Under the power ``binomial`` all coefficients over the same n come to one upper and one
lower index. Pascal's rule C(n+1, k) = C(n, k) + C(n, k-1) divides by nothing and holds
for all whole k when n >= 0; neighbors C(n, k+1) = C(n, k) (n-k)/(k+1) are taken only
where k + 1 > 0 is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Expr, Mul, Pow, S, binomial, exp

from derivations.engine.effort import TERM, expand, spend

if TYPE_CHECKING:
    from derivations.engine.normal_form import Prover

__all__ = ["Binomials"]


class Binomials:
    """The laws of binomial coefficients, for one prover."""

    def __init__(self, prover: Prover) -> None:
        self.prover = prover
        #: Smallest whole offset seen, of upper indices and of lower ones.
        self._upper: dict[Expr, Expr] = {}
        self._lower: dict[tuple[Expr, Expr], Expr] = {}
        self._settled = False

    def settle(self, e: Expr) -> None:
        """Take note of the coefficients that occur, once all are absorbed."""
        for c in e.atoms(binomial):
            shift, name = c.args[0].as_coeff_Add()
            self._upper[name] = min(shift, self._upper.get(name, shift))
        for c in e.atoms(binomial):
            shift, name = c.args[0].as_coeff_Add()
            offset, place = c.args[1].as_coeff_Add()
            # Pascal's rule takes the lower index down with the upper one.
            offset -= shift - self._upper[name]
            key = name, place
            self._lower[key] = min(offset, self._lower.get(key, offset))
        self._settled = True

    def of(self, top: Expr, bottom: Expr) -> Expr:
        """Return the normal form of C(top, bottom), both normalized."""
        spend(1, "binomial coefficients", each=TERM)
        e = binomial(top, bottom)
        if not self.prover.has("binomial") or not isinstance(e, binomial):
            return e
        shift, name = top.as_coeff_Add()
        offset, place = bottom.as_coeff_Add()
        if not (shift.is_Integer and offset.is_Integer):
            return e
        mirrored = name.is_Symbol and name.is_integer and place.coeff(name, 1) == 1
        if mirrored and place != name and self.prover.ranges.nonnegative(top):
            return self.of(top, expand(top - bottom))
        if not self._settled:
            return e
        least = self._upper.get(name, shift)
        if shift > least and self.prover.ranges.nonnegative(top - 1):
            return self.prover.arithmetic.add(
                [self.of(top - 1, bottom), self.of(top - 1, expand(bottom - 1))]
            )
        return self._beside(top, bottom)

    def _beside(self, top: Expr, bottom: Expr) -> Expr:
        """Lower the lower index to the smallest one seen beside it."""
        offset, place = bottom.as_coeff_Add()
        least = self._lower.get((top.as_coeff_Add()[1], place), offset)
        factors = []
        while offset > least and self.prover.ranges.nonnegative(bottom - 1):
            spend(1, "binomial coefficients", each=TERM)
            factors += [top - bottom + 1, self.prover.arithmetic.power(bottom, -S.One)]
            offset, bottom = offset - 1, bottom - 1
        return self.prover.arithmetic.product([*factors, binomial(top, bottom)])

    def absorbed(self, t: Expr) -> Expr | None:
        """Use k C(n, k) = n C(n-1, k-1), for all whole k when n >= 1."""
        if not self.prover.has("binomial"):
            return None
        factors = Mul.make_args(t)
        for f in factors:
            if not isinstance(f, binomial):
                continue
            top, bottom = f.args
            offset, place = bottom.as_coeff_Add()
            rest = self.prover.monomials.divide(
                Mul(*(g for g in factors if g is not f)), place
            )
            if rest is None or not place.is_Symbol:
                continue
            if self.prover.ranges.nonnegative(top - 1):
                lower = self.of(expand(top - 1), expand(bottom - 1))
                return self.prover.arithmetic.add(
                    [
                        self.prover.arithmetic.product([rest, top, lower]),
                        self.prover.arithmetic.product([-offset, rest, f]),
                    ]
                )
        return None

    def theorem(self, factors: list[Expr], limits: list[Any]) -> Expr | None:
        """Use Σ_{k=0}^{n} C(n, k) a^k b^(n-k) = (a + b)^n, up to factors free of k."""
        if not self.prover.has("binomial"):
            return None
        for limit in limits:
            v, lo, hi = limit
            if any(v in (o[1].free_symbols | o[2].free_symbols) for o in limits):
                continue
            mine = [f for f in factors if v in f.free_symbols]
            whole = [f for f in mine if isinstance(f, binomial)]
            if len(whole) != 1 or v in whole[0].args[0].free_symbols:
                continue
            top, bottom = whole[0].args
            start = expand(bottom - v)
            if v in start.free_symbols or not self._covers(lo + start, hi + start, top):
                continue
            powers = [f for f in mine if f is not whole[0]]
            exact = expand(lo + start) == 0 and expand(hi + start - top) == 0
            value = self._expansion(powers, v, top, -start, exact=exact)
            if value is None:
                continue
            others = [f for f in factors if v not in f.free_symbols]
            rest = [o for o in limits if o is not limit]
            return self.prover.sums.over(
                self.prover.arithmetic.product([*others, value]), rest
            )
        return None

    def _covers(self, lo: Expr, hi: Expr, n: Expr) -> bool:
        """Tell whether lo..hi is shown to contain 0..n; C(n, k) is 0 outside."""
        within = self.prover.ranges.nonnegative
        return within(-lo) and within(hi - n) and within(n)

    def _expansion(
        self, powers: list[Expr], v: Any, n: Expr, lo: Expr, *, exact: bool
    ) -> Expr | None:
        """Return Σ_j C(n, j) times powers that are linear in the index v = j + lo.

        Unless the range is exactly 0..n, no base may vanish: 0 times 1/0 is not 0.
        """
        rising, falling, out = S.One, S.One, [S.One]
        for f in powers:
            base, x = (S.Exp1, f.args[0]) if isinstance(f, exp) else f.as_base_exp()
            x = expand(x.xreplace({v: v + lo}))
            slope = x.coeff(v, 1)
            fixed = expand(x - slope * v)
            if v in base.free_symbols or v in fixed.free_symbols:
                return None
            if base is not S.Exp1 and not (slope.is_Integer and fixed.is_integer):
                return None
            if slope.is_Integer and slope < 0:
                falling *= Pow(base, -slope)
                fixed = expand(fixed + slope * n)
            else:
                rising *= Pow(base, slope)
            nonzero = base is S.Exp1 or self.prover.signs.nonzero(base)
            if not nonzero and not (exact and self.prover.ranges.nonnegative(fixed)):
                return None
            out.append(self.prover.arithmetic.power(base, fixed))
        both = self.prover.nf(rising + falling)
        return self.prover.arithmetic.product(
            [*out, self.prover.arithmetic.power(both, n)]
        )
