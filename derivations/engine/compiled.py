"""A NumPy function from the last expression of a derivation."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any, ClassVar

import numpy as np
import sympy as sp
from sympy import MatrixSymbol, Symbol

from derivations.engine.program import Frame, Node, Program, check_covered, lay_out

__all__ = ["compiled"]


def _matrix_times(left: Any, right: Any) -> Any:
    return left @ right if np.ndim(left) and np.ndim(right) else left * right


class Floating(Program):
    """Sums along axes: slot 0 holds the rank of the indices given as arrays.

    A running index is an integer array with an axis of its own in front of all those
    that are already there, so that broadcasting does the rest. A sum whose index
    bounds an inner sum cannot be an axis, and runs as a loop.
    """

    functions: ClassVar[dict[type, Callable[..., Any]]] = {
        sp.exp: np.exp,
        sp.log: np.log,
        sp.tanh: np.tanh,
        sp.sinh: np.sinh,
        sp.cosh: np.cosh,
        sp.erf: np.vectorize(math.erf, otypes=[float]),
        sp.Abs: np.abs,
        sp.Max: lambda *values: reduce(np.maximum, values),
        sp.Min: lambda *values: reduce(np.minimum, values),
        type(sp.pi): lambda: math.pi,
        type(sp.E): lambda: math.e,
        sp.Transpose: np.transpose,
        sp.MatAdd: lambda *terms: reduce(operator.add, terms),
        sp.MatMul: lambda *factors: reduce(_matrix_times, factors),
        sp.HadamardProduct: lambda *factors: reduce(operator.mul, factors),
    }

    def root(self, value: Any) -> Any:
        """Return the square root."""
        return np.sqrt(value)

    def number(self, value: Fraction) -> Node:
        """Return the nearest float."""
        constant = float(value)
        return lambda _frame: constant

    def real(self, value: Any) -> Any:
        """Return a float, or an array of floats."""
        return 1.0 * value

    def element(self, array: Any, position: Sequence[Any], name: str) -> Any:
        """Return elements, one for each entry of the index arrays."""
        if array.ndim != len(position):
            msg = f"{name} has {len(position)} axes, got {array.ndim}"
            raise ValueError(msg)
        for place, length in zip(position, array.shape, strict=True):
            if np.size(place) and not (0 <= np.min(place) <= np.max(place) < length):
                msg = f"{name}: the index leaves the shape {array.shape}"
                raise IndexError(msg)
        return array[tuple(position)]

    def loop(self, e: Any, *, product: bool) -> Node:
        """Return the function that runs the outermost sum, or product, of e."""
        (i, low, high), *inner = reversed(e.limits)
        body = e.func(e.function, *reversed(inner)) if inner else e.function
        lowest, highest = self.whole(low), self.whole(high)
        outer, slot = self.bound, self.width
        self.bound, self.width = {**outer, i: slot}, slot + 1
        ends = [
            end
            for q in sp.preorder_traversal(body)
            if isinstance(q, sp.Sum | sp.Product)
            for _, *both in q.limits
            for end in both
        ]
        if any(i in end.free_symbols for end in ends):
            run = self._by_loop(self.node(body), slot, product=product)
        else:
            self.depth += 1
            run = self._by_axis(self.node(body), slot, self.depth, product=product)
            self.depth -= 1
        self.bound = outer
        return lambda frame: run(frame, lowest(frame), highest(frame))

    @staticmethod
    def _by_loop(body: Node, slot: int, *, product: bool) -> Callable[..., Any]:
        def run(frame: Frame, low: int, high: int) -> Any:
            total: Any = float(product)
            for frame[slot] in range(low, high + 1):
                total = total * body(frame) if product else total + body(frame)
            return total

        return run

    @staticmethod
    def _by_axis(
        body: Node, slot: int, depth: int, *, product: bool
    ) -> Callable[..., Any]:
        def run(frame: Frame, low: int, high: int) -> Any:
            rank = frame[0] + depth
            running = np.arange(low, high + 1)
            frame[slot] = running.reshape(running.shape + (1,) * (rank - 1))
            value = body(frame)
            if np.ndim(value) < rank:  # the body does not mention the index
                return value**running.size if product else value * running.size
            return np.prod(value, axis=0) if product else np.sum(value, axis=0)

        return run


@lru_cache(maxsize=1024)
def _floating(e: Any) -> Floating:
    return Floating(e)


def compiled(derivation: Any, *arguments: Any) -> Callable[..., Any]:
    """Turn the last expression of a derivation into a NumPy function.

    Parameters
    ----------
    derivation : Derivation or Expr
        What to compute; of a derivation, the last expression.
    *arguments : Symbol, Index, IndexedBase or MatrixSymbol
        What the function takes, in this order. An index may be given a whole number
        or an integer array, counted from 1. Sizes need not be named: they are read
        off the shapes of the arrays.

    Returns
    -------
    callable
        A function of as many arrays and numbers, in float64.

    Raises
    ------
    ValueError
        The expression is not in closed form, or needs a symbol that is not among the
        arguments and not the length of one of them. The function raises it for arrays
        whose lengths disagree, and IndexError for an index out of range.
    """
    e = getattr(derivation, "end", derivation)
    program = _floating(e)
    check_covered(program, arguments)

    def function(*values: Any) -> Any:
        if len(values) != len(arguments):
            msg = f"takes {len(arguments)} arguments, got {len(values)}"
            raise TypeError(msg)
        given, rank = {}, 0
        for key, value in zip(arguments, values, strict=True):
            if isinstance(key, Symbol):
                given[key] = value if np.ndim(value) == 0 else np.asarray(value)
                rank = max(rank, np.ndim(value))
            else:
                array = np.asarray(value, dtype=float)
                column = isinstance(key, MatrixSymbol) and array.ndim == 1
                given[key] = array[:, None] if column else array
        shapes = {k: np.shape(v) for k, v in given.items()}
        frame = lay_out(program, given, shapes)
        frame[0] = rank
        return program.run(frame)

    return function
