"""What the adapters share: functions of the contract, made of a library's own.

A library is told by two functions, NumPy in and NumPy out:

- ``value(f, *arrays)`` calls f on the library's own arrays;
- ``pullback(f, cotangent, *arrays, constants=())`` has its autodiff pull a cotangent
  (ones if None) back through f, and returns one gradient for each of ``arrays``; f
  takes the constants after them.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Library", "affine", "floats", "reduced", "seed"]

Function = Callable[..., Any]
Named = Mapping[str, Function]


def floats(value: Any) -> NDArray[Any]:
    """Return an array of its own; integers become float64, as the contract has it."""
    array = np.array(value)
    return array.astype(np.float64) if array.dtype.kind in "iub" else array


def seed(rng: np.random.Generator) -> int:
    """Draw the seed of a library's own generator."""
    return int(rng.integers(2**31))


def affine(x: Any, weights: Any, bias: Any) -> Any:
    """Write a dense layer in the operators that every library has."""
    return x @ weights + bias


def reduced(losses: Any, reduction: str) -> Any:
    """Reduce losses as users of a library without this option do: by its methods."""
    return losses if reduction == "none" else getattr(losses, reduction)()


class Library(NamedTuple):
    """A library, and how its functions become those of the contract.

    ``affine`` is its dense layer, x @ W + b, for a matrix or a vector of weights.
    """

    value: Function
    pullback: Function
    affine: Function = affine

    def of(self, function: Function) -> Function:
        """Adapt a function of arrays without options."""

        def adapted(*arrays: Any) -> Any:
            return self.value(function, *arrays)

        return adapted

    def slope(self, function: Function) -> Function:
        """Adapt the derivative of an elementwise function."""

        def derivative(x: Any, /) -> Any:
            return self.pullback(function, None, x)[0]

        return derivative

    def vjp(self, function: Function) -> Function:
        """Adapt the vector-Jacobian product: one gradient for each argument."""

        def pulled(cotangent: Any, /, *arrays: Any) -> Any:
            return self.pullback(function, cotangent, *arrays)

        return pulled

    def along(self, function: Function) -> Function:
        """Adapt a function of an array and an ``axis``."""

        def adapted(x: Any, /, *, axis: int = -1) -> Any:
            return self.value(partial(function, axis=axis), x)

        return adapted

    def vjp_along(self, function: Function) -> Function:
        """Adapt the vector-Jacobian product of such a function."""

        def pulled(cotangent: Any, x: Any, /, *, axis: int = -1) -> Any:
            return self.pullback(partial(function, axis=axis), cotangent, x)[0]

        return pulled

    def elu(self, function: Function) -> tuple[Function, Function]:
        """Adapt a function of an array and ``alpha``, and its derivative."""

        def elu(x: Any, /, *, alpha: float = 1.0) -> Any:
            return self.value(lambda a: function(a, alpha), x)

        def derivative(x: Any, /, *, alpha: float = 1.0) -> Any:
            return self.pullback(lambda a: function(a, alpha), None, x)[0]

        return elu, derivative

    def leaky_relu(self, function: Function) -> tuple[Function, Function]:
        """Adapt a function of an array and a negative slope, and its derivative."""

        def leaky_relu(x: Any, /, *, negative_slope: float = 0.01) -> Any:
            return self.value(lambda a: function(a, negative_slope), x)

        def derivative(x: Any, /, *, negative_slope: float = 0.01) -> Any:
            return self.pullback(lambda a: function(a, negative_slope), None, x)[0]

        return leaky_relu, derivative

    def loss(self, losses: Function) -> tuple[Function, Function]:
        """Adapt a function of predictions, targets and ``reduction``, and its gradient.

        The gradient is that in the predictions.
        """

        def loss(first: Any, second: Any, /, *, reduction: str = "mean") -> Any:
            return self.value(partial(losses, reduction=reduction), first, second)

        def gradient(first: Any, second: Any, /, *, reduction: str = "mean") -> Any:
            # The gradient of a sum holds each entry's own.
            kind = "sum" if reduction == "none" else reduction
            of = partial(losses, reduction=kind)
            return self.pullback(of, None, first, constants=(second,))[0]

        return loss, gradient

    def mean_loss(self, loss: Function) -> tuple[Function, Function]:
        """Adapt a loss that is offered with this one reduction, and its gradient."""

        def gradient(first: Any, second: Any, /) -> Any:
            return self.pullback(loss, None, first, constants=(second,))[0]

        return self.of(loss), gradient

    def neuron(self, activations: Named) -> tuple[Function, Function]:
        """Adapt a weighted sum, a bias and an activation, and its pullback."""

        def neuron(x: Any, weights: Any, bias: Any, /, *, activation: str) -> Any:
            squash = activations[activation]
            return self.value(lambda *a: squash(self.affine(*a)), x, weights, bias)

        def vjp(
            cotangent: Any, x: Any, weights: Any, bias: Any, /, *, activation: str
        ) -> Any:
            squash = activations[activation]
            return self.pullback(
                lambda *a: squash(self.affine(*a)), cotangent, x, weights, bias
            )

        return neuron, vjp

    def network(self, known: Named) -> Function:
        """Adapt a network of dense layers with the activations that are known."""

        def mlp(x: Any, weights: Any, biases: Any, /, *, activations: Any) -> Any:
            squash = [known[name] for name in activations]
            of = partial(self._layers, squash)
            return self.value(lambda *a: of(*a)[1], x, *weights, *biases)

        return mlp

    def network_grads(self, known: Named, losses: Named) -> Function:
        """Adapt the gradients of a loss of the last scores, the output and targets."""

        def mlp_grads(
            x: Any,
            targets: Any,
            weights: Any,
            biases: Any,
            /,
            *,
            activations: Any,
            loss: str,
        ) -> Any:
            def of(*arrays: Any) -> Any:
                *network, t = arrays
                squash = [known[name] for name in activations]
                return losses[loss](*self._layers(squash, *network), t)

            arrays = x, *weights, *biases
            of_x, *rest = self.pullback(of, None, *arrays, constants=(targets,))
            depth = len(weights)
            return tuple(rest[:depth]), tuple(rest[depth:]), of_x

        return mlp_grads

    def _layers(
        self, activations: list[Function], x: Any, *arrays: Any
    ) -> tuple[Any, Any]:
        """Return the last scores and the output of a network."""
        depth, z = len(activations), x
        W, b = arrays[:depth], arrays[depth:]
        for matrix, offset, squash in zip(W, b, activations, strict=True):
            z = self.affine(x, matrix, offset)
            x = squash(z)
        return z, x
