"""Adam: a running mean of the gradients over the root of a mean of their squares."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow
from reference._validate import FloatArray, as_rate
from reference.optimizers._averages import (
    average,
    missing,
    quotient,
    root_mean_square,
)
from reference.optimizers._state import (
    Wide,
    as_nonnegative,
    read_state,
    read_step,
    zeros_for,
)

__all__ = ["adam_init", "adam_step"]


class AdamState(NamedTuple):
    r"""What Adam remembers: how many steps, $m_t$, and $\sqrt{v_t}$."""

    steps: int
    mean: Wide
    root: Wide


def adam_init(params: ArrayLike, /) -> AdamState:
    """Return the state before the first step: no gradients seen.

    Parameters
    ----------
    params : array_like
        The parameters to be trained.

    Returns
    -------
    AdamState
        To be passed to `adam_step`.

    Raises
    ------
    TypeError, ValueError
        ``params`` is not a rectangular array of real numbers.

    Notes
    -----
    Special cases: parameters of any shape have a state, a single number too.

    References
    ----------
    D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", *ICLR* (2015),
    Algorithm 1.

    Examples
    --------
    >>> adam_init([1.0, 2.0])
    AdamState(steps=0, mean=array([0., 0.]), root=array([0., 0.]))
    """
    return AdamState(0, zeros_for(params), zeros_for(params))


def adam_step(
    params: ArrayLike,
    grad: ArrayLike,
    state: AdamState,
    /,
    *,
    learning_rate: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[FloatArray, AdamState]:
    r"""Move each parameter by its mean gradient, over the size gradients have there.

    $m_t = \beta_1 m_{t-1} + (1 - \beta_1)\, g_t, \qquad
    v_t = \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2$

    $x_t = x_{t-1} - \alpha\, \dfrac{m_t / (1 - \beta_1^t)}
    {\sqrt{v_t / (1 - \beta_2^t)} + \varepsilon}$

    Parameters
    ----------
    params : array_like
        $x_{t-1}$. It is not changed.
    grad : array_like, same shape
        $g_t$, the gradient there.
    state : AdamState
        What `adam_init` or the last `adam_step` returned. It is not changed.
    learning_rate : float, default 1e-3
        $\alpha \ge 0$.
    beta1 : float, default 0.9
        $\beta_1$ in [0, 1): the share of the mean that survives a step.
    beta2 : float, default 0.999
        $\beta_2$ in [0, 1): the share of the mean square that survives a step.
    eps : float, default 1e-8
        $\varepsilon \ge 0$, added to the root, outside of it.

    Returns
    -------
    params : ndarray, same shape
        $x_t$.
    state : AdamState
        For the next step.

    Raises
    ------
    TypeError
        ``params`` or ``grad`` does not hold real numbers, ``state`` is of another
        kind, or an option is no real number.
    ValueError
        Shapes differ, ``state`` was made for another shape, ``learning_rate`` or
        ``eps`` is negative, a beta is outside [0, 1), or a number is not finite.

    Notes
    -----
    Special cases: where the gradient has been 0 all along nothing moves, even for
    ``eps=0``. NaN propagates. An infinite gradient has no size, and makes NaN.

    The count of steps is in the state, and starts at 1 with the first step. A call's
    own betas correct: those of calls before are in the averages alone.

    The state is the root and not the mean square: no square is ever formed, so that
    gradients of $10^{200}$ and of $10^{-200}$ are as good as any. Of subnormal ones
    (below $10^{-307}$) the averages may be lost.

    The first step has the length $\alpha |g| / (|g| + \varepsilon)$, whatever the betas
    (`optimizers.adam.constant_step`), to 8 ulp. Of later ones the error is that of
    betas changed by one ulp, and 8 ulp of the largest gradient in the mean beside it.
    float16 and float32 are computed in float64, the state is kept there, and the new
    parameters are rounded once.

    References
    ----------
    D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", *ICLR* (2015),
    Algorithm 1.

    Examples
    --------
    >>> x = np.array([1.0, 1.0])
    >>> x, state = adam_step(x, [1e3, -1e-3], adam_init(x), learning_rate=0.25, eps=0.0)
    >>> x
    array([0.75, 1.25])
    """
    x, g, dtype = read_step(params, grad)
    rate = as_nonnegative("learning_rate", learning_rate)
    betas = as_rate("beta1", beta1), as_rate("beta2", beta2)
    epsilon = as_nonnegative("eps", eps)
    after, direction = advance(read_state(state, AdamState, x.shape), g, betas, epsilon)
    with np.errstate(over="ignore", invalid="ignore"):
        return narrow(x - rate * direction, dtype), after


def advance(
    before: AdamState, g: Wide, betas: tuple[float, float], eps: float
) -> tuple[AdamState, Wide]:
    """Return the state after a gradient, and the corrected mean over the root."""
    beta1, beta2 = betas
    steps = before.steps + 1
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        mean = average(before.mean, g, beta1)
        root = root_mean_square(before.root, g, beta2)
        size = root / math.sqrt(missing(beta2, steps)) + eps
        direction = quotient(mean / missing(beta1, steps), size)
    return AdamState(steps, mean, root), direction
