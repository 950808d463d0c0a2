"""What later chapters derive is accepted, and what only looks like it is refused.

Most near misses carry a factor that vanishes at every size the refuter tries: the
prover and the audit must object by themselves.
"""

import pytest

from derivations.engine import (
    Π,
    Σ,
    Abs,
    Derivation,
    Ne,
    Rational,
    StepError,
    algebra,
    array,
    at_least,
    at_most,
    each,
    equals,
    exp,
    index,
    log,
    logarithms,
    sqrt,
    square,
    termwise,
    unknown,
)
from derivations.engine.multiples import Multiples
from derivations.engine.normal_form import Licence, Prover
from derivations.engine.signs import Facts
from tests.engine.chapters import (
    CHAPTERS,
    A,
    D,
    R,
    X,
    Y,
    a,
    b,
    c,
    e,
    f,
    h,
    i,
    j,
    k,
    m,
    n,
    o,
    p,
    r,
    s,
    scale,
    t,
    x,
    y,
    α,
    β,
)

GHOST = (n - 1) * (n - 2) * (n - 3) * (n - 4) * (n - 5) * (n - 6)
#: Of a sign: 0 at every size the refuter tries, and never negative.
SHADE = GHOST**2

DIFFER = "the normal forms of both sides differ"
UNSEEN = "is not visibly nonnegative"
V = array("V", nonnegative=True)


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_is_true_is_accepted(name):
    CHAPTERS[name].check()


def refuse(reason, start, *steps, **more):
    """Check that a derivation is refused for a reason that a reader can follow."""
    with pytest.raises(StepError) as found:
        Derivation("It", start, *steps, **more).check()
    assert reason in found.value.reason


def refuse_sign(gap, *given):
    """Check that a gap is not taken for nonnegative, wherever it stands."""
    refuse(UNSEEN, SHADE * gap, at_least(0, square(SHADE * gap)), given=given)


# ---------------------------------------------------------------- pairs and triangles


@pytest.mark.parametrize(
    "inner",
    [
        index("h", a + 2, n),
        index("h", a + 1, n - 1),
        index("h", a + 1, m),
        index("h", 2 * a, n),
        index("h", 1, a - 2),
    ],
)
def test_a_range_that_may_be_reversed_is_refused(inner):
    total = Σ(A[a, inner], a, inner)
    refuse("may be reversed", GHOST * total, equals(total * GHOST * 1 + 0, algebra))


TRIANGLE = Σ(A[a, b], a, b)

#: Equations that are false, but true at n = 1 or with one number changed.
FALSE_SUMS = {
    "the other triangle": (TRIANGLE, Σ(A[e, f], e, f)),
    "a square without its diagonal": (Σ(A[i, j], i, j), TRIANGLE + Σ(A[e, f], e, f)),
    "one triangle twice": (Σ(A[i, j], i, j), Σ(A[i, i], i) + 2 * TRIANGLE),
    "a triangle with the diagonal": (Σ(A[a, h], a, h), TRIANGLE),
    "a square of a sum, pairs once": (
        Σ(X[i], i) ** 2,
        Σ(X[i] ** 2, i) + Σ(X[a] * X[b], a, b),
    ),
    "half of what is not symmetric": (
        Σ(X[a] * Y[b], a, b),
        (Σ(X[i], i) * Σ(Y[i], i) - Σ(X[i] * Y[i], i)) / 2,
    ),
    "half of what is antisymmetric": (Σ((b - a) * X[a] * X[b], a, b), 0),
    "Lagrange with another sign": (
        Σ(X[i] ** 2, i) * Σ(Y[i] ** 2, i) - Σ(X[i] * Y[i], i) ** 2,
        Σ((X[a] * Y[b] + X[b] * Y[a]) ** 2, a, b),
    ),
    "Lagrange over all pairs": (
        Σ(X[i] ** 2, i) * Σ(Y[i] ** 2, i) - Σ(X[i] * Y[i], i) ** 2,
        Σ((X[i] * Y[j] - X[j] * Y[i]) ** 2, i, j),
    ),
    "vectors over the wrong pairs": (
        Σ(Σ(A[i, o], i) ** 2, o),
        Σ(A[i, o] ** 2, i, o) + 2 * Σ(A[a, o] * A[b, 1], a, b, o),
    ),
    "too many pairs": (Σ(1, a, b), n * (n + 1) / 2),
    "too few pairs": (Σ(1, a, h), n * (n - 1) / 2),
    "one pair more for each": (Σ(X[b], a, b), Σ(i * X[i], i)),
    "one pair less for each": (Σ(X[a], a, b), Σ((n - i - 1) * X[i], i)),
    "a sum of numbers": (Σ(i, i), n**2 / 2),
    "a sum of squares": (Σ(i**2, i), n * (n + 1) * (2 * n - 1) / 6),
    "distances, once": (Σ(Abs(i - j), i, j), Σ(b - a, a, b)),
    "a function without a diagonal": (Σ(1 / (b - a), a, b), 0),
    "another function without one": (Σ(X[a] * X[b] / (b - a), a, b), 0),
    "a logarithm without a diagonal": (Σ(log(b - a), a, b), 0),
    "powers with a sign": (Σ(β ** (b - a), a, b), Σ(β ** (a - b), a, b)),
}


