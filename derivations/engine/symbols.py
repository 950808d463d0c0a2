"""Names: sizes, indices, real numbers, probabilities, step counters, arrays.

A name carries its meaning. An `Index` carries its range; a `Label`, the name of an
array, is never equal to a scalar that is written the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sympy import Expr, IndexedBase, Symbol, sympify

__all__ = [
    "Index",
    "Label",
    "Probability",
    "Time",
    "array",
    "index",
    "nonnegative",
    "positive",
    "probability",
    "real",
    "size",
    "time",
]


class Label(Symbol):
    """The name of an array; never equal to a scalar of the same name."""


class Probability(Symbol):
    """A real number strictly between 0 and 1."""


class Time(Symbol):
    """A step counter: 0, 1, 2 and so on."""


class Index(Symbol):
    """An integer that runs over ``lo..hi``; the range is part of its identity."""

    __slots__ = ("hi", "lo")
    lo: Expr
    hi: Expr

    def __new__(cls, name: str, lo: Any, hi: Any) -> Index:
        """Check the range: integer ends, not reversed."""
        self = Symbol.__xnew__(cls, name, integer=True)
        self.lo, self.hi = sympify(lo), sympify(hi)
        for end in (self.lo, self.hi):
            if not (isinstance(end, Expr) and end.is_integer):
                msg = f"index {name}: an end must be an integer, got {end}"
                raise ValueError(msg)
        if (self.hi - self.lo).is_number and self.hi < self.lo - 1:
            msg = f"index {name}: the range {lo}..{hi} is reversed"
            raise ValueError(msg)
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str, Expr, Expr], dict[str, bool]]:
        return (self.name, self.lo, self.hi), {}

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), self.lo, self.hi)

    @property
    def range(self) -> tuple[Expr, Expr]:
        """Both ends, inclusive."""
        return self.lo, self.hi


def _each_name(names: str, build: Callable[[str], Any]) -> Any:
    if not names.split():
        msg = f"names must be a string of names, got {names!r}"
        raise ValueError(msg)
    made = tuple(build(name) for name in names.split())
    return made if len(made) > 1 else made[0]


def size(names: str) -> Any:
    """Make sizes: integers 1, 2, 3, … (one symbol, or a tuple for several names)."""
    return _each_name(names, lambda s: Symbol(s, integer=True, positive=True))


def real(names: str) -> Any:
    """Make real numbers."""
    return _each_name(names, lambda s: Symbol(s, real=True))


def positive(names: str) -> Any:
    """Make real numbers greater than 0."""
    return _each_name(names, lambda s: Symbol(s, positive=True))


def nonnegative(names: str) -> Any:
    """Make real numbers not less than 0."""
    return _each_name(names, lambda s: Symbol(s, nonnegative=True))


def probability(names: str) -> Any:
    """Make real numbers strictly between 0 and 1."""
    return _each_name(names, lambda s: Probability(s, positive=True))


def time(names: str) -> Any:
    """Make step counters: 0, 1, 2 and so on."""
    return _each_name(names, lambda s: Time(s, integer=True, nonnegative=True))


def index(names: str, lo: Any, hi: Any) -> Any:
    """Make indices that run over ``lo..hi``, both ends included."""
    return _each_name(names, lambda s: _same(Index(s, lo, hi)))


@lru_cache(maxsize=1_000)
def _same(i: Index) -> Index:
    """Return one object for equal indices, which are then told apart at a glance."""
    return i


def array(names: str, *, positive: bool = False, nonnegative: bool = False) -> Any:
    """Make real arrays, to be indexed as ``x[i]`` or ``X[i, j]``."""
    sign = {"positive": True} if positive else {"real": True}
    if nonnegative and not positive:
        sign = {"nonnegative": True}
    return _each_name(names, lambda s: IndexedBase(Label(s, **sign)))
