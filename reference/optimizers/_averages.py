"""What the averaging optimizers share: averages of the past, and their quotient."""

import math

import numpy as np

from reference.optimizers._state import Wide

__all__ = ["average", "missing", "quotient", "root_mean_square"]


def average(before: Wide, new: Wide, decay: float) -> Wide:
    """Return a running mean, moved toward its new entry."""
    return decay * before + (1 - decay) * new


def root_mean_square(before: Wide, new: Wide, decay: float) -> Wide:
    """Return the root of a running mean of squares, moved toward its new entry.

    The root is what is kept: no square is formed, so none overflows or vanishes.
    """
    return np.hypot(math.sqrt(decay) * before, math.sqrt(1 - decay) * new)


def missing(decay: float, steps: int) -> float:
    """Return 1 − β^t, the sum of the weights after so many steps."""
    # Not a difference: near 1 the power would have lost its last digits.
    return -math.expm1(steps * math.log(decay)) if decay > 0 else 1.0


def quotient(a: Wide, b: Wide) -> Wide:
    """Return a / b, and 0 where b is 0: what never had a gradient does not move."""
    return np.divide(a, b, out=np.zeros(np.shape(a)), where=b != 0)
