"""Tests of randomness with a false-alarm rate that was computed, not tuned.

Every bound here is a theorem, so the probability that a right implementation strays
beyond it is known: `RATE` for one comparison. A run of the suite makes fewer than a
thousand of them, so a false alarm happens in less than one run in 10^9.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

__all__ = [
    "RATE",
    "distance_from_normal",
    "distance_from_uniform",
    "hoeffding",
    "reach",
]

RATE = 1e-13


def hoeffding(count: int, *, rate: float = RATE) -> float:
    """Return what a mean of ``count`` independent numbers in [0, 1] may stray.

    Further from its expectation it lies with probability at most ``rate``
    (W. Hoeffding, "Probability inequalities for sums of bounded random variables",
    1963). By the inequality of Dvoretzky, Kiefer and Wolfowitz, with Massart's
    constant (1990), the same number bounds the largest distance of an empirical
    distribution function from the true one.
    """
    return math.sqrt(math.log(2 / rate) / (2 * count))


def reach(count: int, *, rate: float = RATE) -> float:
    """Return the share of a uniform law's limit that the longest of many numbers has.

    That all of ``count`` independent numbers, uniform on (-1, 1), are shorter than a
    share of 1 has the probability of that share to the power ``count``: here ``rate``.
    """
    return math.pow(rate, 1 / count)


def distance_from_normal(sample: ArrayLike, *, mean: float, std: float) -> float:
    """Return the largest distance of a sample's distribution from a normal one."""
    z = (np.sort(np.ravel(sample)) - mean) / std
    return _distance(np.array([math.erfc(-value / math.sqrt(2)) / 2 for value in z]))


def distance_from_uniform(sample: ArrayLike, *, low: float, high: float) -> float:
    """Return the largest distance of a sample's distribution from a uniform one."""
    return _distance(np.clip((np.sort(np.ravel(sample)) - low) / (high - low), 0, 1))


def _distance(shares: np.ndarray) -> float:
    """Compare the true shares below each sorted entry with the counted ones."""
    count = len(shares)
    below, above = np.arange(count) / count, np.arange(1, count + 1) / count
    return float(max(np.max(shares - below), np.max(above - shares)))
