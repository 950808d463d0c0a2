"""Concrete worlds in which the hypotheses of a derivation hold.

A world gives every size a small whole number, every index a value in its range, and
every real atom an exact binary fraction. All of it is a pure function of (seed, number
of the world, name of the atom, number of redraws), so that a refusal can be reproduced
and does not depend on the order in which anything is visited.

Hypotheses are met, not assumed: an equation is solved for one of its atoms, or for the
common scale of an array, and the root is enclosed between a sign change; an inequality
that fails has an atom of it redrawn. Once a world is complete *every* hypothesis is
checked again in it. If no world passes, the hypotheses are vacuous as far as can be
seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from hashlib import blake2b
from typing import Any

import sympy
from flint import arb, ctx
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.engine import balls
from derivations.engine.balls import (
    IndeterminateError,
    KinkError,
    Number,
    UndefinedError,
)
from derivations.engine.evaluation import Evaluator, Key, Scope
from derivations.engine.language import (
    Each,
    Family,
    Index,
    Normal,
    Probability,
)
from derivations.engine.tables import table

__all__ = ["PRECISIONS", "Problem", "Vacuous", "World", "make_worlds"]

PRECISIONS = (128, 512, 2000)  # bits; the next one when balls are too wide
_BASE = PRECISIONS[0]
_SIZE_TRIES = 60
_ROUNDS = 80
_SECANT_STEPS = 80
_SMALL_BUDGET, _LARGE_BUDGET = 20_000, 2_000  # about how many nodes a world may visit
_EFFORT = 15_000  # evaluations of integrands after which no further world is made
_FIRST_LARGE = 6  # from this number on, worlds have sizes up to 5

Sequences = Mapping[Any, tuple[Any, Any, Any]]


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


def _random(*parts: object) -> int:
    """Return 64 bits that depend on the parts and on nothing else."""
    text = repr(parts).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")


# ---------------------------------------------------------------- numbers for atoms

# numerators from..to (made odd) over a power of two
_SCALES = {
    "small": (1, 255, 2**14),
    "moderate": (129, 4095, 2**10),
    "large": (513, 2559, 2**6),
    "huge": (801, 12001, 2**3),
}
# One entry for each world; "mixed" decides for each atom, "zeros" has zeros in between.
_SCALE_OF_WORLD = (
    "moderate",
    "moderate",
    "small",
    "large",
    "mixed",
    "zeros",
    "mixed",
    "huge",
)


def _assumed(base: Any) -> Any:
    """Return the symbol that carries the assumptions of an atom."""
    return base.args[0] if isinstance(base, sympy.IndexedBase) else base


def _fraction(scale: str, bits: int) -> Fraction:
    lo, hi, denominator = _SCALES[scale]
    return Fraction(lo + bits % (hi - lo) | 1, denominator)


def _probability(scale: str, bits: int) -> Fraction:
    if scale == "moderate":
        return Fraction(bits % 820 + 102, 1024)
    edge = _fraction("small", bits) / 2
    return edge if scale == "small" else 1 - edge


def _number(key: Key, scale: str, bits: int) -> Fraction:
    """Return a number of about the given scale that the atom may take."""
    symbol = _assumed(key[0])
    bits, flip = divmod(bits, 2)
    if isinstance(symbol, Probability):
        return _probability("moderate" if scale == "zeros" else scale, bits)
    if symbol.is_positive and scale == "zeros":
        scale = "moderate"
    if scale == "zeros":
        bits, four = divmod(bits, 4)
        if four == 0:
            return Fraction(0)
        scale = "moderate"
    size = _fraction(scale, bits)
    if symbol.is_nonnegative:
        return size
    return -size if flip or symbol.is_nonpositive else size


def _allowed(key: Key, number: Number) -> bool:
    """Tell whether an atom may take a value, by its declaration."""
    symbol = _assumed(key[0])
    if isinstance(symbol, Probability):
        return bool(number > 0) and bool(number < 1)
    wanted = (
        (symbol.is_positive, number > 0),
        (symbol.is_negative, number < 0),
        (symbol.is_nonnegative, number >= 0),
        (symbol.is_nonpositive, number <= 0),
        (symbol.is_nonzero, not number.contains(0)),
    )
    return all(holds for declared, holds in wanted if declared)


# ---------------------------------------------------------------- hypotheses


@dataclass(frozen=True)
class _Condition:
    """One relation between numbers: a hypothesis at one value of its index."""

    relation: str
    left: Any
    right: Any
    scope: tuple[tuple[Any, int], ...] = ()
    entry: tuple[int, int] | None = None
    source: Any = None  # the hypothesis it comes from

    def gap(self, evaluator: Evaluator) -> Number:
        """Return left - right."""
        scope = dict(self.scope)
        if self.entry is None:
            left, right = (evaluator.value(e, scope) for e in (self.left, self.right))
        else:
            i, j = self.entry
            left, right = (
                table(evaluator, e, scope)[i][j] for e in (self.left, self.right)
            )
        return left - right

    def holds(self, evaluator: Evaluator) -> bool:
        """Tell whether the relation holds; a solved equation, up to a tiny ball."""
        try:
            gap = self.gap(evaluator)
        except UndefinedError:
            return False
        tiny = gap.contains(0) and gap.rad() < arb(2) ** (-ctx.prec // 2)
        return bool(
            {
                "==": tiny,
                "!=": not gap.contains(0),
                "<": gap < 0,
                "<=": gap <= 0 or tiny,
                ">": gap > 0,
                ">=": gap >= 0 or tiny,
            }[self.relation]
        )


def _conditions(
    hypothesis: Any, evaluator: Evaluator, scope: Scope, source: Any = None
) -> Iterator[_Condition]:
    """Spell a hypothesis out: for each value of its index, for each matrix entry."""
    source = hypothesis if source is None else source
    if isinstance(hypothesis, Each):
        lo, hi = (evaluator.integer(end, scope) for end in hypothesis.index.range)
        for inner in evaluator.bind(hypothesis.index, range(lo, hi + 1), scope):
            yield from _conditions(hypothesis.hypothesis, evaluator, inner, source)
        return
    if hypothesis in (sympy.true, sympy.false):
        left = sympy.Integer(0 if hypothesis == sympy.true else 1)
        yield _Condition("==", left, sympy.Integer(0), source=source)
        return
    if not isinstance(hypothesis, Relational):
        msg = f"{hypothesis} is not a hypothesis"
        raise TypeError(msg)
    left, right = hypothesis.lhs, hypothesis.rhs
    items = tuple(scope.items())
    if getattr(left, "is_Matrix", False):
        rows, columns = (evaluator.integer(side, scope) for side in left.shape)
        for at in ((i, j) for i in range(rows) for j in range(columns)):
            yield _Condition(hypothesis.rel_op, left, right, items, at, source)
        return
    yield _Condition(hypothesis.rel_op, left, right, items, source=source)


# ---------------------------------------------------------------- worlds


@dataclass(frozen=True)
class _Solution:
    """An equation solved for an atom, or for the common factor of several."""

    condition: _Condition
    keys: tuple[Key, ...]
    scaling: bool
    touched: frozenset[Key]
    guess: Any


class _NoRootError(Exception):
    """The equation could not be solved for this unknown."""


class _Player(Evaluator):
    """An evaluator that remembers the values of scaled atoms before scaling."""

    def __init__(self, world: World) -> None:
        super().__init__(world, dict(world.sequences))
        self.bases: dict[Key, Number] = {}


class World:
    """One concrete world.

    Attributes
    ----------
    seed, number : int
        Which world this is.
    integers : dict
        The values of sizes, counters and free indices.
    """

    def __init__(
        self,
        seed: int,
        number: int,
        integers: dict[Any, int],
        sequences: Sequences,
        *,
        plain: bool = False,
    ) -> None:
        self.seed, self.number, self.integers = seed, number, dict(integers)
        self.sequences, self.plain = sequences, plain
        self._redraws: dict[Key, int] = {}
        self._solutions: list[_Solution] = []
        self._players: dict[int, _Player] = {}
        self._known: dict[tuple[Any, int], Any] = {}

    # ------------------------------------------------------------ a Source

    def integer(self, symbol: Any) -> int:
        """Return the value of an integer symbol."""
        if symbol not in self.integers:
            self.integers[symbol] = self._new_integer(symbol)
        return self.integers[symbol]

    def _new_integer(self, symbol: Any) -> int:
        bits = _random(self.seed, self.number, symbol.name)
        if not isinstance(symbol, Index):
            return bits % 3 + 1 if symbol.is_nonnegative else bits % 7 - 3
        player = self._player(_BASE)
        lo, hi = (player.integer(end, {}) for end in symbol.range)
        if hi < lo:
            msg = f"index {symbol} has no value in {lo}..{hi}"
            raise UndefinedError(msg)
        return lo + bits % (hi - lo + 1)

    def choice(self, key: Key, options: int) -> int:
        """Return one of 0, …, options - 1."""
        return _random(self.seed, self.number, *map(str, key)) % options

    def draw(self, key: Key) -> Number:
        """Return the number that stands in for an atom."""
        redraws = self._redraws.get(key, 0)
        bits = _random(self.seed, self.number, *map(str, key), redraws)
        bits, scale = divmod(bits, 3)
        return balls.rational(_number(key, self._scale(key, redraws, scale), bits))

    def _scale(self, key: Key, redraws: int, pick: int) -> str:
        if self.plain:
            scale = "moderate"
        else:
            scale = _SCALE_OF_WORLD[self.number % len(_SCALE_OF_WORLD)]
        if scale == "huge" and len(key) > 1:
            scale = "mixed"  # sums of huge entries only cost precision
        if scale == "mixed" or redraws % 3 == 2:
            return ("small", "moderate", "large")[pick]
        return scale

    # ------------------------------------------------------------ values

    def entries(self, e: Any, precision: int) -> list[Number]:
        """Return the entries of an expression as balls (one for a scalar)."""
        known = self._known.get((e, precision))
        if known is None:
            known = self._known[e, precision] = self._evaluate(e, precision)
        if isinstance(known, UndefinedError):
            raise known
        return known[0]

    def touched(self, e: Any, precision: int) -> frozenset[Key]:
        """Return the atoms on which the value of an expression depends."""
        known = self._known.get((e, precision))
        return known[1] if isinstance(known, tuple) else frozenset()

    def _evaluate(self, e: Any, precision: int) -> Any:
        with ctx.workprec(precision):
            player = self._player(precision)
            player.touched.clear()
            try:
                found = player.entries(e)
            except UndefinedError as reason:
                return reason
            if not all(entry.is_finite() for entry in found):
                return IndeterminateError(f"{e} is not finite")
            return found, frozenset(player.touched)

    def _player(self, precision: int) -> _Player:
        """Return the evaluator for a precision, with the equations solved in it."""
        if precision not in self._players:
            player = self._players[precision] = _Player(self)
            with ctx.workprec(precision):
                for k in range(len(self._solutions)):
                    self._solve(player, k)
        return self._players[precision]

    def atoms(self, keys: Iterable[Key]) -> list[tuple[Key, Number]]:
        """Return the values of atoms, in alphabetical order."""
        player = self._player(_BASE)
        ordered = sorted(keys, key=lambda key: (str(key[0]), key[1:]))
        return [(key, player.atom(key)) for key in ordered]

    def settles(self, e: Any) -> bool:
        """Tell whether an expression has a sharp value here, or provably none."""
        for precision in PRECISIONS:
            try:
                found = self.entries(e, precision)
            except KinkError:
                return False
            except IndeterminateError:
                if self.effort > _EFFORT // 4:
                    return False
                continue
            except UndefinedError:
                return True
            if all(sharp(entry, entry) for entry in found):
                return True
        return False

    @property
    def effort(self) -> int:
        """How often integrands have been evaluated in this world."""
        return sum(player.effort for player in self._players.values())

    # ------------------------------------------------------------ equations

    def _assign(self, player: _Player, solution: _Solution, number: Number) -> None:
        for key in solution.keys:
            if solution.scaling:
                base = player.bases.get(key)
                base = self.draw(key) if base is None else base
                player.values[key] = base * number
            else:
                player.values[key] = player.bases[key] = number
        player.forget()

    def _residual(self, player: _Player, k: int, number: Number) -> Number:
        """Return the gap of equation k, the earlier ones kept satisfied."""
        solution = self._solutions[k]
        self._assign(player, solution, number)
        for j in range(k):
            if not self._solutions[j].touched.isdisjoint(solution.keys):
                self._solve(player, j)
        return solution.condition.gap(player)

    def _solve(self, player: _Player, k: int) -> Number:
        """Solve equation k for its unknown, starting from the guess."""
        guess = self._solutions[k].guess
        root = _root(lambda number: self._residual(player, k, number), guess)
        self._residual(player, k, root)
        return root

    def _solve_new(self, condition: _Condition) -> bool:
        """Solve one more equation for the first unknown that works."""
        player = self._player(_BASE)
        player.touched.clear()
        try:
            condition.gap(player)
        except UndefinedError:
            return False
        touched = frozenset(player.touched)
        for keys, scaling in self._unknowns(condition, touched):
            guess = arb(1) if scaling else player.values[keys[0]].mid()
            solution = _Solution(condition, keys, scaling, touched, guess)
            self._solutions.append(solution)
            try:
                root = self._solve(player, len(self._solutions) - 1)
            except (_NoRootError, UndefinedError):
                root = None
            if (
                root is not None
                and (not scaling or root > 0)
                and all(_allowed(key, player.values[key]) for key in touched)
            ):
                self._solutions[-1] = replace(solution, guess=root.mid())
                return True
            self._solutions.pop()
            self._players.clear()
            player = self._player(_BASE)
            condition.gap(player)
        return False

    def _unknowns(
        self, condition: _Condition, touched: frozenset[Key]
    ) -> Iterator[tuple[tuple[Key, ...], bool]]:
        """Yield what an equation may be solved for, the most natural first."""
        fixed = {key for s in self._solutions if not s.scaling for key in s.keys}
        used = {key for s in self._solutions for key in s.touched}
        free = sorted(touched - fixed, key=lambda key: (str(key[0]), key[1:]))
        player, scope = self._player(_BASE), dict(condition.scope)
        for side in (condition.left, condition.right):
            if isinstance(side, sympy.Symbol | sympy.Indexed | MatrixElement):
                key = player.key(side, scope)
                if key in free and key not in used:
                    yield (key,), False
        turn = self.number % (len(free) or 1)
        singles = sorted(free[turn:] + free[:turn], key=lambda key: key in used)
        groups: dict[Any, list[Key]] = {}
        for key in free:
            if len(key) > 1:
                groups.setdefault(key[0], []).append(key)
        scaled: list[tuple[tuple[Key, ...], bool]]
        scaled = [(tuple(keys), True) for keys in groups.values()]
        alone: list[tuple[tuple[Key, ...], bool]] = [((key,), False) for key in singles]
        yield from scaled + alone if self.number % 2 == 0 else alone + scaled

    # ------------------------------------------------------------ all hypotheses

    def satisfy(self, given: Iterable[Any], laws: Iterable[Any]) -> Any:
        """Choose the atoms so that the hypotheses hold.

        Returns
        -------
        hypothesis or None
            None on success, else a hypothesis that could not be met.
        """
        player = self._player(_BASE)
        conditions = [c for h in given for c in _conditions(h, player, {})]
        zero = sympy.Integer(0)
        conditions += [_Condition(">=", e, zero, source=e >= zero) for e in laws]
        equations = [c for c in conditions if c.relation == "=="]
        failed = None
        for turn in range(_ROUNDS):
            self._solutions, self._players = [], {}
            failed = self._first_failure(conditions, equations)
            if failed is None:
                return None
            if not self._redraw_part(failed, turn):
                break
        return failed.source if failed is not None else None

    def _first_failure(
        self, conditions: list[_Condition], equations: list[_Condition]
    ) -> _Condition | None:
        with ctx.workprec(_BASE):
            for equation in equations:
                holds = equation.holds(self._player(_BASE))
                if not holds and not self._solve_new(equation):
                    return equation
            player = self._player(_BASE)
            failures = (c for c in conditions if not c.holds(player))
            return next(failures, None)

    def _redraw_part(self, condition: _Condition, turn: int) -> bool:
        """Redraw one atom on which a failed hypothesis depends, if there is one."""
        player = self._player(_BASE)
        player.touched.clear()
        with ctx.workprec(_BASE):
            condition.holds(player)
        keys = set(player.touched)
        for solution in self._solutions:
            if not solution.touched.isdisjoint(keys):
                keys |= solution.touched
        if not keys:
            return False
        ordered = sorted(keys, key=lambda key: (str(key[0]), key[1:]))
        bits = _random(self.seed, self.number, "redraw", turn)
        key = ordered[bits % len(ordered)]
        self._redraws[key] = self._redraws.get(key, 0) + 1
        return True


def sharp(ball: Number, scale: Number) -> bool:
    """Tell whether a ball is small, relative to a scale unless that may be zero."""
    if scale.contains(0):
        return bool(ball.rad() < arb(2) ** -100)
    return bool(ball.rad() < abs(scale) * arb(2) ** -60)


def _root(f: Callable[[Number], Number], guess: Any) -> Number:
    """Return a ball that contains a root of f: secant steps, then a sign change.

    Raises
    ------
    _NoRootError
        If the steps do not converge, or no sign change is found.
    """
    a, b = guess, guess * 5 / 4 if not guess.is_zero() else arb(1)
    b = b.mid()
    fa, fb = f(a), f(b)
    if fa.is_zero():
        return a
    step = abs(b - a)
    for _ in range(_SECANT_STEPS):
        if fb.is_zero():
            return b
        slope = fb.mid() - fa.mid()
        if slope.contains(0) or not fb.is_finite():
            break
        following = (b - fb.mid() * (b - a) / slope).mid()
        step = abs(following - b)
        a, fa, b = b, fb, following
        if step <= abs(b) * arb(2) ** (12 - ctx.prec):
            break
        fb = f(b)
    for lost in (16, 32, 48, 64):
        reach = ((abs(b) + arb(2) ** -20) * arb(2) ** (lost - ctx.prec)).upper()
        below, above = f(b - reach), f(b + reach)
        if (below < 0 and above > 0) or (below > 0 and above < 0):
            return arb(b, reach)
    raise _NoRootError


# ---------------------------------------------------------------- making them


class _Survey:
    """What a problem mentions: integer symbols, free indices, laws."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
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
        world = World(seed, number, chosen, self.problem.sequences)
        for index in self.indices:
            try:
                world.integer(index)
            except UndefinedError:
                return sympy.Le(*index.range, evaluate=False)
        player = _Player(world)
        for hypothesis in self.whole_hypotheses:
            try:
                conditions = list(_conditions(hypothesis, player, {}))
                if not all(c.holds(player) for c in conditions):
                    return hypothesis
            except UndefinedError:
                return hypothesis
        return world

    def _cost(self, world: World) -> int:
        player = _Player(world)
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
    bits = _random(seed, number, attempt, symbol.name)
    lowest = 1 if symbol.is_positive else 0 if symbol.is_nonnegative else -3
    if attempt or lowest < 0:
        return lowest + bits % (4 + attempt // 5 - 2 * min(lowest, 0))
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
        if number >= 4 and sum(world.effort for world in worlds) > _EFFORT:
            break
        for attempt in range(_SIZE_TRIES if worlds or number == 0 else 10):
            world = survey.choose(seed, number, attempt)
            if isinstance(world, World):
                unmet = world.satisfy(problem.given, survey.laws)
                if unmet is None:
                    worlds.append(_settled(world, survey))
                    break
                world = unmet
            failed = world
    if not worlds:
        msg = f"no world satisfies the hypotheses: {failed} fails in every one tried"
        raise Vacuous(msg)
    return worlds


def _settled(world: World, survey: _Survey) -> World:
    """Return the world, or a plain one if its extreme numbers cannot be handled."""
    if all(world.settles(e) for e in survey.problem.expressions):
        return world
    plain = World(world.seed, world.number, world.integers, world.sequences, plain=True)
    unmet = plain.satisfy(survey.problem.given, survey.laws)
    return plain if unmet is None else world
