"""Hypotheses in a concrete world: spelled out index by index, and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy
from flint import arb
from sympy.core.relational import Relational

from derivations.engine.balls import Number, UndefinedError
from derivations.engine.effort import TERM, nodes, spend
from derivations.engine.evaluation import Evaluator, Scope
from derivations.engine.language import Each
from derivations.engine.tables import is_table, table

__all__ = ["Condition", "conditions"]


@dataclass(frozen=True)
class Condition:
    """A relation at one value of each index.

    Attributes
    ----------
    relation : str
        ``==``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``.
    left, right : sympy expressions
        Numbers, or matrices that are related entry by entry.
    scope : tuple of pairs
        The values of the indices.
    source : sympy.Basic
        The hypothesis it comes from.
    """

    relation: str
    left: Any
    right: Any
    scope: tuple[tuple[Any, int], ...] = ()
    source: Any = None

    def gaps(self, evaluator: Evaluator) -> list[Number]:
        """Return left - right, entry by entry."""
        scope = dict(self.scope)
        spend(1, "cases of hypotheses", each=nodes(self.left) + nodes(self.right))
        if not is_table(self.left):
            return [
                evaluator.value(self.left, scope) - evaluator.value(self.right, scope)
            ]
        rows = zip(
            table(evaluator, self.left, scope),
            table(evaluator, self.right, scope),
            strict=True,
        )
        return [a - b for pair in rows for a, b in zip(*pair, strict=True)]

    def holds(self, evaluator: Evaluator) -> bool:
        """Tell whether the relation holds; an equation, to within a tiny ball."""
        try:
            return all(self._right(gap) for gap in self.gaps(evaluator))
        except UndefinedError:
            return False

    def _right(self, gap: Number) -> bool:
        tiny = gap.contains(0) and gap.rad() < arb(2) ** -64
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


def conditions(
    hypothesis: Any, evaluator: Evaluator, scope: Scope, source: Any = None
) -> Iterator[Condition]:
    """Spell a hypothesis out: one condition for each value of its index.

    Raises
    ------
    TypeError
        If it is neither a relation, nor `each(k, relation)`, nor True or False.
    """
    source = hypothesis if source is None else source
    never = Condition("==", sympy.Integer(1), sympy.Integer(0), source=source)
    if isinstance(hypothesis, Each):
        try:
            lo, hi = (evaluator.integer(end, scope) for end in hypothesis.index.range)
        except UndefinedError:
            yield never
            return
        spend(hi - lo + 1, "cases of hypotheses", each=TERM)
        for inner in evaluator.bind(hypothesis.index, range(lo, hi + 1), scope):
            yield from conditions(hypothesis.hypothesis, evaluator, inner, source)
    elif hypothesis in (sympy.true, sympy.false):
        if hypothesis == sympy.false:
            yield never
    elif isinstance(hypothesis, Relational):
        left, right, items = hypothesis.lhs, hypothesis.rhs, tuple(scope.items())
        yield Condition(hypothesis.rel_op, left, right, items, source)
    else:
        msg = f"{hypothesis} is not a hypothesis"
        raise TypeError(msg)
