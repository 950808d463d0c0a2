"""The laws by which one term of a normal form is rewritten, until none applies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Add, Expr, KroneckerDelta, Mul, Pow, S, default_sort_key

from derivations.engine.effort import TERM, spend
from derivations.engine.monomials import is_numeric
from derivations.engine.polarity import Modulus

if TYPE_CHECKING:
    from derivations.engine.normal_form import Prover

__all__ = ["Terms"]


class Terms:
    """Rewrites terms for one prover."""

    def __init__(self, prover: Prover) -> None:
        self.prover = prover

    def tidy(self, e: Expr) -> Expr:
        """Rewrite terms one by one until none changes."""
        while True:
            changed = False
            terms = []
            for t in Add.make_args(e):
                new = self._rewritten(t)
                changed = changed or new is not None
                terms.append(t if new is None else new)
            if not changed:
                return e
            e = Add(*terms)

    def _rewritten(self, t: Expr) -> Expr | None:
        """Return what a term is equal to by the first law that applies, or None."""
        if is_numeric(t):
            return None
        spend(1, "terms rewritten", each=TERM)
        for law in (
            self._divided,
            self._by_rule,
            self._same_index,
            self._odd_absolute,
            self.prover.binomials.absorbed,
            self.prover.sums.shifted_powers,
        ):
            new = law(t)
            if new is not None:
                return new
        return None

    def _divided(self, t: Expr) -> Expr | None:
        """Divide by a denominator: m/D with D = l + r and m = q l is q - q r/D.

        Together with a fixed choice of l (see `Monomials.ends`) this makes the
        splitting of a fraction unique, at least for denominators whose leading terms
        share no factor.
        """
        factors = Mul.make_args(t)
        for f in factors:
            if not (f.is_Pow and f.base.is_Add) or is_numeric(f.base):
                continue
            number = f.exp.as_coeff_Add()[0]
            if not number < 0:
                continue
            for first, rest in self.prover.monomials.ends(f.base, t):
                others = Mul(*(g for g in factors if g is not f))
                quotient = self.prover.monomials.divide(others, first)
                if quotient is None:
                    continue
                raised = S.One if f.exp == -1 else Pow(f.base, f.exp + 1)
                return Add(
                    self.prover.arithmetic.product([quotient, raised]),
                    self.prover.arithmetic.product([S.NegativeOne, quotient, rest, f]),
                )
        return None

    def _by_rule(self, t: Expr) -> Expr | None:
        """Use a hypothesis whose left side is a monomial that divides the term."""
        for rule in self.prover.rewriting.rules:
            if rule.indices:
                continue
            quotient = self.prover.monomials.divide(t, rule.left)
            if quotient is not None:
                return self.prover.arithmetic.product([quotient, rule.right])
        return None

    def _same_index(self, t: Expr) -> Expr | None:
        """Use δ(u, v) f(u) = δ(u, v) f(v), with the larger of the two names gone."""
        if not self.prover.has("delta"):
            return None
        factors = Mul.make_args(t)
        for f in factors:
            if not isinstance(f, KroneckerDelta) or len(f.args) > 2:
                continue
            names = sorted((a for a in f.args if a.is_Symbol), key=default_sort_key)
            if not names:
                continue
            gone = names[-1]
            kept = next(a for a in f.args if a != gone)
            rest = Mul(*(g for g in factors if g is not f))
            if gone in rest.free_symbols and gone not in kept.free_symbols:
                new = self.prover.sums.put(rest, {gone: kept})
                if new is not None:
                    return self.prover.arithmetic.product([f, new])
        return None

    def _odd_absolute(self, t: Expr) -> Expr | None:
        """Write 1/|u| as |u|/u**2."""
        for f in Mul.make_args(t):
            base, x = f.as_base_exp()
            if isinstance(base, Modulus) and x == -1:
                rest = t / f
                return self.prover.arithmetic.product(
                    [rest, base, self.prover.arithmetic.power(base.args[0], S(-2))]
                )
        return None
