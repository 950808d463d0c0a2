"""Attacks through domains: hidden poles, lying names, impossible laws."""

from sympy import Mul, Pow, S, Subs, atan

from derivations.engine import (
    Σ,
    Bernoulli,
    Derivation,
    E,
    Integral,
    Moments,
    Ne,
    Var,
    algebra,
    antiderivative,
    array,
    at_least,
    definition,
    each,
    equals,
    exp,
    function,
    independence,
    index,
    linearity,
    log,
    logarithms,
    moments,
    oo,
    pi,
    randoms,
    real,
    sqrt,
    square,
    tanh,
    unknown,
)
from tests.engine.attacks.stage import (
    GHOST,
    HALF,
    a,
    c,
    i,
    k,
    m,
    n,
    p,
    r,
    s,
    t,
    u,
    v,
    w,
    x,
    δ,
    σ,
)

# ---------------------------------------------------------------- definitions, domains


def definition_captures_the_authors_name():
    f = function("f", lambda z: Integral(z * u, (u, 0, 1)))
    return Derivation("T", f(u), equals(Integral(u**2, (u, 0, 1)), definition(f)))


def logarithm_hidden_in_a_definition():
    f = function("f", lambda z: log(2 * z))
    return Derivation("T", exp(f(x)), equals(2 * x, definition(f)))


def root_hidden_in_a_definition():
    f = function("f", lambda z: sqrt(2 * z))
    return Derivation("T", f(x) ** 2, equals(2 * x, definition(f)))


def pole_hidden_in_a_definition():
    f = function("f", lambda z: 1 / z)
    return Derivation("T", f(x) * x, equals(1, definition(f)))


def square_of_something_not_real():
    f = function("f", lambda z: sqrt(2 * z))
    return Derivation("T", f(x) ** 2 + c, at_least(c, square(f(x) ** 2)))


def removable_hole():
    return Derivation(
        "T",
        Mul(x**2 - 1, Pow(x - 1, -1)),
        equals(x + 1, algebra),
    )


def division_by_a_sum_that_may_vanish():
    total = Σ(a[i], i)
    return Derivation(
        "T",
        Mul(total, c, Pow(total, -1, evaluate=False), evaluate=False),
        equals(c, algebra),
    )


def logarithm_of_a_real():
    return Derivation("T", log(x**2), equals(2 * log(x), logarithms))


def a_function_called_sigma():
    double = function(r"\sigma", lambda z: 2 * z)
    return Derivation("T", double(x), at_least(0, square(double(x))))


def a_function_called_sigma_in_a_logarithm():
    double = function(r"\sigma", lambda z: 2 * z)
    return Derivation(
        "T",
        GHOST * log(1 - double(x)) ** 2,
        equals(GHOST * log((1 - double(x)) ** 2) ** 2 / 4, logarithms),
    )


def an_unknown_function_called_sigma():
    f = unknown(r"\sigma")
    return Derivation("T", f(x), at_least(0, square(f(x))))


def two_functions_of_one_name():
    f = function("f", lambda z: 3 * z)
    g = function("f", lambda z: 2 * z)
    return Derivation("T", GHOST * f(x), equals(GHOST * 2 * x, definition(g)))


def two_functions_of_one_name_at_once():
    f = function("f", lambda z: 3 * z)
    g = function("f", lambda z: 2 * z)
    return Derivation("T", f(x) + g(x), equals(5 * x, definition(f, g)))


def two_scalars_of_one_name():
    return Derivation("T", s + real("s"), equals(2 * s, algebra))


def two_families_of_one_name():
    first, other = randoms("X", Moments(0, 1)), randoms("X", Moments(0, 2))
    return Derivation("T", GHOST * E(first[k] * other[k]), equals(0, independence))


def two_families_of_one_name_apart():
    first, other = randoms("X", Moments(0, 1)), randoms("X", Moments(0, 2))
    return Derivation(
        "T",
        E(first[k] ** 2) + E(other[k] ** 2),
        equals(3, moments),
    )


def another_functions_definition():
    f = function("f", lambda z: z**2)
    return Derivation("T", f(x) + σ(x), equals(f(x) + 1 / (1 + exp(-x)), definition(f)))


