"""Expectations in normal form: linear, over independent variables, by their moments.

Every expectation that is written is taken to exist; then so do those of its parts that
independence separates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sympy import Add, Expr, Mul, Pow, S, Sum

from derivations.engine.language import E, Var
from derivations.engine.moments import families, joint_moment

if TYPE_CHECKING:
    from derivations.engine.normal_form import Prover

__all__ = ["Expectations"]


class Expectations:
    """The expectations of one prover."""

    def __init__(self, prover: Prover) -> None:
        self.prover = prover

    def of_variance(self, e: Var) -> Expr:
        """Open a variance if the licence says so, else normalize its inside."""
        (u,) = e.args
        if Var in self.prover.licence.unfold:
            return self.prover.nf(E(u**2) - E(u) ** 2)
        return self.prover.rewrite(Var(self.prover.nf(u)))

    def of_expectation(self, e: E) -> Expr:
        """Return the normal form of an expectation."""
        inner = self.prover.nf(e.args[0])
        if not self.prover.has("linear_E"):
            return self.prover.rewrite(E(inner))
        return self.prover.arithmetic.add([self._mean(t) for t in Add.make_args(inner)])

    def _mean(self, t: Expr) -> Expr:
        """Return the expectation of one term."""
        factors = Mul.make_args(t)
        random = [f for f in factors if families(f)]
        fixed = [f for f in factors if not families(f)]
        for m, f in enumerate(random):
            base, power = f.as_base_exp()
            if not (isinstance(base, Sum) and power.is_Integer and power > 0):
                continue
            limits, body = self.prover.sums.opened(base)
            if any(families(end) for limit in limits for end in limit[1:]):
                break
            others = [*random[:m], *random[m + 1 :], Pow(base, power - 1)]
            inside = self.prover.arithmetic.product([body, *others])
            mean = self.prover.arithmetic.add(
                [self._mean(s) for s in Add.make_args(inside)]
            )
            return self.prover.arithmetic.product(
                [*fixed, self.prover.sums.over(mean, limits)]
            )
        return self.prover.arithmetic.product([*fixed, self._mean_of_factors(random)])

    def _mean_of_factors(self, random: list[Expr]) -> Expr:
        if not random:
            return S.One
        whole = Mul(*random)
        single = len(random) == 1
        if not (
            self.prover.has("moments") if single else self.prover.has("independence")
        ):
            return self.prover.rewrite(E(whole))
        means = []
        for group in _independent(random):
            own = frozenset().union(*map(families, group))
            mean = None
            if len(own) == 1 and self.prover.has("moments"):
                mean = joint_moment(next(iter(own)), group)
            means.append(
                self.prover.rewrite(E(Mul(*group)))
                if mean is None
                else self.prover.nf(mean)
            )
        return self.prover.arithmetic.product(means)


def _independent(factors: Sequence[Expr]) -> list[list[Expr]]:
    """Group factors that share a family of random variables."""
    groups: list[tuple[frozenset[Any], list[Expr]]] = []
    for f in factors:
        own = families(f)
        hit = [g for g in groups if g[0] & own]
        groups = [g for g in groups if not g[0] & own]
        groups.append(
            (own.union(*(g[0] for g in hit)), [x for g in hit for x in g[1]] + [f])
        )
    return [group for _, group in groups]
