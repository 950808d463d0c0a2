"""Objects behind the functions of the contract."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Moments:
    """Two averages, and the powers that correct them."""

    first: np.ndarray
    second: np.ndarray
    power1: float = 1.0
    power2: float = 1.0

    def after(self, grad, beta1, beta2):
        """Return what they are after a gradient."""
        return replace(
            self,
            first=np.average([self.first, grad], axis=0, weights=[beta1, 1 - beta1]),
            second=np.average(
                [self.second, grad**2], axis=0, weights=[beta2, 1 - beta2]
            ),
            power1=self.power1 * beta1,
            power2=self.power2 * beta2,
        )


class Walker:
    """Remembers nothing; knows how to move."""

    def __init__(self, rate, eps):
        self.rate, self.eps = rate, eps

    def correct(self, moments):
        """Return the mean."""
        return moments.first / (1 - moments.power1)

    def scale(self, moments):
        """Return what divides it."""
        return np.sqrt(moments.second / (1 - moments.power2)) + self.eps

    def move(self, params, moments):
        """Return new parameters."""
        return params - self.rate * self.correct(moments) / self.scale(moments)


class Uncorrected(Walker):
    """Forgets to correct the mean square."""

    def scale(self, moments):
        """Return what divides it."""
        return np.sqrt(moments.second) + self.eps


class SquareOnly(Walker):
    """Forgets to correct the mean."""

    def correct(self, moments):
        """Return the mean."""
        return moments.first


def _pair(kind):
    def init(params):
        return Moments(np.zeros_like(params), np.zeros_like(params))

    def step(
        params, grad, state, *, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
    ):
        after = state.after(grad, beta1, beta2)
        return kind(learning_rate, eps).move(params, after), after

    return init, step


adam_init, adam_step = _pair(Walker)
mean_init, mean_step = _pair(Uncorrected)
square_init, square_step = _pair(SquareOnly)
