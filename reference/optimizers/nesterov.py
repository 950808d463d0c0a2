"""Nesterov's momentum: the gradient counts where the velocity is about to lead."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow
from reference._validate import FloatArray, as_rate
from reference.optimizers._state import (
    Wide,
    as_nonnegative,
    read_state,
    read_step,
    zeros_for,
)

__all__ = ["nesterov_init", "nesterov_step"]


class NesterovState(NamedTuple):
    """What Nesterov's momentum remembers: the faded sum of all gradients."""

    velocity: Wide


def nesterov_init(params: ArrayLike, /) -> NesterovState:
    """Return the state of Nesterov's momentum at rest: a velocity of zero.

    Parameters
    ----------
    params : array_like
        The parameters to be trained.

    Returns
    -------
    NesterovState
        To be passed to `nesterov_step`.

    Raises
    ------
    TypeError, ValueError
        ``params`` is not a rectangular array of real numbers.
    """
    return NesterovState(zeros_for(params))


def nesterov_step(
    params: ArrayLike,
    grad: ArrayLike,
    state: NesterovState,
    /,
    *,
    learning_rate: float,
    momentum: float = 0.9,
) -> tuple[FloatArray, NesterovState]:
    r"""Move the parameters one step along the gradient and the velocity it leaves.

    $v \leftarrow \gamma v + g, \qquad x \leftarrow x - \alpha\, (g + \gamma v)$

    Parameters
    ----------
    params : array_like
        Where we are: the place to which the velocity is about to lead.
    grad : array_like, same shape
        The gradient of the loss there.
    state : NesterovState
        What `nesterov_init` or the last `nesterov_step` returned.
    learning_rate : float
        $\alpha \ge 0$.
    momentum : float, default 0.9
        $\gamma$ in [0, 1): the share of the velocity that survives a step.

    Returns
    -------
    params : ndarray, same shape
    state : NesterovState

    Raises
    ------
    TypeError
        ``params`` or ``grad`` does not hold real numbers, ``state`` is of another
        kind, or an option is no real number.
    ValueError
        Shapes differ, ``state`` was made for another shape, ``learning_rate`` is
        negative or not finite, or ``momentum`` lies outside [0, 1).

    Notes
    -----
    Special cases: ``momentum=0`` is `sgd_step`. The first step is $1 + \gamma$ times
    as long as that of `momentum_step`.

    Sutskever and others write $v \leftarrow \gamma v - \alpha \nabla f(\theta + \gamma
    v)$, $\theta \leftarrow \theta + v$. Here the parameters are the place $\theta +
    \gamma v$ itself (`optimizers.nesterov.look_ahead`), so that the gradient is that
    of the loss at the parameters. This is the form of PyTorch and Keras.

    In float16 and float32 the step is computed in float64 and the parameters are
    rounded once; the velocity is kept in float64.

    References
    ----------
    I. Sutskever, J. Martens, G. Dahl and G. Hinton, "On the importance of
    initialization and momentum in deep learning", *Proceedings of the 30th
    International Conference on Machine Learning* (2013).

    Examples
    --------
    >>> x, state = np.array([1.0]), nesterov_init([1.0])
    >>> for _ in range(3):
    ...     x, state = nesterov_step(
    ...         x, [1.0], state, learning_rate=0.25, momentum=0.5
    ...     )
    ...     print(x)
    [0.625]
    [0.1875]
    [-0.28125]
    """
    x, g, dtype = read_step(params, grad)
    rate = as_nonnegative("learning_rate", learning_rate)
    survives = as_rate("momentum", momentum)
    state = read_state(state, NesterovState, x.shape)
    with np.errstate(over="ignore", invalid="ignore"):
        velocity = survives * state.velocity + g
        moved = x - rate * (g + survives * velocity)
        return narrow(moved, dtype), NesterovState(velocity)
