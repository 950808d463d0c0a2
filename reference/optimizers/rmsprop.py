"""RMSprop: the gradient over the root of a running average of its squares."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow
from reference._validate import FloatArray, as_rate
from reference.optimizers._averages import quotient, root_mean_square
from reference.optimizers._state import (
    Wide,
    as_nonnegative,
    read_state,
    read_step,
    zeros_for,
)

__all__ = ["rmsprop_init", "rmsprop_step"]


class RMSpropState(NamedTuple):
    r"""What RMSprop remembers: $\sqrt{v_t}$, the running root mean square."""

    root: Wide


def rmsprop_init(params: ArrayLike, /) -> RMSpropState:
    """Return the state before the first step: no gradients seen.

    Parameters
    ----------
    params : array_like
        The parameters to be optimized.

    Returns
    -------
    RMSpropState
        To be passed to `rmsprop_step`.

    Raises
    ------
    TypeError
        ``params`` does not hold real numbers.

    Notes
    -----
    Special cases: parameters of any shape have a state, a single number too.

    References
    ----------
    T. Tieleman and G. Hinton, "Lecture 6.5 - rmsprop: Divide the gradient by a running
    average of its recent magnitude", *Coursera: Neural Networks for Machine Learning*
    (2012).

    Examples
    --------
    >>> rmsprop_init([1.0, 2.0])
    RMSpropState(root=array([0., 0.]))
    """
    return RMSpropState(zeros_for(params))


def rmsprop_step(
    params: ArrayLike,
    grad: ArrayLike,
    state: RMSpropState,
    /,
    *,
    learning_rate: float = 0.01,
    decay: float = 0.99,
    eps: float = 1e-8,
) -> tuple[FloatArray, RMSpropState]:
    r"""Move each parameter by its gradient, over the size it had lately.

    $v_t = \beta v_{t-1} + (1 - \beta)\, g_t^2, \qquad
    x_t = x_{t-1} - \alpha\, \dfrac{g_t}{\sqrt{v_t} + \varepsilon}$

    Parameters
    ----------
    params : array_like
        $x_{t-1}$. It is not changed.
    grad : array_like, of the same shape
        $g_t$, the gradient there.
    state : RMSpropState
        From `rmsprop_init` or the step before. It is not changed.
    learning_rate : float, default 0.01
        $\alpha \ge 0$.
    decay : float, default 0.99
        $\beta$ in [0, 1): how much of the average survives a step.
    eps : float, default 1e-8
        $\varepsilon \ge 0$, added to the root, outside of it.

    Returns
    -------
    params : ndarray
        $x_t$, same shape as ``params``.
    state : RMSpropState
        For the next step.

    Raises
    ------
    TypeError
        An argument does not hold real numbers, or ``state`` is none.
    ValueError
        ``params`` and ``grad`` differ in shape, ``state`` is for another shape,
        ``decay`` is outside [0, 1), ``learning_rate`` or ``eps`` is negative, or a
        number is not finite.

    Notes
    -----
    Special cases: where the gradient has been 0 all along nothing moves, even for
    ``eps=0``. NaN propagates. An infinite gradient has no size, and makes NaN.

    The state is the root and not the average: no square is ever formed, so that
    gradients of $10^{200}$ and of $10^{-200}$ are as good as any. Of subnormal ones
    (below $10^{-307}$) the root may be lost.

    There is no bias correction: the first step has the length
    $\alpha / \sqrt{1 - \beta}$, which no later one exceeds
    (`optimizers.rmsprop.longest`).

    The error of a step is that of a decay changed by one ulp, and 8 ulp beside it.
    float16 and float32 are computed in float64, the state is kept there, and the new
    parameters are rounded once.

    References
    ----------
    T. Tieleman and G. Hinton, "Lecture 6.5 - rmsprop: Divide the gradient by a running
    average of its recent magnitude", *Coursera: Neural Networks for Machine Learning*
    (2012).

    Examples
    --------
    >>> x = np.array([1.0])
    >>> x, state = rmsprop_step(x, [4.0], rmsprop_init(x), decay=0.75, eps=0.0)
    >>> x
    array([0.98])
    """
    x, g, dtype = read_step(params, grad)
    rate = as_nonnegative("learning_rate", learning_rate)
    beta, epsilon = as_rate("decay", decay), as_nonnegative("eps", eps)
    before = read_state(state, RMSpropState, x.shape)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        root = root_mean_square(before.root, g, beta)
        new = x - rate * quotient(g, root + epsilon)
        return narrow(new, dtype), RMSpropState(root)
