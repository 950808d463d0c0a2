"""The dtype policy: compute wide, round once.

float16 and float32 arguments are widened to float64, the formula runs there, and the
result is rounded to the argument's dtype a single time. The rounding of float64
arithmetic then only matters when the exact value lies within a few units of 2^-53 of
a rounding boundary of the narrow format, so float16 and float32 results are correctly
rounded but for a handful of near-ties. float64 runs the same formula as it is.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference._validate import FloatArray

__all__ = ["added", "beside", "narrow", "product", "widen"]


def widen(x: FloatArray) -> NDArray[np.float64]:
    """Return ``x`` in float64, the precision every formula runs in."""
    return x.astype(np.float64, copy=False)


def narrow(y: NDArray[Any] | np.generic, dtype: np.dtype[Any]) -> Any:
    """Round ``y`` to ``dtype`` once; out of range becomes infinity, without a word."""
    with np.errstate(over="ignore", under="ignore"):
        return y.astype(dtype, copy=False)


def beside(y: Any, toward: Any, x: NDArray[np.float64], dtype: np.dtype[Any]) -> Any:
    """Return ``y``, moved by one float ``toward`` something where x is tiny.

    Half of an odd subnormal is a tie, and half of the smallest would be 0; a gate that
    is not quite 1/2 there decides them.
    """
    tiny = np.abs(x) < 2 * np.finfo(dtype).smallest_normal
    return np.where(tiny, np.nextafter(y, toward), y)


def product(x: NDArray[np.float64], factor: Any, dtype: np.dtype[Any]) -> Any:
    """Return ``factor * x``, from which the exact product can be rounded to ``dtype``.

    Of a float32 and a float64 it has up to 77 bits. Rounded to 53 it may be taken for a
    tie that it is not, so it is rounded to odd.
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        y = np.asarray(factor * x)
        if dtype == np.float64:
            return y
        fraction, exponent = np.frexp(factor)
        high = np.ldexp(np.trunc(fraction * 2**26), exponent - 26)  # the first 26 bits
        lost = (high * x - y) + (factor - high) * x  # exact: a product has 51 bits
        return _odd(y, lost)


def added(x: NDArray[np.float64], y: NDArray[np.float64], dtype: np.dtype[Any]) -> Any:
    """Return ``x + y``, from which the exact sum can be rounded to ``dtype``.

    A tie and a term too small to be seen beside it are no tie: the sum is rounded to
    odd. What a float64 sum rounds away is a float64 (Knuth's two-sum).
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        total = np.asarray(x + y)
        if dtype == np.float64:
            return total
        back = total - x
        lost = (x - (total - back)) + (y - back)
        return _odd(total, lost)


def _odd(y: NDArray[np.float64], lost: NDArray[np.float64]) -> Any:
    """Round ``y + lost`` to odd, where ``y`` is that sum rounded to the nearest.

    Where something was lost, of the two floats around the exact number the one with an
    odd last digit is returned: it is never a tie, and on the same side of all ties
    (S. Boldo and G. Melquiond, "Emulation of a FMA and correctly rounded sums: proved
    algorithms using rounding to odd", *IEEE Transactions on Computers* 57 (2008),
    462-471).
    """
    moved = np.nextafter(y, np.copysign(np.inf, lost))
    even = y.view(np.int64) % 2 == 0
    return np.where(even & (np.abs(lost) > 0), moved, y)
