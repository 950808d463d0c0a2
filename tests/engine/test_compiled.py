"""Numbers from derivations agree with plain NumPy and with exact arithmetic."""

import math
from fractions import Fraction
from time import perf_counter

import numpy as np
import pytest
import sympy as sp
from flint import ctx
from hypothesis import given
from hypothesis import strategies as st
from sympy import MatrixSymbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.engine import (
    Π,
    Σ,
    Abs,
    E,
    KroneckerDelta,
    Max,
    Rational,
    Sum,
    array,
    d,
    erf,
    exp,
    function,
    index,
    log,
    pi,
    positive,
    probability,
    real,
    size,
    sqrt,
    tanh,
    time,
    unknown,
)
from derivations.engine.compiled import compiled
from derivations.engine.exact import evaluate
from reference.conformance.compare import assert_close
from tests.engine import samples

n, K, D = size("n K d")
x, y0 = real("x y_0")
s = positive("s")
p, β = probability("p beta")
i, j, k, l = index("i j k l", 1, K)
r = index("r", 1, n)
y, z, w, g = array("y z w g")
X, W = array("X W")
T = time("t")
past = index("i", 1, T)
σ = function(r"\sigma", lambda v: 1 / (1 + exp(-v)))

RNG = np.random.default_rng(7)
ENTRY = MatrixElement(MatrixSymbol("A", n, D) * MatrixSymbol("B", D, n), 0, 0)
SOFTMAX = exp(z[i]) / Σ(exp(z[j]), j)


def floats(low=-5.0, high=5.0):
    return st.floats(low, high)


def vectors(size=6, **bounds):
    return st.lists(floats(**bounds), min_size=1, max_size=size)


# ---------------------------------------------------------------------- NumPy functions


@given(z_=vectors(), data=st.data())
def test_the_whole_gradient_comes_from_an_array_of_indices(z_, data):
    hot = data.draw(st.integers(0, len(z_) - 1))
    targets = np.eye(len(z_))[hot]
    gradient = compiled(samples.softmax_cross_entropy, y, z, samples.s)
    weights = np.exp(z_)
    expected = weights / weights.sum() - targets
    whole = gradient(targets, z_, np.arange(1, len(z_) + 1))
    assert_close(whole, expected, scale=1.0, why="a handful of roundings")
    exact = evaluate(samples.softmax_cross_entropy, {y: targets, z: z_})
    assert_close(whole, exact, scale=1.0, why="a handful of roundings")
    assert gradient(targets, z_, 1) == whole[0]


def test_matrices_of_indices_give_a_jacobian():
    z_ = RNG.normal(size=5)
    jacobian = compiled(samples.softmax_jacobian, z, samples.c, samples.s)
    everywhere = np.arange(1, 6)
    weights = np.exp(z_) / np.exp(z_).sum()
    expected = np.diag(weights) - np.outer(weights, weights)
    got = jacobian(z_, everywhere[:, None], everywhere)
    assert_close(got, expected, scale=1.0, why="a handful of roundings")


def test_nested_sums_run_along_axes():
    X_, w_, y_ = RNG.normal(size=(4, 3)), RNG.normal(size=3), RNG.normal(size=4)
    gradient = compiled(samples.mse_gradient_linear, X, w, y, samples.l)
    got = gradient(X_, w_, y_, np.arange(1, 4))
    expected = 2 / 4 * X_.T @ (X_ @ w_ - y_)
    assert_close(got, expected, scale=10.0, why="a handful of additions")


def test_a_matrix_expression_is_computed_as_one():
    A, c, b = MatrixSymbol("X", n, D), MatrixSymbol("w", D, 1), MatrixSymbol("y", n, 1)
    X_, w_, y_ = RNG.normal(size=(4, 3)), RNG.normal(size=3), RNG.normal(size=4)
    got = compiled(2 * A.T * (A * c - b) / n, A, c, b)(X_, w_, y_)
    expected = 2 / 4 * X_.T @ (X_ @ w_ - y_)
    assert_close(got[:, 0], expected, scale=10.0, why="a handful of additions")
    by_entries = compiled(samples.mse_gradient_matrix, A, c, b, samples.l0)
    got = by_entries(X_, w_, y_, np.arange(3))
    assert_close(got, expected, scale=10.0, why="a handful of additions")


def test_products_deltas_and_sums_that_do_not_mention_their_index():
    w_ = RNG.normal(size=5)
    assert compiled(Π(Abs(w[k]) / 4, k), w)(w_) == np.prod(np.abs(w_) / 4)
    assert compiled(Σ(1 + x, k), x, K)(2.0, 5) == 15.0
    assert compiled(Π(x, k), x, K)(2.0, 5) == 32.0
    assert compiled(Σ(KroneckerDelta(i, j), i, j), K)(5) == 5.0


def test_an_empty_sum_is_zero_and_an_empty_product_one():
    average = compiled(samples.momentum, g, β)
    assert average([], 0.9) == 0.0
    assert compiled(Π(g[past], past), g)([]) == 1.0


