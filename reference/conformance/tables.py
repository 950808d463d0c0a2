"""Large tables of a few numbers: what comes out is known from small ones.

Laws draw small arrays, since they ask for exact values. Code that goes wrong from
17 columns on, swaps rows and columns of a square table, or is wrong in single
precision alone needs large arrays, but no new values: both results compared here are
the implementation's own, at the same numbers, and can differ by rounding alone.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.compare import assert_close

__all__ = [
    "COPIES",
    "SCORES",
    "SHARES",
    "TABLES",
    "VALUES",
    "assert_entry_by_entry",
    "assert_single_is_double",
    "pattern",
]

# Square, wide and tall, beyond what a register, a block or an unrolled loop holds.
TABLES = ((40, 40), (3, 300), (300, 3))

# Numbers of size 1 that every dtype holds; no two of them have the same size.
VALUES = np.array([-2.0, -0.75, -0.125, 0.25, 0.5, 1.0, 1.75])


def pattern(shape: tuple[int, int], kinds: int) -> NDArray[np.intp]:
    """Return a table of numbers below ``kinds`` that is not its own transpose."""
    i, j = np.indices(shape)
    return np.asarray((3 * i + 2 * j + i * j) % kinds)


# Four rows of five scores, and four distributions over five classes: exact in binary.
SCORES = VALUES[pattern((4, 5), VALUES.size)]
SHARES = np.array([[1, 2, 3, 4, 6], [6, 3, 1, 4, 2], [2, 6, 4, 1, 3], [4, 1, 6, 2, 3]])
SHARES = SHARES / 16

# How often `np.tile` lays them below and beside each other: tables of 40 rows and 40
# columns, of 4 and 320, of 256 and 5. The second is a power of 2, so that shares of
# rows laid beside each other, divided by it, add up to 1 exactly.
COPIES = ((10, 8), (1, 64), (64, 1))


def assert_entry_by_entry(
    function: Callable[[NDArray[Any]], Any], values: NDArray[Any] = VALUES
) -> None:
    """Fail unless a function makes of an entry of a large table what it makes of it.

    Parameters
    ----------
    function : callable
        Takes an array and works on each entry by itself.
    values : ndarray, default seven numbers between -2 and 2
        The numbers that the tables are made of.
    """
    alone = np.asarray(function(values))
    for shape in TABLES:
        where = pattern(shape, values.size)
        # The same numbers by other instructions: rounding at the size of the results.
        assert_close(function(values[where]), alone[where], scale=_size(alone))


def assert_single_is_double(
    function: Callable[..., Any], *values: NDArray[Any]
) -> None:
    """Fail unless float32 gives what float64 gives, as well as float32 can hold it.

    Parameters
    ----------
    function : callable
        Takes arrays of float64 or float32, and returns an array of that dtype.
    *values : ndarray, default seven numbers between -2 and 2
        Float64 arrays of numbers that float32 holds as well.
    """
    values = values or (VALUES,)
    double = np.asarray(function(*values))
    single = np.asarray(function(*(v.astype(np.float32) for v in values)))
    # Inputs of size 1: what is formed on the way is not much larger than the results.
    assert_close(single, double, scale=_size(double))


def _size(results: NDArray[Any]) -> float:
    return float(np.max(np.abs(results), initial=0.0))
