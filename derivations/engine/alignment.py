"""Where a sum is anchored: at the first array that is read, or by its exponents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Expr, Indexed, Mul, S, Symbol, binomial, default_sort_key, exp
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.engine.effort import expand
from derivations.engine.language import Defined

__all__ = ["falling", "slot_of"]


def slot_of(body: Expr, v: Symbol) -> tuple[int, Expr] | None:
    """Return (sign, offset) of the place where the first array is read, or None.

    The first array is the smallest by name and place; of several readings of it, as
    in x[i]*x[i+1], the one with the smallest offset counts.
    """
    found: dict[Any, list[tuple[int, Expr]]] = {}
    for e in body.atoms(Indexed, MatrixElement, AppliedUndef, Defined, binomial):
        name, places = _places(e)
        for m, place in enumerate(places):
            slope = place.coeff(v, 1) if v in place.free_symbols else S.Zero
            offset = expand(place - slope * v)
            if slope in (1, -1) and v not in offset.free_symbols:
                found.setdefault((name, m), []).append((int(slope), offset))
    if not found:
        return None
    _, readings = min(found.items(), key=lambda item: item[0])
    rising = [r for r in readings if r[0] == 1] or readings
    near = [r for r in rising if r[1].is_Integer] or rising
    return min(near, key=lambda r: _offset_key(r[1]))


def _places(e: Expr) -> tuple[tuple[int, str], Sequence[Expr]]:
    if isinstance(e, Indexed):
        return (0, str(e.base.label)), e.indices
    if isinstance(e, MatrixElement):
        return (0, str(e.parent)), e.args[1:]
    return (1, type(e).__name__), e.args


def _offset_key(offset: Expr) -> tuple[Any, Any]:
    number, rest = offset.as_coeff_Add()
    return default_sort_key(rest), number


def falling(body: Expr, v: Symbol) -> bool:
    """Tell whether the exponents fall with v, on the whole."""
    trend = S.Zero
    for f in Mul.make_args(body):
        exponent = f.args[0] if isinstance(f, exp) else f.as_base_exp()[1]
        slope = exponent.coeff(v, 1) if v in exponent.free_symbols else S.Zero
        trend += slope.as_coeff_Mul()[0]
    return bool(trend < 0)
