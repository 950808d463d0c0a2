"""Gradient descent and momentum: a running sum of gradients, each step a bit faded."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference._rounding import narrow
from reference._validate import FloatArray, as_positive, as_rate
from reference.optimizers._state import (
    Wide,
    as_nonnegative,
    read_state,
    read_step,
    zeros_for,
)

__all__ = [
    "heavy_ball_params",
    "momentum_init",
    "momentum_step",
    "sgd_init",
    "sgd_step",
]


class HeavyBall(NamedTuple):
    """The pair for a quadratic, and the factor by which each step shrinks the error."""

    learning_rate: float
    momentum: float
    rate: float


class SGDState(NamedTuple):
    """What gradient descent remembers: the shape, and nothing else."""

    shape: tuple[int, ...]


class MomentumState(NamedTuple):
    """What momentum remembers: the faded sum of all gradients."""

    velocity: Wide


def sgd_init(params: ArrayLike, /) -> SGDState:
    """Return the state of gradient descent, which remembers nothing.

    Parameters
    ----------
    params : array_like
        The parameters to be trained.

    Returns
    -------
    SGDState
        To be passed to `sgd_step`.

    Raises
    ------
    TypeError, ValueError
        ``params`` is not a rectangular array of real numbers.
    """
    return SGDState(zeros_for(params).shape)


def sgd_step(
    params: ArrayLike,
    grad: ArrayLike,
    state: SGDState,
    /,
    *,
    learning_rate: float,
) -> tuple[FloatArray, SGDState]:
    r"""Move the parameters one step against the gradient.

    $x \leftarrow x - \alpha g$

    Parameters
    ----------
    params : array_like
        Where we are.
    grad : array_like, same shape
        The gradient of the loss there.
    state : SGDState
        What `sgd_init` or the last `sgd_step` returned.
    learning_rate : float
        $\alpha \ge 0$: how far to go.

    Returns
    -------
    params : ndarray, same shape
    state : SGDState

    Raises
    ------
    TypeError
        ``params`` or ``grad`` does not hold real numbers, ``state`` is of another
        kind, or ``learning_rate`` is no real number.
    ValueError
        Shapes differ, ``state`` was made for another shape, or ``learning_rate`` is
        negative or not finite.

    Notes
    -----
    This is `momentum_step` with ``momentum=0``, without a memory. In float16 and
    float32 the step is computed in float64 and rounded once.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning* (2016).

    Examples
    --------
    >>> sgd_step([1.0, 2.0], [0.5, -1.0], sgd_init([1.0, 2.0]), learning_rate=0.5)[0]
    array([0.75, 2.5 ])
    """
    x, g, dtype = read_step(params, grad)
    rate = as_nonnegative("learning_rate", learning_rate)
    state = read_state(state, SGDState, x.shape)
    with np.errstate(over="ignore", invalid="ignore"):
        return narrow(x - rate * g, dtype), state


def momentum_init(params: ArrayLike, /) -> MomentumState:
    """Return the state of momentum at rest: a velocity of zero.

    Parameters
    ----------
    params : array_like
        The parameters to be trained.

    Returns
    -------
    MomentumState
        To be passed to `momentum_step`.

    Raises
    ------
    TypeError, ValueError
        ``params`` is not a rectangular array of real numbers.
    """
    return MomentumState(zeros_for(params))


def momentum_step(
    params: ArrayLike,
    grad: ArrayLike,
    state: MomentumState,
    /,
    *,
    learning_rate: float,
    momentum: float = 0.9,
) -> tuple[FloatArray, MomentumState]:
    r"""Move the parameters one step along a faded sum of all gradients so far.

    $v \leftarrow \gamma v + g, \qquad x \leftarrow x - \alpha v$

    Parameters
    ----------
    params : array_like
        Where we are.
    grad : array_like, same shape
        The gradient of the loss there.
    state : MomentumState
        What `momentum_init` or the last `momentum_step` returned.
    learning_rate : float
        $\alpha \ge 0$.
    momentum : float, default 0.9
        $\gamma$ in [0, 1): the share of the velocity that survives a step.

    Returns
    -------
    params : ndarray, same shape
    state : MomentumState

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
    Special cases: ``momentum=0`` is `sgd_step`. A gradient of zero does not stop the
    motion: the velocity fades by the factor $\gamma$ a step.

    After $t$ steps $v = \sum_{s \le t} \gamma^{t - s} g_s$
    (`optimizers.momentum.unrolled`); a constant gradient drives it to $g / (1 -
    \gamma)$. The learning rate stands outside the velocity, as in PyTorch; with it
    inside, $v \leftarrow \gamma v + \alpha g$, the path is the same as long as the rate
    is.

    In float16 and float32 the step is computed in float64 and the parameters are
    rounded once; the velocity is kept in float64.

    References
    ----------
    B. T. Polyak, "Some methods of speeding up the convergence of iteration methods",
    *USSR Computational Mathematics and Mathematical Physics* 4 (1964), 1-17.

    Examples
    --------
    >>> x, state = np.array([1.0]), momentum_init([1.0])
    >>> for _ in range(3):
    ...     x, state = momentum_step(
    ...         x, [1.0], state, learning_rate=0.25, momentum=0.5
    ...     )
    ...     print(x)
    [0.75]
    [0.375]
    [-0.0625]
    """
    x, g, dtype = read_step(params, grad)
    rate = as_nonnegative("learning_rate", learning_rate)
    survives = as_rate("momentum", momentum)
    state = read_state(state, MomentumState, x.shape)
    with np.errstate(over="ignore", invalid="ignore"):
        velocity = survives * state.velocity + g
        return narrow(x - rate * velocity, dtype), MomentumState(velocity)


def heavy_ball_params(smallest: float, largest: float, /) -> HeavyBall:
    r"""Return the best learning rate and momentum for a quadratic loss.

    $\alpha = \left(\frac{2}{\sqrt L + \sqrt\mu}\right)^2, \qquad
    \gamma = \left(\frac{\sqrt L - \sqrt\mu}{\sqrt L + \sqrt\mu}\right)^2$

    Parameters
    ----------
    smallest : float
        $\mu > 0$: the smallest curvature, the least eigenvalue of the Hessian.
    largest : float
        $L \ge \mu$: the largest.

    Returns
    -------
    HeavyBall
        ``learning_rate`` $\alpha$, ``momentum`` $\gamma$, and the ``rate``
        $\sqrt\gamma$: in the long run every step multiplies the error by so much.

    Raises
    ------
    TypeError
        An argument is no real number.
    ValueError
        A curvature is not positive or not finite, or ``largest`` is smaller than
        ``smallest``.

    Notes
    -----
    With this pair $4 \gamma - (1 + \gamma - \alpha\lambda)^2 = \alpha^2 (\lambda -
    \mu)(L - \lambda)$ (`optimizers.momentum.discriminant`): positive for every
    curvature $\lambda$ in between, where the error shrinks like $\sqrt\gamma^{\,t}$.
    Equal curvatures give momentum 0 and rate 0: gradient descent arrives in one step.

    References
    ----------
    B. T. Polyak, "Some methods of speeding up the convergence of iteration methods",
    *USSR Computational Mathematics and Mathematical Physics* 4 (1964), 1-17.

    Examples
    --------
    >>> heavy_ball_params(1.0, 9.0)
    HeavyBall(learning_rate=0.25, momentum=0.25, rate=0.5)
    """
    low = as_positive("smallest", smallest)
    high = as_positive("largest", largest)
    if high < low:
        msg = f"largest must be at least smallest, {smallest!r}, got {largest!r}"
        raise ValueError(msg)
    total = np.sqrt(high) + np.sqrt(low)
    # (√L - √μ)/(√L + √μ), multiplied by √L + √μ: close curvatures cancel only once.
    rate = float((high - low) / total / total)
    with np.errstate(over="ignore"):
        return HeavyBall(float((2 / total) ** 2), rate**2, rate)