def test_a_sum_over_a_triangle_runs_as_a_loop():
    up = index("j", 1, i)
    w_ = RNG.normal(size=6)
    got = compiled(Σ(Σ(w[i] * w[up], up), i), w)(w_)
    assert_close(got, np.tril(np.outer(w_, w_)).sum(), scale=10.0, why="36 additions")


def test_powers_roots_and_functions():
    e = sqrt(s) + s ** Rational(3, 2) + 1 / sqrt(s) + s**x + Max(0, x) + erf(x) + pi
    e += tanh(x) + sp.Min(x, 1) + sp.E + 2**n / sp.binomial(n, 2)
    got = compiled(e, s, x, n)(4.0, 0.5, 5)
    expected = 2 + 8 + 0.5 + 2 + 0.5 + math.erf(0.5) + math.pi + math.tanh(0.5) + 0.5
    expected += math.e + 3.2
    assert_close(got, expected, why="a handful of roundings")
    assert_close(got, evaluate(e, {s: 4, x: 0.5, n: 5}), why="the same")


def test_a_range_may_be_computed():
    far = index("i", 1, n**2 - n + 1)
    w_ = RNG.normal(size=7)
    got = compiled(Σ(w[far], far) - w[1], w, n)(w_, 3)
    assert_close(got, w_.sum() - w_[0], scale=10.0, why="8 additions")
    exact = evaluate(Σ(w[far], far) - w[1], {w: w_, n: 3})
    assert_close(got, exact, scale=10.0, why="8 additions")


def test_factorials_and_hyperbolic_functions():
    e = sp.sinh(x) + sp.cosh(x) + sp.factorial(n)
    assert_close(compiled(e, x, n)(0.5, 4), math.exp(0.5) + 24, why="three roundings")
    exact = evaluate(e, {x: 0.5, n: 4})
    assert_close(compiled(e, x, n)(0.5, 4), exact, why="three roundings")


def test_a_function_of_arrays_broadcasts():
    slope = compiled(samples.sigmoid_derivative, samples.x)
    points = np.linspace(-3, 3, 12).reshape(3, 4)
    assert slope(points).shape == (3, 4)
    assert slope(points)[1, 2] == slope(points[1, 2])


# ------------------------------------------------------------------------ exact numbers


@given(x_=floats(-30.0, 30.0))
def test_fifty_digits_round_to_the_nearest_float(x_):
    exact = evaluate(σ(x), {x: x_})
    with sp.evaluate(True):
        reference = 1 / (1 + sp.exp(-sp.Rational(x_)))
    assert isinstance(exact, Fraction)
    assert abs(exact - Fraction(str(reference.n(60)))) < exact * Fraction(1, 10**49)


@given(z_=vectors(low=-700.0, high=700.0))
def test_softmax_of_large_scores_is_exact(z_):
    exact = evaluate(SOFTMAX, {z: z_})
    assert exact.shape == (len(z_),)
    assert abs(sum(exact) - 1) < Fraction(1, 10**49)
    assert all(v > 0 for v in exact)


@pytest.mark.parametrize(
    ("formula", "at", "value"),
    [
        (σ(x) * (1 - σ(x)), 700.0, 9.859676543759770e-305),
        (log(σ(x)), 800.0, -0.0),
        (log(σ(x)), 40.0, -4.248354255291589e-18),
        (1 - σ(x), 1000.0, 0.0),
        (tanh(x), 1e-300, 1e-300),
    ],
)
def test_cancellation_is_harmless(formula, at, value):
    assert float(evaluate(formula, {x: at})) == value


def test_subnormal_results_are_rounded_once():
    assert float(evaluate(σ(x), {x: -744.5})) == 5e-324
    assert float(evaluate(x / 2, {x: 5e-324})) == 0.0
    assert float(evaluate(3 * x / 2, {x: 5e-324})) == 1e-323


def test_floats_are_taken_as_the_exact_numbers_they_are():
    tenth = Fraction(1, 10)
    excess = evaluate(x - y0, {x: 0.1, y0: tenth})
    assert abs(excess - (Fraction(0.1) - tenth)) < excess / 10**49
    assert evaluate(x * 3, {x: np.float32(0.1)}) == 3 * Fraction(float(np.float32(0.1)))
    assert evaluate(x * n, {x: Rational(1, 4), n: 3}) == Fraction(3, 4)


def test_what_is_exactly_zero_is_zero():
    assert evaluate(SOFTMAX - y[i], {z: [3.7], y: [1]})[0] == 0
    assert evaluate(x - x * 1, {x: 0.3}) == 0


def test_a_scalar_may_be_an_array():
    points = np.linspace(-3, 3, 6).reshape(2, 3)
    values = evaluate(σ(x) * s, {x: points, s: 2})
    assert values.shape == (2, 3)
    assert values[1, 2] == evaluate(σ(x) * s, {x: 3.0, s: 2})
    both = evaluate(x + y[k], {x: points, y: [1.0, 2.0]})
    assert both.shape == (2, 3, 2)
    assert both[0, 0, 1] == -1


