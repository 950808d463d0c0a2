"""Concrete worlds: a number for every size, index and atom, a law for every family.

A world gives every size a small whole number, every index a value in its range, and
every real atom an exact binary fraction. All of it is a pure function of (seed, number
of the world, name of the atom, number of redraws).

Hypotheses are met, not assumed: the equations are solved (see `systems`), and where
an inequality fails, an atom of it is redrawn. Once a world is complete *every*
hypothesis is checked again in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy
from flint import arb, ctx
from sympy.core.function import AppliedUndef

from derivations.engine import balls
from derivations.engine.atoms import in_order, number_for, random_bits
from derivations.engine.balls import (
    IndeterminateError,
    KinkError,
    Number,
    UndefinedError,
)
from derivations.engine.effort import counted
from derivations.engine.evaluation import INTEGRANDS, Evaluator, Key
from derivations.engine.hypotheses import Condition, conditions
from derivations.engine.language import Index
from derivations.engine.systems import System, solve
from derivations.engine.tables import shape

__all__ = ["COSTLY", "PRECISIONS", "Sequences", "World", "sharp"]

PRECISIONS = (128, 512, 2000)  # bits; the next one when balls are too wide
COSTLY = 15_000  # evaluations of integrands from which on fewer worlds will do
_BASE = PRECISIONS[0]
_ROUNDS = 80  # of redrawing an atom of a hypothesis that fails
_UNSOLVED = 5  # of them with equations that could not be solved

Sequences = Mapping[Any, tuple[Any, Any, Any]]
# The entries of an expression, or why it has none; the atoms that were looked at.
_Known = tuple[list[Number] | UndefinedError, frozenset[Key]]

# One entry for each world.
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


def sharp(ball: Number, scale: Number) -> bool:
    """Tell whether a ball is small, relative to a scale unless that may be zero."""
    if scale.contains(0):
        return bool(ball.rad() < arb(2) ** -100)
    return bool(ball.rad() < abs(scale) * arb(2) ** -60)


class World:
    """One concrete world.

    Attributes
    ----------
    seed, number : int
        Which world this is.
    integers : dict
        The values of sizes, counters and free indices.
    sequences : mapping
        The arrays that recurrences define.
    plain : bool
        Whether all numbers are of moderate size.
    effort : int
        How often integrands have been evaluated here.
    """

    def __init__(
        self,
        seed: int,
        number: int,
        integers: dict[Any, int],
        sequences: Sequences,
        *,
        plain: bool = False,
        closed: dict[tuple[Any, int], _Known] | None = None,
    ) -> None:
        self.seed, self.number, self.integers = seed, number, dict(integers)
        self.sequences, self.plain = sequences, plain
        self._redraws: dict[Key, int] = {}
        self._system: System | None = None
        self._players: dict[int, Evaluator] = {}
        self._known: dict[tuple[Any, int], _Known] = {}
        self._closed = {} if closed is None else closed
        self.effort = 0  # how often integrands have been evaluated

    # ------------------------------------------------------------ a Source

    def integer(self, symbol: Any) -> int:
        """Return the value of an integer symbol."""
        if symbol not in self.integers:
            self.integers[symbol] = self._new_integer(symbol)
        return self.integers[symbol]

    def _new_integer(self, symbol: Any) -> int:
        bits = random_bits(self.seed, self.number, symbol.name)
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
        return random_bits(self.seed, self.number, *map(str, key)) % options

    def draw(self, key: Key) -> Number:
        """Return the number that stands in for an atom."""
        redraws = self._redraws.get(key, 0)
        bits = random_bits(self.seed, self.number, *map(str, key), redraws)
        scale = "moderate"
        if not self.plain:
            scale = _SCALE_OF_WORLD[self.number % len(_SCALE_OF_WORLD)]
        if redraws % 3 == 2 or (scale == "huge" and len(key) > 1):
            scale = "mixed"  # sums of huge entries only cost precision
        return balls.rational(number_for(key, scale, bits))

    # ------------------------------------------------------------ values

    def entries(self, e: Any, precision: int) -> list[Number]:
        """Return the entries of an expression as balls (one for a scalar)."""
        found = self._lookup(e, precision)[0]
        if isinstance(found, UndefinedError):
            raise found
        return found

    def shape(self, e: Any) -> tuple[int, ...]:
        """Return the shape of an expression: () for a scalar, else (rows, columns)."""
        return shape(self._player(_BASE), e, {})

    def touched(self, e: Any, precision: int) -> frozenset[Key]:
        """Return the atoms on which the value of an expression depends."""
        return self._lookup(e, precision)[1]

    def _lookup(self, e: Any, precision: int) -> _Known:
        known = self._known if e.free_symbols or e.atoms(AppliedUndef) else self._closed
        if (e, precision) not in known:
            with ctx.workprec(precision):
                known[e, precision] = self._evaluate(e, precision)
        return known[e, precision]

    def _evaluate(self, e: Any, precision: int) -> _Known:
        try:
            player = self._player(precision)
        except UndefinedError as reason:
            return reason, frozenset()
        player.forget()
        player.touched.clear()
        before = counted(INTEGRANDS)
        found: list[Number] | UndefinedError
        try:
            found = player.entries(e)
        except UndefinedError as reason:
            found = reason
        else:
            if not all(entry.is_finite() for entry in found):
                found = IndeterminateError(f"{e} is not finite")
        self.effort += counted(INTEGRANDS) - before
        return found, frozenset(player.touched)

    def _player(self, precision: int) -> Evaluator:
        """Return the evaluator for a precision, with the equations solved in it."""
        if precision not in self._players:
            player = Evaluator(self, dict(self.sequences))
            if self._system is not None:
                with ctx.workprec(precision):
                    self._system.enclose(player)
            self._players[precision] = player
        return self._players[precision]

    def atoms(self, keys: Iterable[Key]) -> list[tuple[Key, Number]]:
        """Return the values of atoms, in alphabetical order."""
        player = self._player(_BASE)
        return [(key, player.atom(key)) for key in in_order(keys)]

    def settles(self, e: Any) -> bool:
        """Tell whether an expression has a sharp value here, or provably none."""
        for precision in PRECISIONS:
            try:
                found = self.entries(e, precision)
            except KinkError:
                return False
            except IndeterminateError:
                if self.effort > COSTLY // 4:
                    return False
                continue
            except UndefinedError:
                return True
            if all(sharp(entry, entry) for entry in found):
                return True
        return False

    # ------------------------------------------------------------ hypotheses

    def satisfy(self, given: Iterable[Any], laws: Iterable[Any]) -> Any:
        """Choose the atoms so that the hypotheses hold.

        Parameters
        ----------
        given : iterable
            The hypotheses.
        laws : iterable of sympy.Expr
            What must be nonnegative for the laws of the random variables to exist.

        Returns
        -------
        hypothesis or None
            None on success, else a hypothesis that could not be met.
        """
        zero = sympy.Integer(0)
        wanted = [Condition(">=", e, zero, source=e >= zero) for e in laws]
        player = self._player(_BASE)
        wanted += [c for h in given for c in conditions(h, player, {})]
        failed, unsolved = None, 0
        for turn in range(_ROUNDS):
            with ctx.workprec(_BASE):
                failed = self._try(wanted)
                unsolved += failed is not None and failed.relation == "=="
                if failed is None or unsolved > _UNSOLVED:
                    break
                if not self._redraw_part(failed, turn):
                    break
        return None if failed is None else failed.source

    def _try(self, wanted: list[Condition]) -> Condition | None:
        """Solve the equations, then check everything; return what fails."""
        self._system, self._players = None, {}
        player = self._player(_BASE)
        equations = [c for c in wanted if c.relation == "=="]
        if any(not c.holds(player) for c in equations):
            self._system = solve(equations, player)
        # Read the values as every later precision will: from the system alone.
        self._players = {}
        player = self._player(_BASE)
        return next((c for c in wanted if not c.holds(player)), None)

    def _redraw_part(self, condition: Condition, turn: int) -> bool:
        """Redraw one atom on which a failed hypothesis depends, if there is one."""
        player = self._player(_BASE)
        player.touched.clear()
        condition.holds(player)
        ordered = in_order(player.touched)
        if not ordered:
            return False
        bits = random_bits(self.seed, self.number, "redraw", turn)
        key = ordered[bits % len(ordered)]
        self._redraws[key] = self._redraws.get(key, 0) + 1
        return True