@pytest.mark.parametrize("name", FALSE_SUMS)
def test_a_false_sum_over_pairs_is_refused(name):
    left, right = FALSE_SUMS[name]
    refuse(DIFFER, GHOST * left, equals(GHOST * right, algebra))


def test_false_sums_over_pairs_are_refuted_without_a_ghost():
    for left, right in (FALSE_SUMS["the other triangle"], FALSE_SUMS["too many pairs"]):
        refuse("is said to equal", left, equals(right, algebra))


def normal(e, *powers):
    """Return the normal form of an expression."""
    return Prover(Licence(frozenset(powers))).normal(e)


@pytest.mark.parametrize(
    "body",
    [
        X[a] / (b - a),
        X[a] ** (b - a),
        sqrt(b - a) * X[a],
        X[a] * log(b - a) * X[b],
        Σ(X[a] * X[o], index("o", a, b)) * X[b],
        Σ(X[o] / (b - a), o) * X[a],
        X[b] * X[a] ** Rational(1, 3),
        log(X[a]) * X[b],
    ],
)
def test_what_has_no_value_on_the_whole_square_stays_in_its_triangle(body):
    """A normal form that spoke of the square would speak of nothing."""
    square_too = normal(Σ(A[i, j], i, j) * x)
    kept = normal(Σ(body, a, b))
    assert len(kept.args) < 6
    assert all(len(total.limits) != 2 or triangular(total) for total in sums(kept))
    assert any(not triangular(total) for total in sums(square_too))


def sums(e):
    """Return the sums in an expression."""
    return e.atoms(type(TRIANGLE))


def triangular(total):
    """Tell whether one range of a sum depends on another index."""
    names = {v for v, *_ in total.limits}
    return any(
        names & (lo.free_symbols | hi.free_symbols) for _, lo, hi in total.limits
    )


def test_an_idle_index_is_not_counted_where_the_rest_has_no_value():
    assert triangular(max(sums(normal(Σ(X[b] / (b - 1), a, b))), key=str))


def test_an_unknown_function_of_a_pair_is_cut_like_an_array():
    g = unknown("g")
    both = Σ(g(X[a] - X[b]), a, b) + Σ(g(X[b] - X[a]), a, b)
    whole = Σ(g(X[i] - X[j]), i, j) - n * g(0)
    Derivation("It", both, equals(whole, algebra)).check()
    refuse(DIFFER, GHOST * both, equals(GHOST * (whole + n * g(0)), algebra))


def test_a_diagonal_without_a_value_is_not_split_off():
    inner = index("v", a, n)
    (kept,) = sums(normal(Σ(X[a] / (inner - a) * X[inner], a, inner)))
    assert triangular(kept)


def test_powers_of_an_index_are_summed_where_the_range_is_not_reversed():
    some = index("v", m, n)
    assert normal(Σ(some, some)).has(type(TRIANGLE))
    middle = index("v", -n, n)
    Derivation("It", x + Σ(middle, middle), equals(x, algebra)).check()
    refuse(DIFFER, GHOST * Σ(middle**2, middle), equals(0, algebra))


def test_a_triangle_whose_range_may_be_reversed_is_left_alone():
    first = index("u", 1, t - 1)
    later = index("v", first + 1, t - 1)
    assert triangular(normal(Σ(A[first, later], first, later)))


# ------------------------------------------------------------------------ telescoping

