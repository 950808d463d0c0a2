"""Hypotheses that are equations, solved near given numbers and enclosed.

The equations form a system F(x) = 0 in the atoms that they mention, usually with more
atoms than equations. Newton steps of least norm lead from the numbers drawn to a
solution nearby (in proportion to itself for an atom that keeps a sign). Then all atoms
but as many *pivots* as there are independent equations are frozen where they are, and
Krawczyk's test encloses the pivots: with Y ≈ F'(m)⁻¹, if

    m - Y F(m) + (I - Y F'(X)) (X - m)

lies inside the box X, then the box contains a solution. So a world with equations is a
set of balls, and one of the points in them satisfies the equations exactly. (Equations
that follow from the others to first order are dropped from the system and only seen to
hold to within 2⁻⁶⁴.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import arb, arb_mat, ctx

from derivations.engine.atoms import allowed, in_order, stretch
from derivations.engine.balls import Number, UndefinedError, derivative_part
from derivations.engine.effort import spend
from derivations.engine.evaluation import Evaluator, Key
from derivations.engine.hypotheses import Condition

__all__ = ["System", "solve"]

_STEPS = 60  # of Newton's method
_HALVINGS = 8  # of a step that makes things worse
_POLISHES = 30  # steps on the pivots alone


@dataclass(frozen=True)
class _Linear:
    """A system to first order at a point: gaps, and partial derivatives by atom."""

    gaps: list[Number]
    partials: list[dict[Key, Number]]

    @property
    def keys(self) -> list[Key]:
        """Every atom mentioned."""
        return in_order({key for row in self.partials for key in row})

    @property
    def size(self) -> float:
        """The sum of the sizes of the gaps."""
        return sum(float(abs(gap).mid()) for gap in self.gaps)


def _linearize(
    equations: list[Condition], evaluator: Evaluator, keys: list[Key] | None = None
) -> _Linear:
    """Evaluate the equations and their partial derivatives (by `keys`, or by all)."""
    gaps: list[Number] = []
    partials: list[dict[Key, Number]] = []
    for equation in equations:
        evaluator.forget()
        evaluator.touched.clear()
        found = equation.gaps(evaluator)
        touched = evaluator.touched if keys is None else evaluator.touched & set(keys)
        rows: list[dict[Key, Number]] = [{} for _ in found]
        for key in in_order(touched):
            with evaluator.nudged(key) as mask:
                for row, gap in zip(rows, equation.gaps(evaluator), strict=True):
                    partial = derivative_part(gap, mask)
                    if not partial.is_zero():
                        row[key] = partial
        gaps += found
        partials += rows
    return _Linear(gaps, partials)


def _independent(rows: list[dict[Key, Number]]) -> tuple[list[int], list[Key]]:
    """Return independent rows and a pivot column for each, by full pivoting."""
    spend(len(rows) * sum(map(len, rows)), "entries of systems of equations", each=8)
    work = [{key: u.mid() for key, u in row.items()} for row in rows]
    left, chosen, pivots = set(range(len(work))), list[int](), list[Key]()
    largest = max((abs(u) for row in work for u in row.values()), default=arb(0))
    while left:
        candidates = [
            (float(abs(u)), r, key) for r in sorted(left) for key, u in work[r].items()
        ]
        size, r, key = max(candidates, key=lambda c: c[0], default=(0.0, 0, ()))
        if not size > float(largest) * 2.0**-60:
            break
        left.remove(r)
        chosen.append(r)
        pivots.append(key)
        for other in left:
            ratio = work[other].pop(key, arb(0)) / work[r][key]
            if not ratio.is_zero():
                for column, u in work[r].items():
                    if column != key:
                        old = work[other].get(column, arb(0))
                        work[other][column] = (old - ratio * u).mid()
    return chosen, pivots


def _least_step(linear: _Linear, values: dict[Key, Number]) -> dict[Key, Number] | None:
    """Return the shortest Newton step, in units of what each atom may move."""
    keys = linear.keys
    units = {key: stretch(key, values[key]) for key in keys}
    scaled = [
        {key: (u * units[key]).mid() for key, u in row.items()}
        for row in linear.partials
    ]
    rows, _ = _independent(scaled)
    if not rows:
        return None
    matrix = arb_mat([[scaled[r].get(key, arb(0)) for key in keys] for r in rows])
    gaps = arb_mat([[linear.gaps[r].mid()] for r in rows])
    step = matrix.transpose() * (matrix * matrix.transpose()).solve(gaps)
    return {key: -step[q, 0].mid() for q, key in enumerate(keys)}


def _moved(key: Key, number: Number, step: Number) -> Number:
    """Return an atom after a step: a sign is kept by moving in proportion."""
    unit = stretch(key, number)
    if unit == 1:
        return (number + step).mid()
    step = arb(1) if step > 1 else arb(-1) if step < -1 else step
    moved = number * step.exp() if unit == abs(number) else number + unit * step / 2
    return moved.mid()


def _improve(
    equations: list[Condition], evaluator: Evaluator, linear: _Linear
) -> _Linear | None:
    """Take one Newton step, shortened until the equations are nearer to true."""
    values = evaluator.values
    step = _least_step(linear, values)
    if step is None:
        return None
    before = {key: values[key] for key in step}
    for _ in range(_HALVINGS):
        values.update({key: _moved(key, before[key], step[key]) for key in step})
        evaluator.forget()
        try:
            after = _linearize(equations, evaluator)
        except UndefinedError:
            after = None
        if after is not None and after.size < linear.size:
            return after
        step = {key: (u / 2).mid() for key, u in step.items()}
    return None


@dataclass(frozen=True)
class System:
    """Equations solved: some atoms frozen, the pivots enclosed near a guess."""

    equations: list[Condition]
    rows: list[int]
    pivots: list[Key]
    frozen: dict[Key, Number]
    guess: list[Number]

    def enclose(self, evaluator: Evaluator) -> None:
        """Give an evaluator the values of all atoms, at the current precision.

        Raises
        ------
        UndefinedError
            If no enclosure of a solution is found.
        """
        try:
            self._enclose(evaluator)
        except ZeroDivisionError:
            msg = "the hypotheses that are equations are singular where they hold"
            raise UndefinedError(msg) from None

    def _enclose(self, evaluator: Evaluator) -> None:
        evaluator.values.update(self.frozen)
        point = self.guess
        for _ in range(_POLISHES):
            gaps, slopes = self._at(point, evaluator)
            step = slopes.solve(gaps)
            moves = [step[q, 0].mid() for q in range(len(point))]
            point = [(x - move).mid() for x, move in zip(point, moves, strict=True)]
            sizes = [1 + abs(x) for x in point]
            small = arb(2) ** (20 - ctx.prec)
            moved = zip(moves, sizes, strict=True)
            if all(abs(move) < small * size for move, size in moved):
                break
        if all(row[0].is_zero() for row in self._at(point, evaluator)[0].tolist()):
            return  # the point itself is a solution
        for lost in (24, 40, 56, ctx.prec // 2):
            reach = [(size * arb(2) ** (lost - ctx.prec)).upper() for size in sizes]
            if self._contains_solution(point, reach, evaluator):
                return
        msg = "the hypotheses that are equations cannot be solved"
        raise UndefinedError(msg)

    def _at(self, point: list[Number], evaluator: Evaluator) -> tuple[Any, Any]:
        evaluator.values.update(zip(self.pivots, point, strict=True))
        evaluator.forget()
        linear = _linearize(self.equations, evaluator, self.pivots)
        gaps = arb_mat([[linear.gaps[r]] for r in self.rows])
        slopes = [
            [linear.partials[r].get(key, arb(0)) for key in self.pivots]
            for r in self.rows
        ]
        return gaps, arb_mat(slopes)

    def _contains_solution(
        self, point: list[Number], reach: list[Any], evaluator: Evaluator
    ) -> bool:
        """Apply Krawczyk's test; on success the evaluator holds the box."""
        every = range(len(point))
        gaps, slopes = self._at(point, evaluator)
        unit = arb_mat([[int(i == j) for j in every] for i in every])
        inverse = _middle(_middle(slopes).solve(unit))
        box = [arb(x, r) for x, r in zip(point, reach, strict=True)]
        _, slopes = self._at(box, evaluator)
        around = arb_mat([[arb(0, r)] for r in reach])
        image = (unit - inverse * slopes) * around - inverse * gaps
        return all(abs(image[q, 0]) < r for q, r in enumerate(reach))


