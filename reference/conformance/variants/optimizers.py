"""What families of optimizers share: how they are played, and what they remember.

A variant is a pair of functions, as the contract has it: ``init(params)`` returns a
state, and ``step(params, grad, state, **options)`` the parameters and the state after
one step.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.conformance.values import UnusableError
from reference.conformance.variants import Probe

__all__ = ["Array", "Averages", "adaptive", "path", "plain"]

Array = NDArray[Any]
Pair = tuple[Callable[..., Any], Callable[..., Any]]


def path(function: Pair, probe: Probe) -> Array:
    """Return where an optimizer stands after each gradient of a probe.

    The arguments of the probe are the start and a row for each gradient; an option
    that is an array has an entry for each step.
    """
    init, step = function
    params, gradients = probe.arguments
    state, places = init(params), []
    for time, gradient in enumerate(gradients):
        options = {
            name: value[time] if isinstance(value, np.ndarray) else value
            for name, value in probe.options.items()
        }
        params, state = step(params, gradient, state, **options)
        if np.shape(params) != np.shape(gradient):
            msg = f"the parameters go from shape {np.shape(gradient)} to "
            raise UnusableError(msg + str(np.shape(params)))
        places.append(np.asarray(params))
    return np.array(places)


class Averages(NamedTuple):
    """What methods in the manner of Adam know at step t, all of it uncorrected.

    Attributes
    ----------
    t : int
        1 at the first step.
    g, m, v : ndarray
        The gradient, the running mean of gradients, and that of their squares.
    top, top_hat : ndarray
        The largest v so far, and the largest corrected v.
    peak, padded : ndarray
        The running maximum of abs(g), and that of abs(g) + eps.
    beta1, beta2, eps : float
        The settings.
    """

    t: int
    g: Array
    m: Array
    v: Array
    top: Array
    top_hat: Array
    peak: Array
    padded: Array
    beta1: float
    beta2: float
    eps: float

    @property
    def first(self) -> float:
        """What corrects the mean: 1 - beta1^t."""
        return 1.0 - self.beta1**self.t

    @property
    def second(self) -> float:
        """What corrects the mean square: 1 - beta2^t."""
        return 1.0 - self.beta2**self.t

    @property
    def m_hat(self) -> Array:
        """The corrected mean."""
        return self.m / self.first

    @property
    def v_hat(self) -> Array:
        """The corrected mean square."""
        return self.v / self.second


def adaptive(
    update: Callable[..., Array],
    gradient: Callable[..., Array] = lambda x, g, decay: g,  # noqa: ARG005
) -> Pair:
    """Return the pair of a method in the manner of Adam.

    Parameters
    ----------
    update : callable
        ``update(averages, params, learning_rate, weight_decay)`` returns the new
        parameters.
    gradient : callable
        ``gradient(params, gradient, weight_decay)`` is what is averaged.
    """

    def init(params: Array) -> Any:
        o = np.zeros_like(params)
        return Averages(0, o, o, o, o, o, o, o, beta1=0.0, beta2=0.0, eps=0.0)

    def step(
        params: Array,
        grad: Array,
        state: Averages,
        *,
        learning_rate: float,
        beta1: float,
        beta2: float,
        eps: float,
        weight_decay: float = 0.0,
    ) -> tuple[Array, Any]:
        g = gradient(params, grad, weight_decay)
        t = state.t + 1
        m = beta1 * state.m + (1.0 - beta1) * g
        v = beta2 * state.v + (1.0 - beta2) * g**2
        after = Averages(
            t=t,
            g=g,
            m=m,
            v=v,
            top=np.maximum(state.top, v),
            top_hat=np.maximum(state.top_hat, v / (1.0 - beta2**t)),
            peak=np.maximum(beta2 * state.peak, np.abs(g)),
            padded=np.maximum(beta2 * state.padded, np.abs(g) + eps),
            beta1=beta1,
            beta2=beta2,
            eps=eps,
        )
        return update(after, params, learning_rate, weight_decay), after

    return init, step


def plain(
    update: Callable[..., tuple[Array, Any]],
    *start: float,
) -> Pair:
    """Return the pair of a method that remembers a few arrays and the time.

    Parameters
    ----------
    update : callable
        ``update(params, grad, t, *memory, **options)`` returns the new parameters and
        the new memory, a tuple. The time t is 1 at the first step.
    *start : float
        What each array of the memory is filled with before the first step.
    """

    def init(params: Array) -> Any:
        return 0, tuple(np.full_like(params, value) for value in start)

    def step(params: Array, grad: Array, state: Any, **options: Any) -> Any:
        t, memory = state
        after, memory = update(params, grad, t + 1, *memory, **options)
        return after, (t + 1, memory)

    return init, step
