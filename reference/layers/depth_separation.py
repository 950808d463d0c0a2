"""The tent map and its iterates: a deep network of two rectifiers a layer."""

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow, widen
from reference._validate import FloatArray, as_count, as_float

__all__ = ["tent"]

#: The smallest float is 2^-1074: after 1075 folds every float in [0, 1] is at 0, and
#: those outside are there after two.
LONGEST = 1075


def tent(x: ArrayLike, /, *, depth: int = 1) -> FloatArray:
    r"""Return the tent map of each entry, applied ``depth`` times.

    $\tau(x) = 2 \operatorname{relu}(x) - 4 \operatorname{relu}(x - \tfrac12)$, and
    $\tau(\tau(\cdots \tau(x)))$

    Parameters
    ----------
    x : array_like
        Any real numbers; the teeth stand on [0, 1].
    depth : int, at least 0
        How many layers of two rectifiers the input passes; 0 returns it as it is.

    Returns
    -------
    ndarray, the shape of ``x``
        The height at ``x`` of a row of $2^{depth - 1}$ teeth, 0 to 1 on [0, 1].

    Raises
    ------
    TypeError
        ``x`` does not hold real numbers, or ``depth`` is not an integer.
    ValueError
        ``depth`` is negative.

    Notes
    -----
    Special cases: below 0 all depths but 0 give 0; above 1 depth 1 gives $2 - 2x$ and
    the next ones 0. ``-inf`` gives 0, ``inf`` gives ``-inf`` at depth 1; NaN
    propagates.

    Exact for every float in [0, 1], because twice a float is one and so is $1 - x$ for
    $x \geq \tfrac12$. Each fold shifts one binary digit out, so a float ends at 0,
    where most real numbers never stop (`layers.depth_separation.stays`).

    References
    ----------
    M. Telgarsky, *Representation Benefits of Deep Feedforward Networks* (2015).

    Examples
    --------
    >>> tent([0.0, 0.25, 0.5, 0.75, 1.0])
    array([0. , 0.5, 1. , 0.5, 0. ])
    >>> tent([0.0, 0.25, 0.5, 0.75, 1.0], depth=2)
    array([0., 1., 0., 1., 0.])
    """
    x = as_float("x", x)
    folds = min(as_count("depth", depth, least=0), LONGEST)
    y = widen(x).copy()
    with np.errstate(over="ignore"):
        for _ in range(folds):
            # The same tent: the lower of its two slopes, without inf - inf.
            y = np.minimum(2 * np.maximum(y, 0), 2 - 2 * y)
    return narrow(y, x.dtype)
