"""Optimizers of a library under the contract's names.

A library is told by two functions of what it calls an optimizer, its ``rule``:

- ``begun(rule, params)`` returns the state before the first step;
- ``stepped(rule, params, grad, state)`` returns the parameters and the state after one.

Neither changes what it is given. Each method below takes the function from the
contract's settings to such a rule, and returns the contract's pair of functions.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["Optimizers"]

Function = Callable[..., Any]
Pair = tuple[Function, Function]


class Optimizers(NamedTuple):
    """How the optimizers of a library begin and step."""

    begun: Function
    stepped: Function

    def _init(self, rule: Any) -> Function:
        def init(params: Any, /) -> Any:
            return self.begun(rule, params)

        return init

    def sgd(self, rule: Function) -> Pair:
        """Adapt a rule of the learning rate."""

        def step(p: Any, g: Any, state: Any, /, *, learning_rate: float) -> Any:
            return self.stepped(rule(learning_rate), p, g, state)

        return self._init(rule(1.0)), step

    def momentum(self, rule: Function) -> Pair:
        """Adapt a rule of the learning rate and the momentum: also Nesterov's."""

        def step(
            p: Any,
            g: Any,
            state: Any,
            /,
            *,
            learning_rate: float,
            momentum: float = 0.9,
        ) -> Any:
            return self.stepped(rule(learning_rate, momentum), p, g, state)

        return self._init(rule(1.0, 0.9)), step

    def adagrad(self, rule: Function) -> Pair:
        """Adapt a rule of the learning rate and eps."""

        def step(
            p: Any,
            g: Any,
            state: Any,
            /,
            *,
            learning_rate: float = 0.01,
            eps: float = 1e-10,
        ) -> Any:
            return self.stepped(rule(learning_rate, eps), p, g, state)

        return self._init(rule(1.0, 1e-10)), step

    def rmsprop(self, rule: Function) -> Pair:
        """Adapt a rule of the learning rate, the decay and eps."""

        def step(
            p: Any,
            g: Any,
            state: Any,
            /,
            *,
            learning_rate: float = 0.01,
            decay: float = 0.99,
            eps: float = 1e-8,
        ) -> Any:
            return self.stepped(rule(learning_rate, decay, eps), p, g, state)

        return self._init(rule(1.0, 0.99, 1e-8)), step

    def adam(self, rule: Function) -> Pair:
        """Adapt a rule of the learning rate, both betas and eps."""

        def step(
            p: Any,
            g: Any,
            state: Any,
            /,
            *,
            learning_rate: float = 1e-3,
            beta1: float = 0.9,
            beta2: float = 0.999,
            eps: float = 1e-8,
        ) -> Any:
            return self.stepped(rule(learning_rate, beta1, beta2, eps), p, g, state)

        return self._init(rule(1.0, 0.9, 0.999, 1e-8)), step

    def adamw(self, rule: Function) -> Pair:
        """Adapt a rule of the learning rate, both betas, eps and the weight decay."""

        def step(
            p: Any,
            g: Any,
            state: Any,
            /,
            *,
            learning_rate: float = 1e-3,
            beta1: float = 0.9,
            beta2: float = 0.999,
            eps: float = 1e-8,
            weight_decay: float = 0.01,
        ) -> Any:
            made = rule(learning_rate, beta1, beta2, eps, weight_decay)
            return self.stepped(made, p, g, state)

        return self._init(rule(1.0, 0.9, 0.999, 1e-8, 0.01)), step
