"""Adagrad: each parameter's rate shrinks with the gradients that it has seen."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow
from reference._validate import FloatArray
from reference.optimizers._state import (
    Wide,
    as_nonnegative,
    read_state,
    read_step,
    zeros_for,
)

__all__ = ["adagrad_init", "adagrad_step"]


class AdagradState(NamedTuple):
    """What Adagrad remembers: the root of the sum of all squared gradients."""

    root: Wide


def adagrad_init(params: ArrayLike, /) -> AdagradState:
    """Return the state of Adagrad before the first gradient: sums of zero.

    Parameters
    ----------
    params : array_like
        The parameters to be trained.

    Returns
    -------
    AdagradState
        To be passed to `adagrad_step`.

    Raises
    ------
    TypeError, ValueError
        ``params`` is not a rectangular array of real numbers.
    """
    return AdagradState(zeros_for(params))


def adagrad_step(
    params: ArrayLike,
    grad: ArrayLike,
    state: AdagradState,
    /,
    *,
    learning_rate: float = 0.01,
    eps: float = 1e-10,
) -> tuple[FloatArray, AdagradState]:
    r"""Move each parameter by its gradient over the root of all its squares so far.

    $G \leftarrow G + g^2, \qquad x \leftarrow x - \alpha\, \frac{g}{\sqrt G +
    \varepsilon}$

    Parameters
    ----------
    params : array_like
        Where we are.
    grad : array_like, same shape
        The gradient of the loss there.
    state : AdagradState
        What `adagrad_init` or the last `adagrad_step` returned.
    learning_rate : float, default 0.01
        $\alpha \ge 0$: the length of the first step.
    eps : float, default 1e-10
        $\varepsilon \ge 0$, outside the root: gradients much smaller than it are
        ignored.

    Returns
    -------
    params : ndarray, same shape
    state : AdagradState

    Raises
    ------
    TypeError
        ``params`` or ``grad`` does not hold real numbers, ``state`` is of another
        kind, or an option is no real number.
    ValueError
        Shapes differ, ``state`` was made for another shape, or an option is negative
        or not finite.

    Notes
    -----
    Special cases: a gradient of zero changes nothing, not even with ``eps=0``. An
    infinite gradient gives NaN.

    The sum starts at 0, as in PyTorch; Keras and Optax start it at 0.1. It is kept as
    its root, $\sqrt{G + g^2} = \operatorname{hypot}(\sqrt G, g)$, which neither
    overflows nor vanishes where the square of a gradient would.

    In float16 and float32 the step is computed in float64 and the parameters are
    rounded once; the root is kept in float64.

    References
    ----------
    J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning
    and stochastic optimization", *Journal of Machine Learning Research* 12 (2011),
    2121-2159.

    Examples
    --------
    >>> x, state = np.zeros(2), adagrad_init([0.0, 0.0])
    >>> for _ in range(2):
    ...     x, state = adagrad_step(x, [3.0, -0.003], state, learning_rate=1.0)
    ...     print(x.round(4))
    [-1.  1.]
    [-1.7071  1.7071]
    """
    x, g, dtype = read_step(params, grad)
    rate = as_nonnegative("learning_rate", learning_rate)
    floor = as_nonnegative("eps", eps)
    state = read_state(state, AdagradState, x.shape)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        root = np.hypot(state.root, g)
        scale = np.asarray(root + floor)
        # 0/0 only where no gradient ever came, and nothing is to move there.
        share = np.divide(g, scale, out=np.zeros_like(g), where=scale != 0)
        return narrow(x - rate * share, dtype), AdagradState(np.asarray(root))
