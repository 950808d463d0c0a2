"""AdamW: Adam, and a weight decay that no gradient divides."""

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow
from reference._validate import FloatArray, as_rate
from reference.optimizers._state import as_nonnegative, read_state, read_step
from reference.optimizers.adam import AdamState, adam_init, advance

__all__ = ["adamw_init", "adamw_step"]


def adamw_init(params: ArrayLike, /) -> AdamState:
    """Return the state before the first step: that of Adam.

    Parameters
    ----------
    params : array_like
        The parameters to be trained.

    Returns
    -------
    AdamState
        To be passed to `adamw_step`.

    Raises
    ------
    TypeError, ValueError
        ``params`` is not a rectangular array of real numbers.

    Notes
    -----
    Special cases: parameters of any shape have a state, a single number too.

    References
    ----------
    I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", *ICLR* (2019),
    Algorithm 2.

    Examples
    --------
    >>> adamw_init(1.0).steps
    0
    """
    return adam_init(params)


def adamw_step(
    params: ArrayLike,
    grad: ArrayLike,
    state: AdamState,
    /,
    *,
    learning_rate: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[FloatArray, AdamState]:
    r"""Shrink each parameter a little, then move it as Adam does.

    $x_t = (1 - \alpha\lambda)\, x_{t-1} - \alpha\, \dfrac{m_t / (1 - \beta_1^t)}
    {\sqrt{v_t / (1 - \beta_2^t)} + \varepsilon}$

    with the averages $m_t$ and $v_t$ of `adam_step`.

    Parameters
    ----------
    params : array_like
        $x_{t-1}$. It is not changed.
    grad : array_like, same shape
        $g_t$, the gradient there, of the loss alone: the decay is not in it.
    state : AdamState
        What `adamw_init` or the last `adamw_step` returned. It is not changed.
    learning_rate : float, default 1e-3
        $\alpha \ge 0$. It scales the decay too.
    beta1, beta2 : float, default 0.9 and 0.999
        In [0, 1), as in `adam_step`.
    eps : float, default 1e-8
        $\varepsilon \ge 0$, added to the root, outside of it.
    weight_decay : float, default 0.01
        $\lambda \ge 0$.

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
        Shapes differ, ``state`` was made for another shape, ``learning_rate``, ``eps``
        or ``weight_decay`` is negative, a beta is outside [0, 1), or a number is not
        finite.

    Notes
    -----
    Special cases: without a gradient the parameters shrink by the factor
    $1 - \alpha\lambda$ a step (`optimizers.adamw.decay`); ``weight_decay=0`` is
    `adam_step`. Beyond that as there.

    In the paper the decay is multiplied by a schedule and not by the rate; here, as in
    PyTorch, the rate multiplies both.

    In float16 and float32 everything runs in float64, where the state is kept, and the
    new parameters are rounded once.

    References
    ----------
    I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", *ICLR* (2019),
    Algorithm 2.

    Examples
    --------
    >>> x = np.array([2.0])
    >>> adamw_step(x, [0.0], adamw_init(x), learning_rate=0.5, weight_decay=0.25)[0]
    array([1.75])
    """
    x, g, dtype = read_step(params, grad)
    rate = as_nonnegative("learning_rate", learning_rate)
    decay = as_nonnegative("weight_decay", weight_decay)
    betas = as_rate("beta1", beta1), as_rate("beta2", beta2)
    epsilon = as_nonnegative("eps", eps)
    after, direction = advance(read_state(state, AdamState, x.shape), g, betas, epsilon)
    with np.errstate(over="ignore", invalid="ignore"):
        return narrow((1 - rate * decay) * x - rate * direction, dtype), after
