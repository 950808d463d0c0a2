"""Finite laws that stand in for what is known of a random variable.

An expectation in a world is a finite sum. The law that stands in has the declared
moments; the moments that are *not* declared differ from world to world, so that nothing
that depends on them can pass for true.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from derivations.engine.balls import (
    Jet,
    Number,
    UndefinedError,
    between_zero_and,
    rational,
    sqrt,
    value_of,
)
from derivations.engine.language import Bernoulli, Law, Moments, Normal

__all__ = ["FiniteLaw", "stand_in"]

FiniteLaw = list[tuple[Number, Number]]  # pairs (value, probability)

# (a, b): value mean + b/a deviations with weight a²/(a² + b²), mean - a/b else
_SKEWED = ((1, 2), (3, 1), (2, 3), (5, 2), (1, 4))


def stand_in(law: Law, parameters: list[Number], pick: int) -> FiniteLaw:
    """Return a finite law with the moments that are known.

    Parameters
    ----------
    law : Law
        What is known.
    parameters : list of Number
        The values of its parameters.
    pick : int
        Which of the five laws to take, from 0.

    Raises
    ------
    UndefinedError
        If no law has these parameters, or none of this kind is known.
    """
    if type(law) is Bernoulli:
        (p,) = parameters
        return [(arb(1), p), (arb(0), 1 - p)]
    if type(law) is Moments:
        mean, square = parameters
        return _skewed_law(mean, _deviation(square - mean * mean), pick)
    if type(law) is Normal:
        mean, variance = parameters
        return _normal_law(mean, _deviation(variance), pick)
    msg = f"no finite law stands in for {law}"
    raise UndefinedError(msg)


def _skewed_law(mean: Number, deviation: Number, pick: int) -> FiniteLaw:
    """Return two points with the given mean and deviation; the skewness varies."""
    a, b = _SKEWED[pick]
    share = a * a + b * b
    return [
        (mean + deviation * b / a, arb(a * a) / share),
        (mean - deviation * a / b, arb(b * b) / share),
    ]


def _deviation(variance: Number) -> Number:
    """Return the square root of a variance; a variance is known to be nonnegative."""
    v = value_of(variance)
    if v < 0:
        msg = f"a law with variance {v.str(5)}"
        raise UndefinedError(msg)
    if isinstance(variance, Jet) or v > 0 or v.is_zero():
        return sqrt(variance)
    return between_zero_and(v.upper().sqrt().upper())


def _normal_law(mean: Number, deviation: Number, pick: int) -> FiniteLaw:
    """Return ±√A with weight α and ±√B with weight 1 - α; five moments are normal.

    α A + (1 - α) B = 1 and α A² + (1 - α) B² = 3.
    """
    share = Fraction(2 * pick + 4, 2 * pick + 6)  # 2/3, 3/4, 4/5, 5/6, 6/7
    alpha = rational(share)
    inner = 1 - (rational(2 * (1 - share) / share)).sqrt()
    outer = 1 + (rational(2 * share / (1 - share))).sqrt()
    reach = [arb(0) if pick == 0 else inner.sqrt(), outer.sqrt()]
    weights = [alpha / 2, (1 - alpha) / 2]
    return [
        (mean + side * r * deviation, w)
        for r, w in zip(reach, weights, strict=True)
        for side in (-1, 1)
    ]
