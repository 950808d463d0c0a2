"""Attacks through hypotheses: as rewrites, contradictory, or captured."""

from derivations.engine import (
    Π,
    Σ,
    Bernoulli,
    Derivation,
    E,
    Eq,
    Integral,
    Ne,
    algebra,
    array,
    at_least,
    d,
    each,
    equals,
    exp,
    hypothesis,
    index,
    randoms,
    square,
    theorem,
)
from tests.engine.attacks.stage import (
    GHOST,
    HALF,
    a,
    c,
    i,
    j,
    k,
    m,
    n,
    p,
    s,
    u,
    w,
    x,
    y,
)

# -------------------------------------------------------------- hypotheses as rewrites


def rewriting_by_less():
    return Derivation("T", x, equals(2, hypothesis(x < 2)), given=[x < 2])


def rewriting_by_at_least():
    return Derivation(
        "T", x * GHOST, equals(2 * GHOST, hypothesis(x >= 2)), given=[x >= 2]
    )


def rewriting_by_different():
    return Derivation(
        "T", x * GHOST, equals(2 * GHOST, hypothesis(Ne(x, 2))), given=[Ne(x, 2)]
    )


def rewriting_by_each_inequality():
    h = each(k, a[k] > 1)
    return Derivation("T", Σ(a[k], k), equals(n, hypothesis(h)), given=[h])


def rewriting_by_what_is_not_given():
    return Derivation("T", x * GHOST, equals(GHOST, hypothesis(Eq(x, 1))))


def rewriting_by_a_hypothesis_that_is_not_named():
    return Derivation(
        "T", x + c, equals(3, hypothesis(Eq(x, 1))), given=[Eq(x, 1), Eq(c, 2)]
    )


def rewriting_under_the_derivative():
    h = Eq(x, 2)
    return Derivation("T", d(x**2, x), equals(d(x * 2, x), hypothesis(h)), given=[h])


def rewriting_the_derivative_away():
    h = Eq(x, y)
    return Derivation(
        "T",
        GHOST * d(x * y, y),
        equals(GHOST * d(y**2, y), hypothesis(h)),
        given=[h],
    )


def rewriting_an_entry_under_the_derivative():
    h = Eq(a[k], 2)
    return Derivation(
        "T",
        GHOST * d(Σ(a[i] ** 2, i) * a[k], a[k]),
        equals(GHOST * d(2 * Σ(a[i] ** 2, i), a[k]), hypothesis(h)),
        given=[h],
    )


def rewriting_a_random_variable():
    δ = randoms(r"\delta", Bernoulli(p))
    h = Eq(δ[k], 1)
    return Derivation("T", E(δ[k] * w[k]), equals(w[k], hypothesis(h)), given=[h])


def conditioning_a_law():
    δ = randoms(r"\delta", Bernoulli(p))
    h = Eq(p, HALF)
    e = randoms(r"\epsilon", Bernoulli(HALF))
    return Derivation(
        "T", GHOST * E(δ[k]), equals(GHOST * E(e[k]) * 2, hypothesis(h)), given=[h]
    )


# ------------------------------------------------------------ contradictory hypotheses


def positive_and_negative():
    h = Eq(x, -1)
    return Derivation("T", x, equals(-1, hypothesis(h)), given=[x > 0, h])


def equal_to_two_numbers():
    one, two = Eq(x, 1), Eq(x, 2)
    return Derivation(
        "T",
        x - 1,
        equals(0, hypothesis(one)),
        equals(1, hypothesis(two)),
        given=[one, two],
    )


def equal_to_two_numbers_through_a_third():
    h = [Eq(x, 1), Eq(y, 2), Eq(x, y)]
    return Derivation("T", x, equals(1, hypothesis(h[0])), given=h)


def a_positive_symbol_is_minus_one():
    h = Eq(s, -1)
    return Derivation("T", s, equals(-1, hypothesis(h)), given=[h])


def a_probability_is_two():
    h = Eq(p, 2)
    return Derivation("T", p * GHOST, equals(2 * GHOST, hypothesis(h)), given=[h])


