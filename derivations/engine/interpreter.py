"""The refuter: looks for a concrete world in which a step is false.

Both sides of a step are evaluated as they stand, in ball arithmetic, in several worlds
that satisfy the hypotheses. If the balls cannot meet, the step is false there, and the
refusal shows the numbers: that is a proof. If they always meet, the step has survived a
test: that is no proof, and `normal_form` must prove it independently. The two share no
code but the language.

The parts, each built on those before: `balls` (numbers), `tails` and `quadrature`
(integrals), `tables` (matrices), `stand_ins` (finite laws), `evaluation` (what an
expression means in a world), `boxes` (all values of one variable at once), `atoms`
(numbers drawn), `hypotheses` and `systems` (checked and solved), `worlds`, `survey`
(which worlds to make).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flint import arb, ctx

from derivations.engine.balls import IndeterminateError, Number, UndefinedError
from derivations.engine.boxes import holds_on_box
from derivations.engine.evaluation import Key
from derivations.engine.survey import Problem, Vacuous, make_worlds
from derivations.engine.worlds import PRECISIONS, World, sharp

__all__ = [
    "Problem",
    "UndefinedError",
    "Vacuous",
    "World",
    "evaluate",
    "holds_on_box",
    "make_worlds",
    "refute",
]

_FEWEST = 4  # comparisons for a step to count as tested
_SHOWN = 12  # atoms of a world in a reason


def evaluate(
    expression: Any, world: World, *, precision: int = PRECISIONS[0]
) -> Number:
    """Return the value of a scalar expression in a world.

    Parameters
    ----------
    expression : sympy.Expr
        The expression.
    world : World
        The world.
    precision : int
        Working precision, in bits.

    Returns
    -------
    arb
        A ball that contains the value.

    Raises
    ------
    UndefinedError
        If the expression has no value in this world.
    """
    (entry,) = world.entries(expression, precision)
    return entry


def refute(
    previous: Any, following: Any, relation: str, worlds: Iterable[World]
) -> str | None:
    """Return why a step is false in one of the worlds, or None.

    Parameters
    ----------
    previous, following : sympy.Expr or matrix expression
        Both sides of the step.
    relation : {"=", "<=", ">="}
        How the step claims they are related.
    worlds : iterable of World
        The worlds to try.

    Returns
    -------
    str or None
        A sentence with the numbers of the world; None if the step survives in all.
    """
    if relation not in ("=", "<=", ">="):
        msg = f"relation must be '=', '<=' or '>=', got {relation!r}"
        raise ValueError(msg)
    compared = 0
    for world in worlds:
        reason, entries = _compare(previous, following, relation, world)
        if reason is not None:
            return reason
        compared += entries
    if compared < _FEWEST:
        return f"only {compared} comparisons could be made, {_FEWEST} are needed"
    return None


def _compare(
    previous: Any, following: Any, relation: str, world: World
) -> tuple[str | None, int]:
    """Compare both sides in one world, with more precision if the balls are wide.

    Returns why the step fails, or None and the number of entries that agree.
    """
    reason = None
    for precision in PRECISIONS:
        found = _sides(previous, following, world, precision)
        where = _where(
            world,
            world.touched(previous, precision) | world.touched(following, precision),
        )
        if isinstance(found, IndeterminateError):
            reason = f"{found}, even to {precision} bits{where}"
            continue
        if isinstance(found, UndefinedError):
            return f"{found}{where}", 0
        shapes = world.shape(previous), world.shape(following)
        if shapes[0] != shapes[1]:
            return f"the shape {shapes[0]} became {shapes[1]}{where}", 0
        pairs = list(zip(*found, strict=True))
        verdicts = [_verdict(a, b, relation, precision) for a, b in pairs]
        if False in verdicts:
            a, b = pairs[verdicts.index(False)]
            return f"{_difference(a, b, relation)}{where}", 0
        if None not in verdicts:
            return None, len(verdicts)
        a, b = pairs[verdicts.index(None)]
        reason = (
            f"the enclosure is too wide to compare {a.str(6)} with {b.str(6)}, "
            f"even to {precision} bits{where}"
        )
    return reason, 0


def _sides(
    previous: Any, following: Any, world: World, precision: int
) -> tuple[list[Number], list[Number]] | UndefinedError:
    """Return the entries of both sides, or why one of them has no value."""
    try:
        return world.entries(previous, precision), world.entries(following, precision)
    except UndefinedError as hole:
        return hole


def _verdict(a: Number, b: Number, relation: str, precision: int) -> bool | None:
    """Return False (a proof), True (as far as can be seen), or None (too wide)."""
    with ctx.workprec(precision):
        gap = a - b if relation == ">=" else b - a
        if relation == "=":
            wrong = not gap.contains(0)
        elif gap >= 0:
            return True
        else:
            wrong = bool(gap < 0)
        if wrong:
            return False
        zeros = a.contains(0) + b.contains(0)
        if zeros == 2 or precision == PRECISIONS[-1]:
            scale = arb(0)
        elif zeros == 1:
            return None
        else:
            scale = a if abs(a) > abs(b) else b
        return sharp(gap, scale) or None


def _difference(a: Number, b: Number, relation: str) -> str:
    """Say what is wrong, with as many digits as it takes to see it."""
    said = {"=": "equal", "<=": "be at most", ">=": "be at least"}[relation]
    left = right = ""
    digits = 6
    while left == right and digits < 1000:
        left, right = (_digits(u, digits) for u in (a, b))
        digits *= 2
    return f"{left} is said to {said} {right}"


def _digits(u: Number, digits: int) -> str:
    """Write a number; a ball about zero as 0, and not as 0e-37."""
    text: str = u.str(digits, radius=False)
    return "0" if text.startswith("0e") else text


def _where(world: World, touched: Iterable[Key]) -> str:
    """Name the world: its integers, and the atoms that matter."""
    parts = [
        f"{symbol} = {number}"
        for symbol, number in sorted(world.integers.items(), key=lambda p: p[0].name)
    ]
    atoms = world.atoms(touched)
    parts += [f"{_name(key)} = {_digits(u, 6)}" for key, u in atoms[:_SHOWN]]
    parts += ["…"] if len(atoms) > _SHOWN else []
    return f" (at {', '.join(parts)})" if parts else ""


def _name(key: Key) -> str:
    base, *indices = key
    return f"{base}[{', '.join(map(str, indices))}]" if indices else str(base)
