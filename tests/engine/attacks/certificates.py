"""Attacks on certificates: what they certify, and where they are allowed to."""

from sympy import Sum

from derivations.engine import (
    Π,
    Σ,
    Abs,
    Bernoulli,
    Derivation,
    E,
    Ne,
    algebra,
    at_least,
    at_most,
    convexity,
    enclosure,
    equals,
    independence,
    index,
    log,
    oo,
    randoms,
    square,
    termwise,
)
from tests.engine.attacks.stage import (
    GHOST,
    a,
    c,
    i,
    k,
    n,
    p,
    s,
    t,
    u,
    x,
)

# ---------------------------------------------- a certificate of ≤ cannot certify an =


def equality_by_square():
    return Derivation("T", x, equals(x + GHOST**2, square(GHOST**2)))


def equality_by_square_without_ghost():
    return Derivation("T", x, equals(x + s, square(s)))


def equality_by_termwise():
    return Derivation(
        "T", Σ(a[i], i), equals(Σ(a[i] + GHOST**2, i), termwise(GHOST**2))
    )


def equality_by_convexity():
    return Derivation("T", log(s), equals(s - 1, convexity(s, 1, 1 / s**2)))


def equality_by_enclosure():
    return Derivation("T", x, equals(1, enclosure(x, 0, 1)), given=[x >= 0, x <= 1])


def inequality_by_algebra():
    return Derivation("T", x**2, at_least(0, algebra))


def inequality_by_independence():
    δ = randoms(r"\delta", Bernoulli(p))
    return Derivation("T", E(δ[k]), at_most(2, independence))


# --------------------------------------------------------------- enclosure and its box


def enclosure_with_a_second_scalar():
    return Derivation(
        "T", x * c, at_most(1, enclosure(x, 0, 1)), given=[x >= 0, x <= 1]
    )


def enclosure_with_a_size():
    return Derivation(
        "T", x + GHOST, at_most(1, enclosure(x, 0, 1)), given=[x >= 0, x <= 1]
    )


def enclosure_with_an_entry():
    return Derivation(
        "T",
        x + GHOST * a[k],
        at_most(1, enclosure(x, 0, 1)),
        given=[x >= 0, x <= 1],
    )


def enclosure_with_a_sum():
    return Derivation(
        "T",
        x + GHOST * Σ(a[i], i),
        at_most(1, enclosure(x, 0, 1)),
        given=[x >= 0, x <= 1],
    )


def enclosure_without_its_box():
    return Derivation("T", x**2, at_most(100, enclosure(x, -10, 10)))


def enclosure_without_its_box_far_away():
    return Derivation("T", x**2, at_most(10**40, enclosure(x, -10, 10)))


def enclosure_with_half_its_box_far_away():
    return Derivation(
        "T", x**3, at_least(-(10**60), enclosure(x, -1, 10)), given=[x <= 10]
    )


def enclosure_with_half_its_box():
    return Derivation("T", x**3, at_least(-1, enclosure(x, -1, 10)), given=[x <= 10])


def enclosure_of_another_box():
    return Derivation(
        "T", x**2, at_most(1, enclosure(x, -1, 1)), given=[x >= -2, x <= 2]
    )


def enclosure_with_a_symbolic_end():
    return Derivation("T", x, at_most(6, enclosure(x, 0, n)), given=[x >= 0, x <= n])


def enclosure_of_an_infinite_box():
    return Derivation("T", -s, at_most(0, enclosure(s, 0, oo)), given=[s >= 0])


def enclosure_of_a_time():
    return Derivation("T", t, at_most(3, enclosure(t, 0, 3)), given=[t >= 0, t <= 3])


# ----------------------------------------------------------- convexity and its contact


def convexity_touching_outside_a_positive_domain():
    # (s + 1)^2 (s - 2) is convex for s > 0, touches 0 at -1, and is negative below 2.
    return Derivation("T", 3 * s + 2, at_most(s**3, convexity(s, -1, 6 * s)))


def convexity_touching_outside_with_ghost():
    return Derivation(
        "T",
        GHOST**2 * (3 * s + 2),
        at_most(GHOST**2 * s**3, convexity(s, -1, 6 * s * GHOST**2)),
    )


def convexity_touching_outside_a_probability():
    return Derivation("T", 3 * p + 2, at_most(p**3, convexity(p, -1, 6 * p)))