FALSE_STEPS = {
    "one short at the end": (Σ(X[s + 1] - X[s], s), X[t - 1] - X[0]),
    "one late at the start": (Σ(X[s + 1] - X[s], s), X[t] - X[1]),
    "a product, one short": (Π(D[s + 1] / D[s], s), D[t - 1] / D[0]),
    "a product of what may be 0": (Π(X[s + 1], s), Π(X[s], s) * X[t]),
}


@pytest.mark.parametrize("name", FALSE_STEPS)
def test_a_false_telescope_is_refused(name):
    left, right = FALSE_STEPS[name]
    refuse(DIFFER, GHOST * left, equals(GHOST * right, algebra))


def test_no_term_is_written_down_that_has_no_value():
    """The hull of 1..t and 0..t-1 contains 0, where X/s has no value."""
    first = index("u", 1, t)
    left = normal(Σ(X[first] / first, first) - Σ(X[s], s), "peel")
    assert normal(Σ(X[first] / first, first)) in left.args
    shifted = Σ(X[first], first) - Σ(X[s], s)
    assert normal(shifted, "peel") == X[t] - X[0]


# ---------------------------------------------------------- multiples of a hypothesis


@pytest.mark.parametrize(
    ("gap", "given"),
    [
        (y * Σ((p * X[j]) ** 2, j), [scale > 0]),
        (x * y * c, [x * y >= 0]),
        (y, [x**2 * y >= 0]),
        (y, [x * y >= 0]),
        (-x * y, [x * y >= 0]),
        (x / y, [x * y**2 >= 0, Ne(y, 0)]),
        (x * y - 1, [x * y >= -1]),
        (Σ(X[j] * Y[j], j), [Σ(X[j] * Y[j] * (n - 6), j) >= 0]),
        (R**2 - scale - 2 * x, [scale <= R**2 + x]),
        (Σ(y * X[k], k), [each(o, Σ(X[k] * y, k) * V[o] >= 0)]),
        (y * c, [each(index("o", 1, m - 1), V[index("o", 1, m - 1)] * y * c >= 0)]),
    ],
)
def test_what_is_no_visible_multiple_of_a_hypothesis_is_refused(gap, given):
    refuse_sign(gap, *given)


@pytest.mark.parametrize(
    ("gap", "given"),
    [
        (-2 * y * Σ(X[i] * Y[i], i), [y * Σ(X[i] * Y[i], i) <= 0]),
        (-p * x * y, [x * y <= 0]),
        (-p * x * (y - c), [x * (y - c) <= 0]),
        (-x * y / p, [x * y <= 0]),
        (x * y * sqrt(p) * Σ(c * x, i), [x * y >= 0, c * x >= 0]),
        (R**2 - scale + 2 * x * y, [x * y >= 0, scale <= R**2]),
        (x * y * c**2, [x * y >= 0]),
    ],
)
def test_a_visible_multiple_of_a_hypothesis_is_accepted(gap, given):
    Derivation("It", gap, at_least(0, square(gap)), given=given).check()
    refuse_sign(gap, *given[1:])


def test_a_multiple_of_nothing_says_nothing():
    compare = Multiples({})
    assert compare.quotient(x, x - x) is None
    assert compare.quotient(x**2 * y, x) == (1, {x: 1, y: 1})
    assert compare.quotient((x + y) ** 3, 2 * x + 2 * y) == (Rational(1, 2), {x + y: 2})
    assert compare.rest(x + y, x) == y
    assert compare.rest(x + y, c) is None


def test_a_quotient_by_what_may_be_zero_says_nothing():
    assert not Facts([x**2 * y >= 0]).nonnegative(y * x)
    assert not Facts([x**2 * y >= 0]).nonnegative(y * x**4 / x**4 * c**2)
    assert Facts([x**3 * y >= 0, Ne(x, 0)]).nonnegative(x * y)


def test_a_hypothesis_about_nothing_says_nothing():
    nothing = Σ(X[i], i) - Σ(X[j], j)
    assert not Facts([nothing >= 0]).nonnegative(x * Σ(X[k], k))


def test_what_two_hypotheses_leave_over_must_have_the_sign():
    facts = Facts([scale <= R**2, x * y >= 0])
    assert facts.nonnegative(R**2 - scale + x * y)
    assert not facts.nonnegative(R**2 - scale - x * y)
    assert not facts.nonnegative(scale - R**2 + x * y)
    assert not facts.positive(R**2 - scale + x * y)


