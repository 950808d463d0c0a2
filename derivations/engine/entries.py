"""Entries of matrix expressions, as indexed sums; rows and columns count from 0."""

from __future__ import annotations

from sympy import (
    Dummy,
    Expr,
    Identity,
    KroneckerDelta,
    MatAdd,
    MatMul,
    MatPow,
    Mul,
    S,
    Sum,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.hadamard import HadamardProduct
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

__all__ = ["entry"]


def entry(m: MatrixExpr, i: Expr, j: Expr) -> Expr:
    """Return the entry of a matrix expression; each product has an index of its own.

    What is not built from sums, products, transposes and entrywise products (an
    inverse, say) keeps its entries unopened.
    """
    if isinstance(m, Transpose):
        return entry(m.arg, j, i)
    if isinstance(m, ZeroMatrix):
        return S.Zero
    if isinstance(m, Identity):
        return KroneckerDelta(i, j)
    if isinstance(m, MatAdd):
        return sum((entry(a, i, j) for a in m.args), S.Zero)
    if isinstance(m, HadamardProduct):
        return Mul(*(entry(a, i, j) for a in m.args))
    if isinstance(m, MatPow) and m.exp.is_Integer and m.exp > 0:
        return _product([m.base] * int(m.exp), i, j)
    if isinstance(m, MatMul):
        scalar, matrices = m.as_coeff_matrices()
        return scalar * _product(matrices, i, j)
    return MatrixElement(m, i, j)


def _product(matrices: list[MatrixExpr], i: Expr, j: Expr) -> Expr:
    first, *others = [m for m in matrices if not isinstance(m, Identity)] or matrices
    if not others:
        return entry(first, i, j)
    k = Dummy("k", integer=True)
    return Sum(entry(first, i, k) * _product(others, k, j), (k, 0, first.cols - 1))
