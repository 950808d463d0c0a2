"""Attacks through names: namesakes, captured names, ranges of indices."""

from sympy import Sum, Symbol

from derivations.engine import (
    Σ,
    Derivation,
    Integral,
    KroneckerDelta,
    algebra,
    antiderivative,
    definition,
    equals,
    function,
    index,
    kronecker,
    real,
    theorem,
    unknown,
)
from tests.engine.attacks.stage import (
    GHOST,
    a,
    b,
    c,
    i,
    j,
    k,
    m,
    n,
    u,
    x,
)

# --------------------------------------------------------- deltas and namesake indices


def delta_out_of_range():
    far = index("k", 1, n + 1)
    return Derivation(
        "T", Σ(a[i] * KroneckerDelta(i, far), i), equals(a[far], kronecker)
    )


def delta_out_of_range_with_ghost():
    far = index("k", 1, n + 1)
    return Derivation(
        "T",
        GHOST * Σ(a[i] * KroneckerDelta(i, far), i),
        equals(GHOST * a[far], kronecker),
    )


def delta_from_zero():
    low = index("k", 0, n)
    return Derivation(
        "T",
        GHOST * Σ(a[i] * KroneckerDelta(i, low), i),
        equals(GHOST * a[low], kronecker),
    )


def delta_through_a_longer_sum():
    far = index("j", 1, n + 1)
    return Derivation(
        "T",
        GHOST * Σ(b[far] * Σ(a[i] * KroneckerDelta(i, far), i), far),
        equals(GHOST * Σ(b[far] * a[far], far), kronecker),
    )


def delta_through_a_longer_sum_that_fits():
    far = index("j", 1, n + 1)
    return Derivation(
        "T",
        GHOST * Σ(Σ(a[i] * b[far] * KroneckerDelta(i, far), far), i),
        equals(GHOST * Σ(a[i] * b[i + 1], i), kronecker),
    )


def delta_below_range():
    inner, free = index("i", 2, n), index("k", 1, n)
    return Derivation(
        "T",
        GHOST * Σ(a[inner] * KroneckerDelta(inner, free), inner),
        equals(GHOST * a[free], kronecker),
        given=[n > 1],
    )


def delta_through_a_namesake():
    far = index("k", 1, n + 1)
    return Derivation(
        "T",
        a[k] + Σ(a[i] * KroneckerDelta(i, far), i, far),
        equals(a[k] + Σ(a[far], far), kronecker),
    )


def delta_to_an_unranged_integer():
    free = Symbol("k", integer=True)
    return Derivation(
        "T",
        GHOST * Σ(a[i] * KroneckerDelta(i, free), i),
        equals(GHOST * a[free], kronecker),
    )


def delta_of_a_shifted_index():
    return Derivation(
        "T",
        GHOST * Σ(a[i] * KroneckerDelta(i, k + 1), i),
        equals(GHOST * a[k + 1], kronecker),
    )


def delta_with_another_size():
    other = index("k", 1, m)
    return Derivation(
        "T",
        GHOST * Σ(a[i] * KroneckerDelta(i, other), i),
        equals(GHOST * a[other], kronecker),
    )


def an_index_summed_over_another_range():
    return Derivation(
        "T",
        GHOST * Sum(a[i], (i, 1, n + 1)),
        equals(GHOST * Sum(a[i], (i, 1, n)), algebra),
    )


# -------------------------------------------------------------- private names, capture


def a_name_free_and_bound():
    return Derivation(
        "T",
        GHOST * a[i] * Σ(b[i], i),
        equals(GHOST * Σ(a[i] * b[i], i), algebra),
    )


def a_name_bound_twice():
    return Derivation(
        "T",
        GHOST * Sum(a[i] * Sum(b[i], (i, 1, n)), (i, 1, n)),
        equals(GHOST * Sum(a[i] * b[i], (i, 1, n)) * n, algebra),
    )


# --------------------------------------------------------------- substitution, capture


INTEGRAL = Derivation(
    "A linear integral",
    Integral(x * u, (u, 0, 1)),
    equals(x / 2, antiderivative(x * u**2 / 2)),
)
PULLED = Derivation("Out of the sum", Σ(c * a[i], i), equals(c * Σ(a[i], i), algebra))


def theorem_captured_by_an_integral():
    return Derivation(
        "T", Integral(u**2, (u, 0, 1)), equals(u / 2, theorem(INTEGRAL, at={x: u}))
    )


def theorem_captured_by_a_sum():
    return Derivation(
        "T",
        GHOST * Σ(b[i] * a[i], i),
        equals(GHOST * b[i] * Σ(a[i], i), theorem(PULLED, at={c: b[i]})),
    )


def theorem_captured_by_a_sum_under_another():
    return Derivation(
        "T",
        GHOST * Σ(b[i] * a[i], i),
        equals(GHOST * b[j] * Σ(a[i], i), theorem(PULLED, at={c: b[j]})),
    )


def a_scalar_and_an_entry_that_print_alike():
    first = real("a_1")
    return Derivation("T", GHOST * first, equals(GHOST * a[1], algebra))


def two_spellings_of_one_letter():
    plain, slashed = real("lambda"), real(r"\lambda")
    return Derivation("T", plain + slashed, equals(slashed + plain + 0, algebra))


def a_size_and_an_index_of_one_name():
    inner = index("n", 1, 3)
    return Derivation(
        "T", GHOST * Σ(a[inner], inner) * n, equals(GHOST * 3 * a[n] * n, algebra)
    )


# ------------------------------------------------- names that read as something else


def a_scalar_named_like_pi():
    fake = real("pi")
    return Derivation("T", 2 * (fake + x), equals(2 * fake + 2 * x, algebra))


def a_scalar_named_like_the_base_of_exponentials():
    fake = real("e")
    return Derivation("T", 2 * (fake + x), equals(2 * fake + 2 * x, algebra))


def a_scalar_named_like_a_number():
    fake = Symbol("2", real=True)
    return Derivation("T", 2 * (fake + x), equals(2 * fake + 2 * x, algebra))


def a_scalar_named_like_a_sum():
    fake = Symbol("x+y", real=True)
    return Derivation("T", 2 * (fake + x), equals(2 * fake + 2 * x, algebra))


def a_function_named_like_the_exponential():
    fake = function(r"\exp", lambda v: v)
    return Derivation("T", 2 * (fake(x) + x), equals(4 * x, definition(fake)))


def an_unknown_named_like_the_logarithm():
    fake = unknown("log")
    return Derivation("T", 2 * (fake(x) + x), equals(2 * fake(x) + 2 * x, algebra))


def sequences_that_are_a_list():
    return Derivation("T", 2 * (x + c), equals(2 * x + 2 * c, algebra), sequences=[1])


def values_of_a_theorem_in_a_list():
    halves = Derivation("H", 2 * (x + c), equals(2 * x + 2 * c, algebra))
    return Derivation("T", 2 * (x + c), equals(2 * x + 2 * c, theorem(halves, at=[1])))
