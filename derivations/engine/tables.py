"""Matrices as tables of balls: the rows of a matrix expression in one world."""

from __future__ import annotations

import operator
from functools import reduce
from typing import TYPE_CHECKING, Any

import sympy
from flint import arb
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.special import OneMatrix

from derivations.engine.balls import Number, UndefinedError, inverse, value_of
from derivations.engine.effort import nodes, spend

if TYPE_CHECKING:
    from derivations.engine.evaluation import Evaluator, Scope

__all__ = ["Table", "determinant", "is_table", "shape", "table", "trace"]

Table = list[list[Number]]


def is_table(e: Any) -> bool:
    """Tell whether an expression is a matrix."""
    if isinstance(e, sympy.Derivative):
        return any(map(is_table, (e.expr, *e.variables)))
    return bool(getattr(e, "is_Matrix", False))


def shape(evaluator: Evaluator, e: Any, scope: Scope) -> tuple[int, ...]:
    """Return the shape in one world: () for a scalar, else (rows, columns)."""
    if not is_table(e):
        return ()
    sides = (e.variables[0] if isinstance(e, sympy.Derivative) else e).shape
    found = tuple(evaluator.integer(sympy.sympify(side), scope) for side in sides)
    if min(found) < 0:
        msg = f"{e} has the shape {found}"
        raise UndefinedError(msg)
    return found


def table(evaluator: Evaluator, e: Any, scope: Scope) -> Table:
    """Return the entries of a matrix expression, row by row."""
    if isinstance(e, sympy.Derivative):
        return _gradient(evaluator, e, scope)
    rows, columns = shape(evaluator, e, scope)
    spend(rows * columns, "entries of matrices", each=2 + nodes(e))
    if isinstance(e, sympy.MatMul | sympy.MatAdd | sympy.HadamardProduct):
        return _combination(evaluator, e, scope)
    if isinstance(e, sympy.Transpose):
        return [list(row) for row in zip(*table(evaluator, e.arg, scope), strict=True)]
    if isinstance(e, sympy.Inverse):
        return _eliminate(table(evaluator, e.arg, scope))
    if isinstance(e, sympy.MatPow):
        return _matrix_power(evaluator, e, scope)
    return [
        [_entry(evaluator, e, (i, j), scope) for j in range(columns)]
        for i in range(rows)
    ]


def trace(evaluator: Evaluator, e: Any, scope: Scope) -> Number:
    """Return the sum of the diagonal."""
    rows = table(evaluator, e.arg, scope)
    return sum((row[i] for i, row in enumerate(rows)), arb(0))


def determinant(evaluator: Evaluator, e: Any, scope: Scope) -> Number:
    """Return the determinant, by expansion: no division, so a zero stays a zero."""
    return _expand(table(evaluator, e.arg, scope))


def _expand(rows: Table) -> Number:
    if not rows:
        return arb(1)
    first, *others = rows
    terms = (
        (-1) ** j * entry * _expand([row[:j] + row[j + 1 :] for row in others])
        for j, entry in enumerate(first)
    )
    return sum(terms, arb(0))


def _entry(evaluator: Evaluator, e: Any, at: tuple[int, int], scope: Scope) -> Number:
    i, j = at
    if isinstance(e, sympy.MatrixSymbol):
        return evaluator.atom((e, i, j))
    if isinstance(e, sympy.Identity):
        return arb(int(i == j))
    if isinstance(e, sympy.ZeroMatrix):
        return arb(0)
    if isinstance(e, OneMatrix):
        return arb(1)
    if isinstance(e, sympy.MatrixBase):
        return evaluator.value(e[i, j], scope)
    if isinstance(e, sympy.FunctionMatrix):
        row, column = e.lamda.variables
        return evaluator.value(e.lamda.expr, {**scope, row: i, column: j})
    if isinstance(e, ElementwiseApplyFunction):
        (variable,) = e.function.variables
        u = table(evaluator, e.expr, scope)[i][j]
        return evaluator.value(e.function.expr, {**scope, variable: u})
    msg = f"the refuter does not know the matrix {type(e).__name__}"
    raise UndefinedError(msg)


def _gradient(evaluator: Evaluator, e: Any, scope: Scope) -> Table:
    """Return the derivative of a scalar by the entries of a matrix."""
    (matrix, *more) = e.variables
    if more or is_table(e.expr) or not isinstance(matrix, sympy.MatrixSymbol):
        msg = f"the refuter does not know {e}"
        raise UndefinedError(msg)
    rows, columns = shape(evaluator, matrix, scope)
    spend(rows * columns, "entries of matrices", each=2 + nodes(e))

    def entry(i: int, j: int) -> Number:
        at = MatrixElement(matrix, sympy.Integer(i), sympy.Integer(j))
        return evaluator.derivative(sympy.Derivative(e.expr, at), scope)

    return [[entry(i, j) for j in range(columns)] for i in range(rows)]


def _combination(evaluator: Evaluator, e: Any, scope: Scope) -> Table:
    """Combine the factors or terms; a product may start with scalars."""
    parts = [
        table(evaluator, part, scope)
        if is_table(part)
        else evaluator.value(part, scope)
        for part in e.args
    ]
    tables = [part for part in parts if isinstance(part, list)]
    if not isinstance(e, sympy.MatMul):
        combine = operator.add if isinstance(e, sympy.MatAdd) else operator.mul
        return [
            [reduce(combine, entries) for entries in zip(*rows, strict=True)]
            for rows in zip(*tables, strict=True)
        ]
    factor = reduce(
        operator.mul, [part for part in parts if not isinstance(part, list)], arb(1)
    )
    return [[factor * entry for entry in row] for row in reduce(_product, tables)]


def _product(left: Table, right: Table) -> Table:
    columns = list(zip(*right, strict=True))
    spend(len(left) * len(right) * len(columns), "products of entries of matrices")
    return [
        [reduce(operator.add, map(operator.mul, row, column)) for column in columns]
        for row in left
    ]


def _identity(size: int) -> Table:
    return [[arb(int(i == j)) for j in range(size)] for i in range(size)]


def _matrix_power(evaluator: Evaluator, e: Any, scope: Scope) -> Table:
    exponent = evaluator.integer(e.exp, scope)
    base = table(evaluator, e.base, scope)
    if exponent < 0:
        base = _eliminate(base)
    return reduce(_product, [base] * abs(exponent), _identity(len(base)))


def _eliminate(rows: Table) -> Table:
    """Return the inverse, by the elimination of Gauss and Jordan."""
    size = len(rows)
    work = [[*row, *unit] for row, unit in zip(rows, _identity(size), strict=True)]
    for c in range(size):
        heights = [float(abs(value_of(row[c])).mid()) for row in work]
        pivot = max(range(c, size), key=heights.__getitem__)
        work[c], work[pivot] = work[pivot], work[c]
        scale = inverse(work[c][c])
        work[c] = [entry * scale for entry in work[c]]
        for r in range(size):
            if r != c:
                lead = work[r][c]
                work[r] = [u - lead * v for u, v in zip(work[r], work[c], strict=True)]
    return [row[size:] for row in work]