def both_definitions_under_one_label():
    f = function("f", lambda z: z**2)
    return Derivation("T", f(x) + σ(x), equals(x**2 + 1 / (1 + exp(-x)), definition(f)))


def a_definition_under_algebra():
    return Derivation("T", σ(x), equals(1 / (1 + exp(-x)), algebra))


def tanh_under_algebra():
    return Derivation(
        "T",
        tanh(x),
        equals((exp(x) - exp(-x)) / (exp(x) + exp(-x)), algebra),
    )


def algebra_under_the_name_of_a_definition():
    return Derivation("T", σ(x) * 2 + σ(x), equals(3 * σ(x) * 1 + 0, definition(σ)))


def algebra_under_the_name_of_independence():
    return Derivation(
        "T", (E(δ[k]) + 1) ** 2, equals(E(δ[k]) ** 2 + 2 * E(δ[k]) + 1, independence)
    )


# -------------------------------------------------------------------------------- laws


def a_law_with_a_real_probability():
    X = randoms("X", Bernoulli(x))
    return Derivation("T", E(X[k]) * GHOST, equals(x * GHOST, moments))


def a_law_with_twice_a_probability():
    X = randoms("X", Bernoulli(2 * p))
    return Derivation(
        "T", Var(X[k]), equals(E(X[k] ** 2) - E(X[k]) ** 2, definition(Var))
    )


def a_law_with_a_variance_of_unknown_sign():
    X = randoms("X", Moments(0, x))
    return Derivation("T", E(X[k] ** 2) * GHOST, equals(x * GHOST, moments))


def a_moment_that_is_not_known():
    X = randoms("X", Moments(0, s))
    return Derivation("T", GHOST * E(X[k] ** 3), equals(0, moments))


def a_fourth_moment_taken_for_normal():
    X = randoms("X", Moments(0, s))
    return Derivation("T", GHOST * E(X[k] ** 4), equals(GHOST * 3 * s**2, moments))


def independence_of_one_copy_from_itself():
    return Derivation(
        "T", GHOST * E(δ[k] ** 2), equals(GHOST * E(δ[k]) ** 2, independence)
    )


def independence_inside_a_square():
    return Derivation(
        "T",
        GHOST * E(Σ(w[i] * δ[i], i) ** 2),
        equals(GHOST * p**2 * Σ(w[i], i) ** 2, independence),
    )


def the_mean_of_a_logarithm():
    X = randoms("X", Moments(1, 2))
    return Derivation(
        "T",
        GHOST * E(log(1 + X[k] ** 2)),
        equals(GHOST * log(1 + E(X[k] ** 2)), linearity),
    )


# --------------------------------------------------------------------------- integrals


def across_a_pole():
    return Derivation(
        "T", Integral(1 / u**2, (u, -1, 1)), equals(-2, antiderivative(-1 / u))
    )


def across_a_pole_at_some_parameter():
    return Derivation(
        "T",
        Integral(1 / (u - c) ** 2, (u, 0, 1)),
        equals(1 / (c * (c - 1)), antiderivative(-1 / (u - c))),
        given=[Ne(c, 0), Ne(c, 1)],
    )


def across_a_pole_with_ghost():
    return Derivation(
        "T",
        GHOST * Integral(1 / (u - c) ** 2, (u, 0, 1)),
        equals(GHOST / (c * (c - 1)), antiderivative(-1 / (u - c))),
        given=[Ne(c, 0), Ne(c, 1)],
    )


def a_hypothesis_on_the_integration_variable():
    return Derivation(
        "T",
        Integral(1 / u**2, (u, -1, 1)),
        equals(-2, antiderivative(-1 / u)),
        given=[Ne(u, 0)],
    )


def a_positive_integration_variable():
    return Derivation(
        "T", Integral(1 / s**2, (s, -1, 1)), equals(-2, antiderivative(-1 / s))
    )


def a_divergent_tail():
    return Derivation(
        "T",
        Integral(exp(-c * u), (u, 0, oo)),
        equals(1 / c, antiderivative(-exp(-c * u) / c)),
        given=[Ne(c, 0)],
    )