def convexity_touching_at_another_symbol():
    return Derivation(
        "T", 3 * c**2 * s, at_most(s**3 + 2 * c**3, convexity(s, c, 6 * s))
    )


def convexity_across_a_pole():
    return Derivation(
        "T",
        3 - 2 * u,
        at_most(1 / u**2, convexity(u, 1, 6 / u**4)),
        given=[Ne(u, 0)],
    )


def convexity_across_a_pole_with_ghost():
    return Derivation(
        "T",
        GHOST**2 * (3 - 2 * u),
        at_most(GHOST**2 / u**2, convexity(u, 1, 6 * GHOST**2 / u**4)),
        given=[Ne(u, 0)],
    )


def convexity_on_two_intervals():
    return Derivation(
        "T",
        GHOST**2 * (3 - 2 * u),
        at_most(GHOST**2 / u**2, convexity(u, 1, 6 * GHOST**2 / u**4)),
        given=[u**2 >= 1],
    )


def convexity_on_two_intervals_by_modulus():
    return Derivation(
        "T",
        3 - 2 * u,
        at_most(1 / u**2, convexity(u, 1, 6 / u**4)),
        given=[Abs(u) >= 1],
    )


def convexity_outside_a_hypothesis():
    return Derivation(
        "T",
        3 * u + 2,
        at_most(u**3, convexity(u, -1, 6 * u)),
        given=[u > 0],
    )


def convexity_without_contact():
    return Derivation("T", log(s), at_most(s - 2, convexity(s, 1, 1 / s**2)))


def convexity_with_a_kink():
    return Derivation(
        "T",
        GHOST**2 * (2 * u - Abs(u)),
        at_most(GHOST**2, convexity(u, 1, 0)),
    )


def convexity_with_another_second_derivative():
    return Derivation("T", s - 1, at_most(log(s), convexity(s, 1, 1 / s**2)))


def convexity_at_its_own_variable():
    return Derivation("T", s, at_most(s**2, convexity(s, s, 2)))


def convexity_of_a_bound_index():
    return Derivation("T", n, at_most(n**2 - n + 1, convexity(n, 1, 2)))


# ---------------------------------------------------------------------- products, sums


def product_of_terms_that_may_be_negative():
    return Derivation(
        "T",
        Π(-s + 0 * a[i] - a[i] ** 2, i),
        at_most(Π(s + a[i] ** 2, i), termwise(2 * s + 2 * a[i] ** 2)),
    )


def product_of_real_terms():
    return Derivation(
        "T", GHOST**2 * Π(a[i], i), at_most(GHOST**2 * Π(a[i] + 1, i), termwise(1))
    )


def termwise_over_different_ranges():
    longer = index("i", 1, n + 1)
    return Derivation("T", Σ(a[i], i), at_most(Σ(a[longer] + 1, longer), termwise(1)))


def termwise_under_a_negative_factor():
    return Derivation(
        "T",
        -GHOST * Σ(a[i], i),
        at_most(-GHOST * Σ(a[i] + s, i), termwise(s)),
    )


def a_certificate_that_is_not_the_gap():
    return Derivation("T", x, at_most(x + GHOST, square(GHOST**2)))


def a_certificate_that_may_be_negative():
    return Derivation("T", x, at_most(x + GHOST, square(GHOST)))


def a_mixed_chain():
    return Derivation("T", x, at_most(x + s, square(s)), at_least(x, square(s)))


def a_step_where_nothing_happens():
    return Derivation("T", (x + 1) ** 2, equals((x + 1) ** 2, algebra))


def a_reversed_range():
    back = index("i", n, 1)
    return Derivation("T", GHOST * Sum(a[back], (back, n, 1)), equals(0, algebra))


def an_empty_product_peeled():
    up = index("i", 1, n - 1)
    return Derivation(
        "T",
        GHOST * Π(a[i], i),
        equals(GHOST * Π(a[up], up) * a[n - 1], algebra),
    )


def a_sum_peeled_at_the_wrong_end():
    up = index("j", 1, n + 1)
    return Derivation(
        "T", GHOST * Σ(a[up], up), equals(GHOST * (Σ(a[i], i) + a[n]), algebra)
    )


def a_float():
    return Derivation("T", x / 4, equals(0.25 * x, algebra))
