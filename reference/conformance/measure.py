"""Errors, measured exactly: expectations may be fractions or have 50 digits."""

import math
from collections.abc import Callable
from decimal import MAX_EMAX, MIN_EMIN, Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["error_in", "floats", "show", "unit_of"]


def show(number: Any) -> str:
    """Write a number with the 17 digits that identify a float64."""
    if isinstance(number, (float, np.floating)):
        return f"{float(number):.17g}"
    if isinstance(number, (bool, np.bool)):
        return str(bool(number))
    if _is_exact(number):
        exact = _rational(number)
        return f"{float(exact):.17g}" if _fits(exact) else _scientific(exact)
    return repr(number)


def _scientific(number: Fraction | float) -> str:
    """Write a number that no float64 can stand for with 17 digits."""
    with localcontext(prec=17, Emax=MAX_EMAX, Emin=MIN_EMIN):
        exact = Fraction(number)
        return f"{Decimal(exact.numerator) / Decimal(exact.denominator):.17g}"


def _is_exact(number: Any) -> bool:
    return hasattr(number, "_mpf_") or hasattr(number, "as_integer_ratio")


def _rational(number: Any) -> Fraction | float:
    """Return the exact value of a number; floats stand for the infinities and NaN."""
    if hasattr(number, "_mpf_"):  # mpmath: (sign, mantissa, exponent, bits)
        sign, mantissa, exponent, bits = number._mpf_
        if not mantissa:
            return Fraction(0) if not exponent else float(number)
        top = int(exponent) + int(bits)
        if abs(top) > 20_000:  # far outside every dtype: keep it cheap, keep its side
            exponent = (20_000 if top > 0 else -20_000) - int(bits)
        value = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
        return -value if sign else value
    if isinstance(number, (float, np.floating)) and not math.isfinite(number):
        return float(number)
    return Fraction(*number.as_integer_ratio())


def _fits(value: Fraction | float) -> bool:
    """Say whether a float64 can stand for the value when it is printed."""
    if isinstance(value, float) or not value:
        return True
    return Fraction(1, 2**1070) <= abs(value) <= Fraction(2**1023)


def _float(value: Fraction | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _each(want: NDArray[Any], function: Callable[..., float], *more: Any) -> Any:
    """Apply a function of exact numbers entry by entry."""
    columns = [want.ravel(), *(np.broadcast_to(m, want.shape).ravel() for m in more)]
    values = [function(_rational(w), *rest) for w, *rest in zip(*columns, strict=True)]
    return np.array(values, dtype=np.float64).reshape(want.shape)


def floats(want: NDArray[Any]) -> NDArray[np.float64]:
    """Return the float64 next to each expectation."""
    if want.dtype != object:
        return want.astype(np.float64)
    return np.asarray(_each(want, _float))


def error_in(
    got: NDArray[np.floating], want: NDArray[Any], unit: NDArray[Any], limits: Any
) -> NDArray[np.float64]:
    """Return ``|got - want| / unit``: 0 where both are NaN or the same infinity.

    An infinity in ``got`` counts as the first number too large for its dtype, so
    that rounding may overflow where the exact value all but does.
    """
    if want.dtype == object:
        return np.asarray(_each(want, _exact_error(limits), got, unit))
    wide, want = got.astype(np.float64), want.astype(np.float64)
    largest, past = _edge(limits)
    over = np.isinf(wide) & np.isfinite(want)
    same = (wide == want) | (np.isnan(wide) & np.isnan(want))
    same |= over & (np.abs(want) > largest) & (np.sign(wide) == np.sign(want))
    with np.errstate(invalid="ignore", over="ignore"):
        error = np.abs(wide - want) / unit
        edge = (np.abs(np.copysign(largest, wide) - want) + past) / unit
    error = np.where(over, edge, error)
    return np.where(same, 0.0, np.where(np.isnan(error), np.inf, error))


def _edge(limits: Any) -> tuple[float, float]:
    """Return the largest number of a dtype, and its distance from the next."""
    return float(limits.max), math.ldexp(float(limits.eps), int(limits.maxexp) - 1)


def _exact_error(limits: Any) -> Callable[..., float]:
    """Return the entry-by-entry form of :func:`error_in` for exact expectations."""
    largest, past = _edge(limits)
    overflow = Fraction(largest) + Fraction(past)

    def error(want: Fraction | float, got: Any, unit: float) -> float:
        got = float(got)
        if isinstance(want, float):  # NaN or an infinity
            same = got == want or (math.isnan(got) and math.isnan(want))
            return 0.0 if same else math.inf
        if math.isnan(got):
            return math.inf
        if math.isinf(got):
            if abs(want) > largest and (want > 0) == (got > 0):
                return 0.0
            value = overflow if got > 0 else -overflow
        else:
            value = Fraction(got)
        return _float(abs(value - want) / Fraction(unit))

    return error


def unit_of(want: NDArray[Any], limits: Any) -> NDArray[np.float64]:
    """Return the gap between neighboring floats of a dtype at each exact value."""
    lowest = float(limits.smallest_subnormal)
    size = np.abs(floats(want))
    size = np.where(np.isfinite(size), np.minimum(size, float(limits.max)), 1.0)
    _, exponent = np.frexp(size)  # size = m * 2**exponent with 1/2 <= m < 1
    gap = np.ldexp(1.0, exponent - 1 - limits.nmant)
    return np.maximum(np.where(size == 0, lowest, gap), lowest)