def test_an_index_left_out_becomes_an_axis():
    z_ = [0.1, 0.5, -0.3]
    jacobian = evaluate(samples.softmax_jacobian, {z: z_})
    assert jacobian.shape == (3, 3)
    assert all(abs(row.sum()) < Fraction(1, 10**49) for row in jacobian)
    entry = evaluate(samples.softmax_jacobian, {z: z_, samples.c: 2, samples.s: 3})
    assert entry == jacobian[1, 2]


@given(X_=st.lists(st.lists(floats(), min_size=2, max_size=2), min_size=1, max_size=4))
def test_sums_of_sums_are_exact(X_):
    w_, y_ = [0.25, -1.5], [1.0] * len(X_)
    values = {X: X_, w: w_, y: y_}
    exact = evaluate(samples.mse_gradient_linear, values)
    rows = [[Fraction(v) for v in row] for row in X_]
    errors = [Fraction(1, 4) * a - Fraction(3, 2) * b - 1 for a, b in rows]
    for column in (0, 1):
        expected = sum(e * row[column] for e, row in zip(errors, rows, strict=True))
        difference = exact[column] - 2 * expected / len(X_)
        assert abs(difference) <= abs(exact[column]) / 10**49


def test_more_digits_may_be_asked():
    third = evaluate(1 / s, {s: 3}, digits=200)
    assert abs(third - Fraction(1, 3)) < Fraction(1, 10**199)


def test_the_precision_of_the_caller_is_left_alone():
    before = ctx.prec
    evaluate(σ(x), {x: 800.0})
    with pytest.raises(ValueError, match="defined"):
        evaluate(log(x), {x: -1.0})
    assert ctx.prec == before


def test_exact_values_are_fast_enough_for_hundreds_of_examples():
    z_, y_ = list(RNG.normal(size=6)), np.eye(6)[2]
    evaluate(samples.softmax_cross_entropy, {z: z_, y: y_})
    spent = []
    for _ in range(20):
        began = perf_counter()
        evaluate(samples.softmax_cross_entropy, {z: z_, y: y_})
        spent.append(perf_counter() - began)
    assert min(spent) < 1e-3


# ----------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    "formula",
    [
        E(y[k]),
        d(σ(x), x),
        unknown("f")(x),
        sp.Integral(x, (x, 0, 1)),
        sp.gamma(x),
        ENTRY,
    ],
    ids=str,
)
def test_only_closed_forms_have_numbers(formula):
    with pytest.raises(ValueError, match="closed forms"):
        compiled(formula, x, y, k)
    with pytest.raises(ValueError, match="closed forms"):
        evaluate(formula, {x: 1.0, y: [1.0], k: 1})


def test_a_symbol_that_is_not_given_is_named():
    with pytest.raises(ValueError, match="needs beta"):
        compiled(samples.momentum, g)
    with pytest.raises(ValueError, match="needs s,"):
        evaluate(s * x, {x: 1.0})
    with pytest.raises(ValueError, match="needs K"):
        compiled(x / K, x)


def test_lengths_that_disagree_are_named():
    gradient = compiled(samples.softmax_cross_entropy, y, z, samples.s)
    with pytest.raises(ValueError, match=r"K .* differ"):
        gradient([1.0, 0.0], [1.0, 2.0, 3.0], 1)
    with pytest.raises(ValueError, match=r"K .* differ"):
        evaluate(samples.softmax_cross_entropy, {y: [1.0, 0.0], z: [1.0, 2.0, 3.0]})


def test_an_index_out_of_range_does_not_wrap_around():
    entry = compiled(z[k] * K, z, k)
    for place in (0, 4, -1):
        with pytest.raises(IndexError, match="leaves the shape"):
            entry([1.0, 2.0, 3.0], place)
        with pytest.raises(IndexError, match="leaves a length"):
            evaluate(z[k] * K, {z: [1.0, 2.0, 3.0], k: place})


def test_an_array_of_the_wrong_rank_is_named():
    for values in ([[1.0], [2.0]], 3.0):
        with pytest.raises(ValueError, match="z has 1 axes"):
            compiled(z[k] + 0 * x, z, k, x)(values, 1, 0.0)
        with pytest.raises(ValueError, match="z has 1 axes"):
            evaluate(z[k] + x, {z: values, k: 1, x: 0.0})


def test_a_call_with_too_few_arguments_says_how_many():
    with pytest.raises(TypeError, match="takes 2 arguments, got 1"):
        compiled(x * s, x, s)(1.0)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_values_must_be_finite(value):
    with pytest.raises(ValueError, match="finite"):
        evaluate(x + 1, {x: value})


@pytest.mark.parametrize("formula", [log(x), sqrt(x), 1 / (x + 1)])
def test_a_value_outside_the_domain_is_an_error(formula):
    with pytest.raises(ValueError, match="not defined"):
        evaluate(formula, {x: -1.0})


def test_a_count_must_be_a_whole_number():
    with pytest.raises(TypeError, match="integer"):
        evaluate(x * n, {x: 1.0, n: 2.0})
    with pytest.raises(ValueError, match="whole number"):
        compiled(Sum(z[k], (k, 1, sp.floor(x))), z, x)
