"""Canonical names of bound indices: private, so that no author can hold one.

A name carries the height of its sum above the sums inside it. Without the heights
Σ_i log Σ_j x[i,j] would become Σ log Σ x[j,j].
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import Expr, Symbol

__all__ = ["INTEGER", "Bound", "bound_name", "raised"]

INTEGER = ("integer", True)

#: A height above every sum.
ABOVE = 1_000_000


class Bound(Symbol):
    """A canonical bound name: private, so that no author can hold one."""

    __slots__ = ("height",)
    height: int


@lru_cache(maxsize=2_000)
def bound_name(height: int, place: int, *assumptions: tuple[str, bool]) -> Bound:
    """Return the canonical name at this height and place."""
    name = Symbol.__xnew__(Bound, f"b{height}.{place}", **dict(assumptions))
    name.height = height
    return name


def raised(s: Any) -> tuple[tuple[tuple[Expr, ...], ...], Expr]:
    """Return the limits and the body of a sum under names that are bound nowhere."""
    names = {
        v[0]: bound_name(ABOVE, m, *sorted(v[0]._assumptions_orig.items()))
        for m, v in enumerate(s.limits)
    }
    limits = tuple(tuple(part.xreplace(names) for part in v) for v in s.limits)
    return limits, s.function.xreplace(names)
