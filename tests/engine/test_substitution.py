"""Substitution: an entry that is differentiated by may be renamed, nothing else."""

import pytest
from sympy import Derivative, Lambda, MatrixSymbol, Subs

from derivations.engine import Σ, Eq, array, d, each, exp, index, real, size
from derivations.engine.context import same_up_to_names
from derivations.engine.signs import Facts
from derivations.engine.substitution import CaptureError, substitute
from derivations.engine.theorems import instances

n = size("n")
c, x, y = real("c x y")
i, j, k = index("i j k", 1, n)
A, X, Y = array("A X Y")
M = MatrixSymbol("M", n, n)
SQUARES = d(c * Σ(X[j] ** 2, j), X[i])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({i: k}, d(c * Σ(X[j] ** 2, j), X[k])),
        ({c: exp(y)}, d(exp(y) * Σ(X[j] ** 2, j), X[i])),
        ({X: Y}, d(c * Σ(Y[j] ** 2, j), Y[i])),
        ({X[k]: Y[k + 1]}, d(c * Σ(Y[j + 1] ** 2, j), Y[i + 1])),
        ({X[k]: A[2, k]}, d(c * Σ(A[2, j] ** 2, j), A[2, i])),
    ],
)
def test_the_entry_of_a_derivative_is_renamed(values, expected):
    assert same_up_to_names(substitute(SQUARES, values), expected)


@pytest.mark.parametrize(
    "values",
    [
        *({c: X[1]}, {c: Σ(X[k], k)}, {c: Y[1], X: Y}),
        *({X[k]: x}, {X[k]: 2 * Y[k]}, {X[k]: Y[1]}, {X[k]: Y[k**2]}),
        *({X[k]: Y[-k]}, {X[k]: A[k, k]}, {X[k]: Y[k], c: Y[1]}),
    ],
)
def test_anything_else_would_vary_along(values):
    with pytest.raises(CaptureError, match="nothing else"):
        substitute(SQUARES, values)


def test_the_variable_of_a_derivative_is_bound():
    at_a_point = substitute(d(c * x**2, x), {c: exp(x)})
    assert isinstance(at_a_point, Subs)
    assert at_a_point.doit() == 2 * x * exp(x)
    assert substitute(d(c * x**2, x), {x: y}) == d(c * y**2, y)
    assert substitute(d(c * x**2, x), {x: X[i]}) == d(c * X[i] ** 2, X[i])
    assert substitute(d(c * x**2, x), {x: c}).doit() == 2 * c**2
    assert substitute(d(x * y**2, x, y), {x: y, y: x}) == Derivative(y * x**2, y, x)


def test_the_entry_of_a_matrix_stays_itself():
    slope = d(c * M[0, 0] ** 2, M[0, 0])
    assert substitute(slope, {c: exp(y)}) == d(exp(y) * M[0, 0] ** 2, M[0, 0])
    with pytest.raises(CaptureError, match=r"M\[0, 0\]"):
        substitute(slope, {c: M[0, 1]})


def test_names_of_functions_and_points_do_not_matter():
    for kind in (Lambda, lambda v, e: Subs(e, v, c)):
        assert same_up_to_names(kind(x, d(x**2, x)), kind(y, d(y**2, y)))
        assert not same_up_to_names(kind(x, x + y), kind(y, y + y))


def test_a_bound_name_is_no_place_where_a_hypothesis_holds():
    few = index("e", 1, n - 1)
    bound, free = Eq(Σ(X[few], few), y), Eq(X[few], y)
    h = each(few, free)
    assert list(instances(h, [bound], Facts())) == []
    assert list(instances(h, [free], Facts())) == [free]
