"""Telling distributions apart by what was drawn from them, at a known error rate.

A sample of n independent draws is kept as its empirical distribution function at fixed
points. That is further than ``hoeffding(n)`` from the true one with probability at most
`RATE`, wherever the points are (the inequality of Dvoretzky, Kiefer and Wolfowitz with
Massart's constant). So a right implementation is not recognized in one run in 10^13,
and since the laws of a family are more than twice as far apart, it is never taken for
another in any other run.

A variant has its law's own quantiles, evenly spaced, in place of draws.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.statistics import RATE, hoeffding
from reference.conformance.variants._calls import floats

__all__ = ["RATE", "allowance", "levels", "shares"]

SEED = 1


def levels(count: int) -> NDArray[np.float64]:
    """Return the levels of evenly spaced quantiles."""
    return (np.arange(count) + 0.5) / count


def shares(draws: Any, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of draws below each point."""
    entries = np.sort(floats(draws).astype(np.float64), axis=None)
    return np.searchsorted(entries, points) / len(entries)


def allowance(
    count: int, *, fewest: int
) -> Callable[[NDArray[Any], Any], NDArray[np.float64]]:
    """Return how far the shares of ``count`` draws may be from a variant's.

    ``fewest`` is the number of quantiles that stand for its law.
    """
    bound = hoeffding(count) + 1 / fewest
    return lambda want, _: np.full(want.shape, bound)