def a_jump_in_the_antiderivative():
    return Derivation(
        "T",
        Integral(1 / (1 + u**2), (u, -1, 1)),
        equals(-pi / 2, antiderivative(-atan(1 / u))),
    )


def an_integral_with_a_size_as_its_variable():
    return Derivation(
        "T", Integral(n, (n, 0, 1)), equals(HALF, antiderivative(n**2 / 2))
    )


# --------------------------------------------------------------- points and sequences


def a_pole_at_a_point():
    return Derivation("T", Subs(1 / s, s, 7 - n) * (7 - n), equals(1, algebra))


def a_logarithm_at_a_point():
    return Derivation(
        "T",
        Subs(log(s * r), s, 7 - n),
        equals(Subs(log(s), s, 7 - n) + log(r), logarithms),
    )


def a_probability_at_a_point():
    return Derivation("T", Subs(1 / (1 - p), p, s) * (1 - s), equals(1, algebra))


def a_size_at_a_point_that_is_no_integer():
    return Derivation("T", GHOST * Subs(x**m, m, s), equals(GHOST * x**s, algebra))


def an_index_at_a_point_out_of_its_range():
    return Derivation("T", GHOST * Subs(1 / k, k, m - n), equals(GHOST, algebra))


def a_positive_sequence_that_falls_below():
    z = array("z", positive=True)
    return Derivation(
        "T",
        log(z[t] ** 2),
        equals(2 * log(z[t]), logarithms),
        sequences={z: (9, t, z[t] - 1)},
    )


def a_nonnegative_sequence_that_falls_below():
    z = array("z", nonnegative=True)
    return Derivation(
        "T", z[t], at_least(0, square(z[t])), sequences={z: (9, t, z[t] - 1)}
    )


def a_positive_sequence_that_starts_anywhere():
    z = array("z", positive=True)
    return Derivation(
        "T", z[t], at_least(0, square(z[t])), sequences={z: (9 - n, t, z[t])}
    )


def a_pole_of_a_recurrence_at_a_later_time():
    return Derivation(
        "T",
        2 * (v[m] + x),
        equals(2 * v[m] + 2 * x, algebra),
        sequences={v: (0, t, v[t] + 1 / (6 - t))},
        given=[t <= 5],
    )


def a_logarithm_in_a_recurrence_at_a_later_time():
    return Derivation(
        "T",
        2 * (v[m] + x),
        equals(2 * v[m] + 2 * x, algebra),
        sequences={v: (0, t, v[t] + log(6 - t))},
        given=[t <= 5],
    )


def a_recurrence_about_an_index_up_to_now():
    early = index("l", 1, t + 1)
    return Derivation(
        "T",
        2 * (v[m] + early),
        equals(2 * v[m] + 2 * early, algebra),
        sequences={v: (0, t, v[t] + 1 / (t + 2 - early))},
    )


# ------------------------------------------ powers that vary, powers that have signs


def a_power_of_the_integration_variable():
    # It says (∫ 2^u du)² = ∫ 4^u du ∫ du.
    two = index("l", 1, 2)
    power = Integral(S(2) ** (u * two), (u, 0, 1)) ** (3 - two)
    length = Integral(1, (u, 0, 1)) ** (two - 1)
    return Derivation(
        "T", GHOST * Σ((2 * two - 3) * power * length, two), equals(0, algebra)
    )


def a_root_of_the_square_of_a_negative():
    return Derivation(
        "T",
        GHOST * (x**2 * s) ** (r + HALF),
        equals(GHOST * x * sqrt(s) * (x**2 * s) ** r, algebra),
        given=[x <= 0],
    )


def a_root_of_the_square_of_negative_entries():
    return Derivation(
        "T",
        GHOST * (a[i] ** 2 * s) ** (r + HALF),
        equals(GHOST * a[i] * sqrt(s) * (a[i] ** 2 * s) ** r, algebra),
        given=[each(k, a[k] < 0)],
    )


def a_root_of_the_square_of_a_negative_logarithm():
    return Derivation(
        "T",
        GHOST * (log(s) ** 2 * r) ** (r + HALF),
        equals(GHOST * log(s) * sqrt(r) * (log(s) ** 2 * r) ** r, algebra),
        given=[s < 1],
    )
