"""Making worlds: sizes that the hypotheses allow, small enough to be evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy

from derivations.engine.atoms import random_bits
from derivations.engine.balls import UndefinedError
from derivations.engine.evaluation import Evaluator, Scope
from derivations.engine.hypotheses import conditions
from derivations.engine.language import Each, Family, Index, Normal
from derivations.engine.worlds import COSTLY, Sequences, World

__all__ = ["Problem", "Vacuous", "make_worlds"]

_TRIES = 60  # of sizes, for one world
_MISSES = 8  # of them with hypotheses that could not be met by the other atoms
_FEWEST = 4  # worlds, however costly
_SMALL_BUDGET, _LARGE_BUDGET = 20_000, 2_000  # about how many nodes a world may visit
_FIRST_LARGE = 6  # from this number on, worlds have sizes up to 5


class Vacuous(ValueError):  # noqa: N818 -- a verdict on the hypotheses, named in the design
    """No world satisfies the hypotheses."""


@dataclass(frozen=True)
class Problem:
    """What a derivation speaks about.

    Attributes
    ----------
    expressions : tuple of sympy.Basic
        Every expression of the chain, and every certificate.
    given : tuple
        The hypotheses: relations, and `each(k, relation)`.
    sequences : mapping
        For each array defined by recurrence: (value at 0, t, value at t + 1).
    """

    expressions: tuple[Any, ...]
    given: tuple[Any, ...] = ()
    sequences: Sequences = field(default_factory=dict)


class _Survey:
    """What a problem mentions: integer symbols, free indices, laws."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.closed: dict[Any, Any] = {}  # values that are the same in all worlds
        parts = [*problem.expressions, *problem.given]
        for initial, counter, following in problem.sequences.values():
            parts += [initial, counter, following]
        symbols: set[Any] = set()
        self.families: set[Family] = set()
        for part in parts:
            symbols |= part.free_symbols
            self.families |= part.atoms(Family)
            for matrix in part.atoms(sympy.MatrixSymbol):
                for side in matrix.shape:
                    symbols |= side.free_symbols
        bound = {h.index for h in _every_each(problem.given)}
        indices = {i for i in symbols | bound if isinstance(i, Index)}
        symbols |= {s for i in indices for s in _ends(i)}
        whole = {s for s in symbols if s.is_Symbol and s.is_integer}
        self.indices = sorted(
            (s for s in whole if isinstance(s, Index)), key=lambda i: i.name
        )
        self.integers = sorted(
            (s for s in whole if not isinstance(s, Index)), key=lambda s: s.name
        )

    @property
    def tries(self) -> int:
        """How many choices of integers are worth trying for one world."""
        return _TRIES if self.integers or self.indices else 4

    @cached_property
    def laws(self) -> list[Any]:
        """Return what must be nonnegative for the laws to exist."""
        families = sorted(self.families, key=str)
        return [e for f in families for e in f.law.conditions() if not e.is_number]

    @cached_property
    def whole_hypotheses(self) -> list[Any]:
        """Return the hypotheses that speak of integers only."""
        return [h for h in self.problem.given if _speaks_of_integers(h)]

    def choose(self, seed: int, number: int, attempt: int) -> World | Any:
        """Return a world with its integers chosen, or the hypothesis that fails."""
        chosen = {
            symbol: _integer(symbol, place, seed, number, attempt)
            for place, symbol in enumerate(self.integers)
        }
        world = self._complete(seed, number, chosen)
        if not isinstance(world, World) or max(chosen.values(), default=0) < 3:
            return world
        budget = _LARGE_BUDGET if number >= _FIRST_LARGE else _SMALL_BUDGET
        while self._cost(world) > budget:
            largest = max(chosen, key=lambda s: (chosen[s], s.name))
            chosen = {**chosen, largest: chosen[largest] - 1}
            smaller = self._complete(seed, number, chosen)
            if not isinstance(smaller, World) or chosen[largest] < 2:
                break
            world = smaller
        return world

    def _complete(self, seed: int, number: int, chosen: dict[Any, int]) -> World | Any:
        """Choose the free indices; check the hypotheses that speak of integers."""
        world = World(seed, number, chosen, self.problem.sequences, closed=self.closed)
        for index in self.indices:
            try:
                world.integer(index)
            except UndefinedError:
                return sympy.Le(*index.range, evaluate=False)
        player = Evaluator(world, dict(world.sequences))
        for hypothesis in self.whole_hypotheses:
            if not all(c.holds(player) for c in conditions(hypothesis, player, {})):
                return hypothesis
        return world

    def _cost(self, world: World) -> int:
        player = Evaluator(world, dict(world.sequences))
        return max((_cost(e, player, {}) for e in self.problem.expressions), default=0)