def _middle(matrix: Any) -> Any:
    """Return the midpoints of a matrix of balls."""
    return arb_mat([[u.mid() for u in row] for row in matrix.tolist()])


def solve(equations: list[Condition], evaluator: Evaluator) -> System | None:
    """Solve equations, starting from the numbers drawn.

    Parameters
    ----------
    equations : list of Condition
        What must hold together.
    evaluator : Evaluator
        Holds the numbers drawn; it is left with the solution, if there is one.

    Returns
    -------
    System or None
        None if no solution that respects the declarations was found.
    """
    try:
        linear = _linearize(equations, evaluator)
        for _ in range(_STEPS):
            if linear.size < 2.0 ** (-ctx.prec // 2):
                break
            following = _improve(equations, evaluator, linear)
            if following is None:
                return None
            linear = following
        units = {key: stretch(key, evaluator.values[key]) for key in linear.keys}
        scaled = [{k: u * units[k] for k, u in row.items()} for row in linear.partials]
        rows, pivots = _independent(scaled)
        frozen = {key: evaluator.values[key] for key in linear.keys}
        guess = [frozen.pop(key) for key in pivots]
        system = System(equations, rows, pivots, frozen, guess)
        system.enclose(evaluator)
    except (UndefinedError, ZeroDivisionError):  # the latter: a singular system
        return None
    if not all(allowed(key, evaluator.values[key]) for key in linear.keys):
        return None
    return system
