"""What a hypothesis has in common with an expression whose sign is in question.

With Σ x² > 0 given, Σ (p x)² is p² times as much, and as positive as p². Both are put
into normal form, with constants out of sums, and their factors are compared; or one is
taken from the other. The answer holds wherever both expressions are defined.
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Add, Expr, Mul, S, Symbol

from derivations.engine.normal_form import Licence, Prover, plain

__all__ = ["Multiples"]

#: A number, and powers as (base, exponent).
Factors = tuple[Expr, dict[Expr, Expr]]


class Multiples:
    """Factors and terms of expressions: what one has that another lacks.

    Parameters
    ----------
    ranges : mapping of Symbol to (lo, hi)
        Ranges of the names that are free here.
    """

    def __init__(self, ranges: Mapping[Symbol, tuple[Expr, Expr]]) -> None:
        self._prover = Prover(Licence(), ranges)
        self._known: dict[Expr, Factors] = {}

    def quotient(self, e: Expr, f: Expr) -> Factors | None:
        """Return the factors of r in e = r f; None where f is 0.

        Where r has a factor with a negative exponent, the equation holds if its base
        is not 0.
        """
        over, under = self._factors(e), self._factors(f)
        if under[0] == 0:
            return None
        powers = dict(over[1])
        for base, k in under[1].items():
            powers[base] = powers.get(base, S.Zero) - k
        left = {plain(base): k for base, k in powers.items() if k != 0}
        return over[0] / under[0], left

    def rest(self, e: Expr, f: Expr) -> Expr | None:
        """Return e - f; None where it does not have fewer terms than e."""
        whole, left = self._prover.nf(e), self._prover.nf(e - f)
        fewer = len(Add.make_args(left)) < len(Add.make_args(whole))
        return plain(left) if fewer else None

    def _factors(self, e: Expr) -> Factors:
        if e not in self._known:
            number, powers = S.One, dict[Expr, Expr]()
            for f, times in (_whole_power(f) for f in Mul.make_args(e)):
                prover = self._prover
                size, factors = prover.arithmetic.factored(prover.nf(f))
                number *= size**times
                for base, k in factors:
                    powers[base] = Add(powers.get(base, S.Zero), k * times)
            self._known[e] = number, powers
        return self._known[e]


def _whole_power(f: Expr) -> tuple[Expr, Expr]:
    """Write f as a base to a whole power, so that no power is multiplied out."""
    base, k = f.as_base_exp()
    return (base, k) if f.is_Pow and k.is_Integer else (f, S.One)