def a_square_is_negative():
    h = Eq(x**2, -1)
    return Derivation("T", x**2, equals(-1, hypothesis(h)), given=[h])


def a_size_is_zero():
    h = Eq(n, 0)
    return Derivation("T", x * n, equals(0, hypothesis(h)), given=[h])


def entries_against_their_sum():
    zero, total = each(k, Eq(a[k], 0)), Eq(Σ(a[i], i), 1)
    return Derivation(
        "T", Σ(a[i], i), equals(1, hypothesis(total)), given=[zero, total]
    )


def an_interval_turned_over():
    return Derivation("T", x**2, at_least(0, square(x**2)), given=[x > 1, x < 0])


def an_unused_hypothesis():
    return Derivation(
        "T", (x + 1) ** 2, equals(x**2 + 2 * x + 1, algebra), given=[Eq(c, 3)]
    )


# ------------------------------------------------------- a hypothesis and a bound name


def hypothesis_about_one_index_used_for_all():
    h = Eq(a[k], 1)
    return Derivation("T", Σ(a[k], k), equals(n, hypothesis(h)), given=[h])


def hypothesis_about_one_index_used_for_another():
    h = Eq(a[k], 1)
    return Derivation(
        "T", GHOST * Σ(a[i], i), equals(GHOST * n, hypothesis(h)), given=[h]
    )


def hypothesis_about_the_integration_variable():
    h = Eq(u, 2)
    return Derivation(
        "T",
        Integral(u, (u, 0, 1)),
        equals(Integral(2, (u, 0, 1)), hypothesis(h)),
        given=[h],
    )


def hypothesis_that_frees_a_bound_name():
    h = Eq(x, a[i])
    return Derivation(
        "T", Σ(x * a[i], i), equals(Σ(a[i] ** 2, i), hypothesis(h)), given=[h]
    )


def hypothesis_under_a_product():
    h = Eq(a[i], 2)
    return Derivation("T", Π(a[i], i), equals(2**n, hypothesis(h)), given=[h])


# -------------------------------------------------------- hypotheses for each of many


B = array("B")
SYMMETRIC = each(i, each(j, Eq(B[i, j], B[j, i])))
TRANSPOSED = Derivation(
    "An entry of a symmetric matrix",
    B[i, j] * x,
    equals(B[j, i] * x, hypothesis(SYMMETRIC)),
    given=[SYMMETRIC],
)


def a_constant_diagonal_taken_for_symmetry():
    first, second = index("i' j'", 1, n)
    diagonal = each(first, each(second, Eq(B[first, first], B[second, second])))
    return Derivation(
        "T",
        GHOST * B[i, j],
        equals(GHOST * B[j, i], theorem(TRANSPOSED, at={x: 1})),
        given=[diagonal],
    )


def sums_along_the_diagonal_taken_for_sums_of_rows():
    rows = Eq(Σ(exp(Σ(B[i, j], j)), i), 1)
    diagonal = Eq(Σ(exp(Σ(B[j, j], j)), i), 1)
    by_rows = Derivation(
        "Rows", x * rows.lhs, equals(x, hypothesis(rows)), given=[rows]
    )
    return Derivation(
        "T",
        GHOST * rows.lhs,
        equals(GHOST, theorem(by_rows, at={x: 1})),
        given=[diagonal],
    )


few = index("e", 1, m - 1)
U, V = array("U", nonnegative=True), array("V", nonnegative=True)
EACH_BELOW = each(few, U[few] <= y)


def a_bound_for_each_of_none():
    gap = GHOST**2 * (y + Σ(V[few], few))
    return Derivation("T", gap, at_least(0, square(gap)), given=[EACH_BELOW])


def a_bound_for_the_next_of_none():
    gap = GHOST**2 * (y + Σ(V[few + 1], few))
    below = each(index("f", 2, m), U[index("f", 2, m)] <= y)
    return Derivation("T", gap, at_least(0, square(gap)), given=[below])


def one_term_of_a_sum_of_none():
    term = 1 + Σ(V[few], few)
    gap = GHOST**2 * (Σ(term, index("f", 1, m - 1)) - term)
    return Derivation("T", gap, at_least(0, square(gap)))
