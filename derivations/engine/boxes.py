"""Inequalities for all values of one variable in an interval, by branch and bound."""

from __future__ import annotations

from typing import Any

from flint import ctx

from derivations.engine.balls import (
    IndeterminateError,
    Number,
    UndefinedError,
    between_zero_and,
    derivative_part,
)
from derivations.engine.effort import nodes, spend
from derivations.engine.evaluation import Evaluator, Key

__all__ = ["holds_on_box"]

_PRECISION = 128


class _Box:
    """The world of an enclosure: one symbol that ranges over a box, nothing else."""

    def integer(self, symbol: Any) -> int:
        """Refuse: a box has no sizes."""
        msg = f"{symbol} has no value in an enclosure"
        raise UndefinedError(msg)

    def draw(self, key: Key) -> Number:
        """Refuse: a box has no other atoms."""
        return self.integer(key[0])

    def choice(self, key: Key, options: int) -> int:
        """Refuse: a box has no random variables and no undefined functions."""
        del options
        return self.integer(key[0])


def holds_on_box(
    inequality: Any,
    symbol: Any,
    lo: Any,
    hi: Any,
    *,
    depth: int = 16,
    precision: int = _PRECISION,
) -> bool:
    """Prove an inequality for all values of one symbol in a closed interval.

    The interval is halved until the enclosure of each piece has the sign wanted: by
    evaluation on the piece, by the mean-value form f(m) + f'(X)(X - m), or because f is
    monotonic there and right at the lower of its two ends.

    Parameters
    ----------
    inequality : sympy.Relational
        ``f >= g`` or ``f <= g``; the symbol must be its only variable.
    symbol : sympy.Symbol
        The variable.
    lo, hi : sympy.Expr
        The ends of the interval, as numbers.
    depth : int
        How often the interval may be halved.
    precision : int
        Working precision, in bits.

    Returns
    -------
    bool
        True if it is proved. False if some piece is false or remains undecided, or if
        the inequality is not shown to have a value everywhere in the interval: a pole
        refuses the whole, and so does anything free but the symbol.

    Raises
    ------
    ValueError
        If the relation is neither ``<=`` nor ``>=``, or the interval is reversed.
    """
    if inequality.rel_op not in ("<=", ">="):
        msg = f"an enclosure proves <= or >=, not {inequality.rel_op}"
        raise ValueError(msg)
    gap = inequality.lhs - inequality.rhs
    with ctx.workprec(precision):
        evaluator = Evaluator(_Box(), {})
        ends = [evaluator.value(end, {}) for end in (lo, hi)]
        low, high = ends[0].lower(), ends[1].upper()
        if not low <= high:
            msg = f"the interval from {lo} to {hi} is reversed"
            raise ValueError(msg)
        sign = 1 if inequality.rel_op == ">=" else -1
        try:
            pieces = _Pieces(evaluator, gap, symbol, sign, high)
            return pieces.hold(low, high, depth)
        except UndefinedError:
            return False


class _Pieces:
    """Branch and bound for ``sign · gap ≥ 0``."""

    def __init__(
        self, evaluator: Evaluator, gap: Any, symbol: Any, sign: int, end: Any
    ) -> None:
        self.evaluator, self.gap, self.symbol = evaluator, gap, symbol
        self.sign, self.end = sign, end

    def at(self, ball: Number) -> Number:
        """Enclose the function on a ball."""
        return self._signed(self.evaluator.value(self.gap, {self.symbol: ball}))

    def _signed(self, ball: Number) -> Number:
        return ball if self.sign > 0 else -ball

    def slope(self, ball: Number) -> Number:
        """Enclose the derivative on a ball."""
        variables, scope = [self.symbol], {self.symbol: ball}
        with self.evaluator.moving(variables, scope) as (inner, mask):
            found = self.evaluator.value(self.gap, inner)
            return self._signed(derivative_part(found, mask))

    def hold(self, low: Any, high: Any, depth: int) -> bool:
        """Prove the inequality between two exact numbers."""
        spend(1, "pieces of an interval", each=10 * nodes(self.gap))
        middle = ((low + high) / 2).mid()
        # A ball that starts at the lower end of the whole interval, or ends at the
        # upper one, so that rounding does not lead out of the domain of the function.
        span = between_zero_and((high - low).upper())
        ball = high - span if high == self.end else low + span
        try:
            if self.at(ball) >= 0:
                return True
            slope = self.slope(ball)
            if self.at(middle) + slope * (ball - middle) >= 0:
                return True
            lowest = low if slope >= 0 else high if slope <= 0 else None
            if lowest is not None and self.at(lowest) >= 0:
                return True
        except IndeterminateError:
            if depth == 0:
                raise
        if depth == 0 or self.at(middle) < 0:
            return False
        return self.hold(low, middle, depth - 1) and self.hold(middle, high, depth - 1)
