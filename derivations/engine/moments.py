"""Expectations of products of independent variables, from their declared moments.

Copies of one family are independent, and so are families. The expectation of a
product of entries of one family, at indices that may or may not coincide, is given
without any case distinction by the moment-cumulant formula: a joint cumulant of
independent copies vanishes unless all its indices agree, so

    E[x_a x_b] = m1**2 + δ(a, b) * (m2 - m1**2),

and likewise for three and more slots. A moment that is not declared is not invented:
the expectation then stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import factorial

from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, S
from sympy.utilities.iterables import multiset_partitions

from derivations.engine.effort import TERM, spend
from derivations.engine.language import E, Family, Law, Var

__all__ = ["families", "joint_moment"]

Slot = tuple[tuple[Expr, ...], int]


def families(e: Expr) -> frozenset[Family]:
    """Return the families that are random in e: those not inside E or Var."""
    if isinstance(e, E | Var):
        return frozenset()
    if isinstance(e, Indexed):
        own = frozenset({e.base}) if isinstance(e.base, Family) else frozenset()
        return own.union(*map(families, e.indices))
    if not e.args or not e.has(Family):
        return frozenset()
    return frozenset().union(*map(families, e.args))


def joint_moment(family: Family, factors: Sequence[Expr]) -> Expr | None:
    """Return the expectation of a product of powers of entries of one family.

    None when a factor is not a whole power of an entry, or when a moment is needed
    that the law does not declare.
    """
    slots: list[Slot] = []
    for f in factors:
        base, power = f.as_base_exp()
        if not (isinstance(base, Indexed) and base.base == family):
            return None
        if not (power.is_Integer and power > 0) or families(Mul(*base.indices)):
            return None
        slots.append((tuple(base.indices), int(power)))
    total = []
    for blocks in _partitions(range(len(slots))):
        product = S.One
        for block in blocks:
            agree = _agreement([slots[m] for m in block])
            if agree == 0:
                product = S.Zero
                break
            cumulant = _cumulant(family.law, [slots[m][1] for m in block])
            if cumulant is None:
                return None
            product *= agree * cumulant
        if product != 0:
            spend(1, "terms of a moment", each=TERM)
            total.append(product)
    return Add(*total)


def _partitions(items: Sequence[int]) -> Iterator[list[list[int]]]:
    items = list(items)
    for blocks in [[items]] if len(items) == 1 else multiset_partitions(items):
        spend(1, "ways to group the factors of a moment", each=50)
        yield blocks


def _agreement(slots: Sequence[Slot]) -> Expr:
    """Return the product of deltas that makes all slots one and the same variable."""
    first, *others = slots
    return Mul(
        *(
            KroneckerDelta(u, v)
            for other in others
            for u, v in zip(first[0], other[0], strict=True)
        )
    )


def _cumulant(law: Law, powers: Sequence[int]) -> Expr | None:
    """Return the joint cumulant of X**p for p in powers, X having this law."""
    total = []
    for blocks in _partitions(range(len(powers))):
        moments = [law.moment(sum(powers[m] for m in block)) for block in blocks]
        if None in moments:
            return None
        sign = (-1) ** (len(blocks) - 1) * factorial(len(blocks) - 1)
        total.append(sign * Mul(*moments))
    return Add(*total)