def _every_each(hypotheses: Iterable[Any]) -> Iterator[Each]:
    for hypothesis in hypotheses:
        if isinstance(hypothesis, Each):
            yield hypothesis
            yield from _every_each([hypothesis.hypothesis])


def _ends(index: Index) -> set[Any]:
    """Return the symbols in the range of an index, and in the ranges of those."""
    found = set()
    for symbol in index.lo.free_symbols | index.hi.free_symbols:
        found |= {symbol} | (_ends(symbol) if isinstance(symbol, Index) else set())
    return found


def _speaks_of_integers(hypothesis: Any) -> bool:
    if hypothesis in (sympy.true, sympy.false):
        return True
    return all(s.is_Symbol and s.is_integer for s in hypothesis.free_symbols)


def _integer(symbol: Any, place: int, seed: int, number: int, attempt: int) -> int:
    """Return a value to try for a size, a counter or another integer."""
    bits = random_bits(seed, number, attempt, symbol.name)
    lowest = 1 if symbol.is_positive else 0 if symbol.is_nonnegative else -3
    if attempt or lowest < 0:
        return lowest + bits % (4 + attempt // 3 - 2 * min(lowest, 0))
    if number >= _FIRST_LARGE:
        return 4 + (number + place) % 2 + lowest - 1
    return lowest + (number + place * (1 + number // 3)) % 3


def _cost(e: Any, player: Evaluator, scope: Scope) -> int:
    """Return about how many nodes the evaluation of an expression visits."""
    if isinstance(e, sympy.Sum | sympy.Product):
        times, inner = 1, dict(scope)
        for index, lo, hi in reversed(e.limits):
            first, last = (_end(end, player, inner) for end in (lo, hi))
            times *= max(1, last - first + 1)
            inner[index] = last
        return 1 + times * _cost(e.function, player, inner)
    children = sum(_cost(a, player, scope) for a in e.args if isinstance(a, sympy.Expr))
    if getattr(e, "is_Matrix", False):
        rows, columns = (_end(side, player, scope) for side in e.shape)
        return 1 + rows * columns + children
    families = e.atoms(Family) if type(e).__name__ in ("E", "Var") else ()
    outcomes = 1
    for family in families:
        points = 4 if isinstance(family.law, Normal) else 2
        outcomes *= points ** _copies(e, family, player, scope)
    return 1 + outcomes * children


def _end(e: Any, player: Evaluator, scope: Scope) -> int:
    try:
        return player.integer(e, scope)
    except UndefinedError:
        return 3


def _copies(e: Any, family: Family, player: Evaluator, scope: Scope) -> int:
    """Return about how many copies of a random variable an expression mentions."""
    most = 0
    for entry in e.atoms(sympy.Indexed):
        if entry.base == family:
            copies = 1
            for i in entry.indices:
                if i in scope or not isinstance(i, Index):
                    continue
                lo, hi = (_end(end, player, scope) for end in i.range)
                copies *= max(1, hi - lo + 1)
            most = max(most, copies)
    return most


def make_worlds(problem: Problem, *, count: int = 8, seed: int = 0) -> list[World]:
    """Return concrete worlds in which the hypotheses hold.

    Parameters
    ----------
    problem : Problem
        The expressions, the hypotheses and the recurrences of a derivation.
    count : int
        How many worlds to make; fewer are returned where some cannot be completed.
    seed : int
        Equal seeds yield equal worlds.

    Raises
    ------
    Vacuous
        If no world satisfies the hypotheses; the message names one that fails.
    """
    survey, failed = _Survey(problem), None
    worlds: list[World] = []
    for number in range(count):
        if number >= _FEWEST and sum(world.effort for world in worlds) > COSTLY:
            break
        misses = 0
        for attempt in range(survey.tries):
            world = survey.choose(seed, number, attempt)
            if not isinstance(world, World):
                failed = world
                continue
            unmet = world.satisfy(problem.given, survey.laws)
            if unmet is None:
                worlds.append(_settled(world, survey))
                break
            failed, misses = unmet, misses + 1
            if misses > (_MISSES if worlds or number == 0 else 0):
                break
    if not worlds:
        msg = (
            "no world satisfies the hypotheses: "
            f"{failed} could not be met together with the others"
        )
        raise Vacuous(msg)
    return worlds


def _settled(world: World, survey: _Survey) -> World:
    """Return the world, or a plain one if its extreme numbers cannot be handled."""
    if all(world.settles(e) for e in survey.problem.expressions):
        return world
    plain = World(
        world.seed,
        world.number,
        world.integers,
        world.sequences,
        plain=True,
        closed=survey.closed,
    )
    unmet = plain.satisfy(survey.problem.given, survey.laws)
    return plain if unmet is None else world
