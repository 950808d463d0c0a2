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

__all__ = ["beside", "narrow", "widen"]


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