def test_scale_invariance_needs_the_sign_of_the_scale():
    turned = Σ((x * X[j]) ** 2, j)
    left, right = x * X[i] / sqrt(turned / n), X[i] / sqrt(scale / n)
    given = [scale > 0, Ne(x, 0)]
    refuse(DIFFER, SHADE * left, equals(SHADE * right, algebra), given=given)
    refuse("not visibly positive", left, equals(right, algebra), given=[scale > 0])
    refuse("not visibly positive", left, equals(right, algebra), given=[x > 0])


# ----------------------------------------------------------------- powers of one base


@pytest.mark.parametrize(
    ("gap", "given"),
    [
        (exp(x) - 1, []),
        (exp(x) - 1, [x <= 0]),
        (exp(x) - exp(y), [x <= y]),
        (exp(x) - p * exp(y), [x >= y]),
        (y * exp(x) - y, [x >= 0]),
        (r**x - 1, [x >= 0]),
        (r**x - 1, [r >= 1]),
        (β**x - 1, [x >= 0]),
        (r ** (-x) - 1, [r >= 1, x >= 0]),
        (exp(x) * r**y - 1, [x >= 0, y >= 0]),
    ],
)
def test_a_difference_of_powers_has_no_sign_without_reason(gap, given):
    refuse_sign(gap, *given)


@pytest.mark.parametrize(
    ("gap", "given"),
    [
        (1 - exp(x), [x <= 0]),
        (exp(x) - exp(y), [x >= y]),
        (y * exp(x) - y, [x >= 0, y >= 0]),
        (r**x - 1, [r >= 1, x >= 0]),
        (1 - r ** (-x), [r >= 1, x >= 0]),
        (1 - β**x, [x >= 0]),
    ],
)
def test_a_difference_of_powers_has_the_sign_of_that_of_exponents(gap, given):
    Derivation("It", gap, at_least(0, square(gap)), given=given).check()


def test_strictly_smaller_exponents_give_strictly_smaller_powers():
    facts = Facts([x < y])
    assert facts.positive(exp(y) - exp(x))
    assert facts.positive(1 - exp(x - y))
    assert not Facts([x <= y]).positive(exp(y) - exp(x))
    refuse(
        "not visibly positive", log(1 - exp(x)), equals(y, logarithms), given=[x <= 0]
    )


def test_exponentials_are_not_bounded_by_a_hypothesis_about_others():
    total = Σ(exp(X[i] - c), i)
    refuse(
        UNSEEN,
        GHOST**2 * total,
        at_most(GHOST**2 * Σ(1, i), termwise(1 - exp(X[i] - c))),
        given=[each(k, Y[k] <= c)],
    )


# ------------------------------------------------------------------- bounds, in units


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        (Abs(1 - 2 * x), 1 - 2 * x, x <= Rational(3, 4)),
        (Abs(1 - 2 * x), 2 * x - 1, x <= Rational(1, 2)),
        (Abs(1 - 2 * x), 1 - 2 * x, x >= Rational(1, 4)),
        (sqrt((1 - 2 * x) ** 2), 1 - 2 * x, 2 * x <= Rational(3, 2)),
        (Abs(x - y), y - x, 2 * x <= 2 * y + 1),
        (Abs(x - 2 * y), 2 * y - x, x <= y),
    ],
)
def test_a_bound_that_is_too_weak_settles_no_absolute_value(left, right, given):
    refuse(DIFFER, SHADE * left, equals(SHADE * right, algebra), given=[given])


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        (Abs(1 - 2 * x), 1 - 2 * x, x <= Rational(1, 2)),
        (Abs(1 - 2 * x), 1 - 2 * x, x <= Rational(1, 4)),
        (Abs(1 - 2 * x), 2 * x - 1, 3 * x > 2),
        (Abs(x - y) / α, (y - x) / α, 2 * x <= 2 * y),
    ],
)
def test_a_bound_in_other_units_settles_an_absolute_value(left, right, given):
    Derivation("It", left, equals(right, algebra), given=[given]).check()


def test_of_several_bounds_the_strict_one_counts():
    weak = Prover(Licence(), facts=[x <= Rational(1, 2), 2 * x <= 1]).signs
    assert weak.sign(1 - 2 * x) == (1, False)
    strict = Prover(Licence(), facts=[x <= Rational(1, 2), 4 * x < 2]).signs
    assert strict.sign(1 - 2 * x) == (1, True)
    assert strict.sign(2 * x - 1) == (-1, True)
    assert strict.sign(3 - 2 * x) == (1, True)
    assert strict.sign(2 * x) == (0, False)
