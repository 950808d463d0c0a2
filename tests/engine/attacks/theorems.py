"""Attacks through theorems: out of their domain, about other laws, forged."""

from dataclasses import dataclass

from sympy import Expr, MatrixSymbol

from derivations.engine import (
    Σ,
    Bernoulli,
    Derivation,
    E,
    Eq,
    KroneckerDelta,
    Moments,
    Ne,
    Var,
    algebra,
    array,
    at_least,
    at_most,
    d,
    differentiation,
    equals,
    exp,
    hypothesis,
    index,
    induction,
    kronecker,
    moments,
    nonnegative,
    power_rule,
    product_rule,
    randoms,
    real,
    square,
    theorem,
    unknown,
)
from tests.engine.attacks.stage import (
    GHOST,
    HALF,
    G,
    a,
    c,
    i,
    j,
    k,
    m,
    n,
    p,
    q,
    r,
    s,
    t,
    v,
    w,
    x,
    y,
    β,
    δ,
)

# -------------------------------------------------------- theorems out of their domain


h = nonnegative("h")
e = array("e", positive=True)
WEIGHTED_CUBE = Derivation(
    "A weighted cube", GHOST**2 * s**3, at_least(0, square(GHOST**2 * s**3))
)
CUBES = Derivation(
    "Cubes", GHOST**2 * Σ(e[i] ** 3, i), at_least(0, square(GHOST**2 * Σ(e[i] ** 3, i)))
)
NONNEGATIVE = Derivation(
    "A cube", GHOST**2 * h**3, at_least(0, square(GHOST**2 * h**3))
)
SHARE = Derivation(
    "A share of one",
    GHOST**2 * (1 - p**3),
    at_least(0, square(GHOST**2 * (1 - p) * (1 + p + p**2))),
)
CUBE = Derivation("A positive cube", s**3, at_least(0, square(s**3)))
FRACTION = Derivation("Odds", 1 - p**3, at_least(0, square((1 - p) * (1 + p + p**2))))
HAS_ONE = Derivation("A share", Σ(1 / n, i), equals(1, algebra))


def positive_theorem_at_a_real():
    return Derivation("T", x**3, at_least(0, theorem(CUBE, at={s: x})))


def positive_theorem_at_a_real_with_ghost():
    return Derivation(
        "T", GHOST**2 * x**3, at_least(0, theorem(WEIGHTED_CUBE, at={s: x}))
    )


def positive_theorem_at_an_array_of_reals():
    return Derivation(
        "T",
        GHOST**2 * Σ(a[i] ** 3, i),
        at_least(0, theorem(CUBES, at={e[i]: a[i]})),
    )


def nonnegative_theorem_at_a_real():
    return Derivation(
        "T", GHOST**2 * x**3, at_least(0, theorem(NONNEGATIVE, at={h: x}))
    )


def probability_theorem_at_a_positive():
    return Derivation(
        "T", GHOST**2 * (1 - s**3), at_least(0, theorem(SHARE, at={p: s}))
    )


def probability_theorem_at_one_more():
    return Derivation(
        "T", 1 - (p + 1) ** 3, at_least(0, theorem(FRACTION, at={p: p + 1}))
    )


def positive_theorem_at_a_difference():
    return Derivation("T", (s - r) ** 3, at_least(0, theorem(CUBE, at={s: s - r})))


def positive_theorem_at_a_ghost():
    return Derivation(
        "T", (1 + GHOST * x) ** 3, at_least(0, theorem(CUBE, at={s: 1 + GHOST * x}))
    )


def positive_theorem_at_a_number():
    return Derivation("T", x - 8, at_least(x, theorem(CUBE, at={s: -2})))


def size_theorem_at_a_smaller_size():
    # For n = 1 the sum is empty.
    less = index("i", 1, n - 1)
    return Derivation(
        "T",
        GHOST * Σ(HALF**less * 0 + 1, less) / (n - HALF),
        equals(GHOST * (n - 1) / (n - HALF), theorem(HAS_ONE, at={n: n - 1})),
    )


def size_theorem_at_a_real():
    return Derivation(
        "T", x * (1 / x), equals(1, theorem(HAS_ONE, at={n: x})), given=[Ne(x, 0)]
    )


SINGLE = Derivation(
    "One entry is found", Σ(a[i] * KroneckerDelta(i, k), i), equals(a[k], kronecker)
)


def index_theorem_out_of_range():
    far = index("k", 1, n + 1)
    return Derivation(
        "T",
        Σ(a[i] * KroneckerDelta(i, far), i),
        equals(a[far], theorem(SINGLE, at={k: far})),
    )


def index_theorem_out_of_range_with_ghost():
    far = index("k", 1, n + 1)
    return Derivation(
        "T",
        GHOST * Σ(a[i] * KroneckerDelta(i, far), i),
        equals(GHOST * a[far], theorem(SINGLE, at={k: far})),
    )


def index_theorem_at_another_size():
    other = index("k", 1, m)
    return Derivation(
        "T",
        GHOST * Σ(a[i] * KroneckerDelta(i, other), i),
        equals(GHOST * a[other], theorem(SINGLE, at={k: other})),
    )


def index_theorem_after_its_size_moved():
    inner = index("i", 1, m)
    return Derivation(
        "T",
        GHOST * Σ(a[inner] * KroneckerDelta(inner, k), inner),
        equals(GHOST * a[k], theorem(SINGLE, at={n: m})),
    )


def index_theorem_at_the_next():
    return Derivation(
        "T",
        GHOST * Σ(a[i] * KroneckerDelta(i, n + 1), i),
        equals(GHOST * a[n + 1], theorem(SINGLE, at={k: n + 1})),
    )


def index_theorem_at_zero():
    return Derivation(
        "T",
        GHOST * Σ(a[i] * KroneckerDelta(i, 0), i),
        equals(GHOST * a[0], theorem(SINGLE, at={k: 0})),
    )


CONDITIONAL = Derivation(
    "Under a hypothesis", x**2, equals(4, hypothesis(Eq(x, 2))), given=[Eq(x, 2)]
)


def theorem_without_its_hypothesis():
    return Derivation("T", x**2 * GHOST, equals(4 * GHOST, theorem(CONDITIONAL)))


def theorem_with_its_hypothesis_elsewhere():
    return Derivation(
        "T",
        y**2 * GHOST,
        equals(4 * GHOST, theorem(CONDITIONAL, at={x: y})),
        given=[Eq(x, 2)],
    )


def theorem_read_backwards_as_an_equation():
    return Derivation("T", s**3, equals(0, theorem(CUBE)))


def theorem_in_the_wrong_direction():
    return Derivation("T", GHOST**2, at_least(GHOST**2 + s**3, theorem(CUBE)))


def theorem_under_a_minus():
    return Derivation("T", -(s**3), at_least(0, theorem(CUBE)))


def theorem_of_something_else():
    return Derivation("T", x * GHOST, equals(y * GHOST, theorem(HAS_ONE)))


# ----------------------------------------- theorems about derivatives, what varies


f, g = unknown("f"), unknown("g")
X, Y, A = array("X Y A")
MATRIX = MatrixSymbol("M", n, n)
SCALED_SQUARE = Derivation(
    "A scaled square", d(c * x**2, x), equals(2 * c * x, power_rule)
)
SCALED_CUBE = Derivation(
    "A scaled cube", d(c * x**3, x, 2), equals(6 * c * x, power_rule)
)
SCALED_ENTRY = Derivation(
    "A scaled entry", d(c * X[i] ** 2, X[i]), equals(2 * c * X[i], power_rule)
)
CONSTANT_FACTOR = Derivation(
    "A constant factor", d(f(x) * g(y), x), equals(g(y) * d(f(x), x), product_rule)
)
PRODUCT_OF_ARRAYS = Derivation(
    "A dot product",
    d(Σ(X[j] * exp(Y[j]), j), X[i]),
    equals(Σ(KroneckerDelta(i, j) * exp(Y[j]), j), differentiation),
    equals(exp(Y[i]), kronecker),
)
SUM_OF_SQUARES = Derivation(
    "The slope of a sum of squares",
    d(Σ(X[j] ** 2, j), X[i]),
    equals(Σ(2 * X[j] * KroneckerDelta(i, j), j), differentiation),
    equals(2 * X[i], kronecker),
)
SQUARE_OF_A_MATRIX = Derivation(
    "The slope of a sum of all squares",
    d(Σ(A[j, k] ** 2, j, k), A[i, i]),
    equals(
        Σ(2 * A[j, k] * KroneckerDelta(i, j) * KroneckerDelta(i, k), j, k),
        differentiation,
    ),
    equals(2 * A[i, i], kronecker),
)
SQUARED_MATRIX_ENTRY = Derivation(
    "The slope of a scaled entry of a matrix",
    d(c * MATRIX[0, 0] ** 2, MATRIX[0, 0]),
    equals(2 * c * MATRIX[0, 0], power_rule),
)


def slope_theorem_at_a_factor_that_varies():
    return Derivation(
        "T",
        GHOST * d(exp(x) * x**2, x),
        equals(GHOST * 2 * x * exp(x), theorem(SCALED_SQUARE, at={c: exp(x)})),
    )


def second_slope_theorem_at_a_factor_that_varies():
    return Derivation(
        "T",
        GHOST * d(exp(x) * x**3, x, 2),
        equals(GHOST * 6 * x * exp(x), theorem(SCALED_CUBE, at={c: exp(x)})),
    )


def slope_theorem_at_an_entry_that_varies():
    return Derivation(
        "T",
        GHOST * d(exp(X[i]) * X[i] ** 2, X[i]),
        equals(GHOST * 2 * X[i] * exp(X[i]), theorem(SCALED_ENTRY, at={c: exp(X[i])})),
    )


def slope_theorem_at_a_sum_that_varies():
    total = Σ(X[j], j)
    return Derivation(
        "T",
        GHOST * d(total * X[i] ** 2, X[i]),
        equals(GHOST * 2 * X[i] * total, theorem(SCALED_ENTRY, at={c: total})),
    )


def slope_theorem_at_a_matrix_that_varies():
    corner = MATRIX[0, 0]
    return Derivation(
        "T",
        GHOST * d(exp(corner) * corner**2, corner),
        equals(
            GHOST * 2 * corner * exp(corner),
            theorem(SQUARED_MATRIX_ENTRY, at={c: exp(corner)}),
        ),
    )


def slope_theorem_at_the_variable_itself():
    return Derivation(
        "T",
        GHOST * d(f(x) * g(x), x),
        equals(GHOST * g(x) * d(f(x), x), theorem(CONSTANT_FACTOR, at={y: x})),
    )


def slope_theorem_at_one_array_twice():
    return Derivation(
        "T",
        GHOST * d(Σ(X[j] * exp(X[j]), j), X[i]),
        equals(GHOST * exp(X[i]), theorem(PRODUCT_OF_ARRAYS, at={Y: X})),
    )


def slope_theorem_at_the_other_array():
    return Derivation(
        "T",
        GHOST * d(Σ(Y[j] * exp(Y[j]), j), Y[i]),
        equals(GHOST * exp(Y[i]), theorem(PRODUCT_OF_ARRAYS, at={X: Y})),
    )


def slope_theorem_where_two_entries_become_one():
    # False from n = 9 on, for i and 16 - i are the same entry.
    return Derivation(
        "T",
        d(Σ(Y[(j - 8) ** 2] ** 2, j), Y[(i - 8) ** 2]),
        equals(
            2 * Y[(i - 8) ** 2], theorem(SUM_OF_SQUARES, at={X[i]: Y[(i - 8) ** 2]})
        ),
    )


def slope_theorem_where_all_entries_become_one():
    return Derivation(
        "T",
        GHOST * 2 * n * Y[1],
        equals(GHOST * 2 * Y[1], theorem(SUM_OF_SQUARES, at={X[i]: Y[1]})),
    )


def slope_theorem_at_twice_an_entry():
    return Derivation(
        "T",
        GHOST * d(Σ(4 * Y[j] ** 2, j), Y[i]),
        equals(GHOST * 4 * Y[i], theorem(SUM_OF_SQUARES, at={X[i]: 2 * Y[i]})),
    )


def slope_theorem_where_rows_become_one():
    return Derivation(
        "T",
        GHOST * d(Σ(Y[j] ** 2, j) * n, Y[i]),
        equals(GHOST * 2 * Y[i], theorem(SQUARE_OF_A_MATRIX, at={A[j, k]: Y[j]})),
    )


# ----------------------------------------------------------------- theorems about laws


MEAN = Derivation("Mean of a mask", E(δ[k]), equals(p, moments))


def theorem_at_another_parameter_of_a_law():
    return Derivation("T", E(δ[k]), equals(q, theorem(MEAN, at={p: q})))


def theorem_at_another_parameter_with_ghost():
    return Derivation("T", GHOST * E(δ[k]), equals(GHOST * q, theorem(MEAN, at={p: q})))


def theorem_at_a_namesake_family():
    other = randoms(r"\delta", Bernoulli(q))
    return Derivation(
        "T", GHOST * E(other[k]) + 0 * p, equals(GHOST * p, theorem(MEAN))
    )


def differentiating_a_law():
    return Derivation(
        "T", d(E(δ[k]), p), equals(E(d(δ[k] * p, p)) / p, differentiation)
    )


def differentiating_a_law_to_zero():
    return Derivation(
        "T", GHOST * d(E(δ[k] * p), p), equals(GHOST * E(δ[k]), differentiation)
    )


def differentiating_a_mean():
    μ = real("mu")
    X = randoms("X", Moments(μ, μ**2 + 1))
    return Derivation(
        "T", GHOST * d(μ * E(X[k]), μ), equals(GHOST * E(X[k]), differentiation)
    )


def differentiating_a_variance():
    return Derivation(
        "T", GHOST * d(p * Var(δ[k]), p), equals(GHOST * Var(δ[k]), differentiation)
    )


# ------------------------------------------------------------ theorems about sequences


DECAY = Derivation(
    "Decay",
    v[t],
    equals((1 - β**t) * G, induction(t)),
    sequences={v: (0, t, β * v[t] + (1 - β) * G)},
)


def theorem_without_its_sequence():
    return Derivation("T", v[t] + x, equals((1 - β**t) * G + x, theorem(DECAY)))


def theorem_with_another_recurrence():
    return Derivation(
        "T",
        v[t],
        equals((1 - β**t) * G, theorem(DECAY)),
        sequences={v: (0, t, β * v[t] + G)},
    )


def theorem_with_another_recurrence_and_ghost():
    return Derivation(
        "T",
        GHOST * v[t],
        equals(GHOST * (1 - β**t) * G, theorem(DECAY)),
        sequences={v: (0, t, β * v[t] + G)},
    )


def theorem_with_another_start_and_ghost():
    return Derivation(
        "T",
        GHOST * v[t],
        equals(GHOST * (1 - β**t) * G, theorem(DECAY)),
        sequences={v: (1, t, β * v[t] + (1 - β) * G)},
    )


def theorem_without_its_sequence_and_ghost():
    return Derivation("T", GHOST * v[t], equals(GHOST * (1 - β**t) * G, theorem(DECAY)))


def theorem_on_an_array_that_is_no_sequence():
    return Derivation(
        "T", GHOST * w[t], equals(GHOST * (1 - β**t) * G, theorem(DECAY, at={v: w}))
    )


def theorem_at_another_rate_with_ghost():
    return Derivation(
        "T",
        GHOST * v[t],
        equals(GHOST * (1 - q**t) * G, theorem(DECAY, at={β: q})),
        sequences={v: (0, t, β * v[t] + (1 - β) * G)},
    )


def theorem_at_a_negative_time():
    return Derivation(
        "T",
        GHOST * v[t - 1],
        equals(GHOST * (1 - β ** (t - 1)) * G, theorem(DECAY, at={t: t - 1})),
        sequences={v: (0, t, β * v[t] + (1 - β) * G)},
    )


def theorem_with_another_start():
    return Derivation(
        "T",
        v[t],
        equals((1 - β**t) * G, theorem(DECAY)),
        sequences={v: (1, t, β * v[t] + (1 - β) * G)},
    )


def theorem_at_another_rate():
    return Derivation(
        "T",
        v[t],
        equals((1 - q**t) * G, theorem(DECAY, at={β: q})),
        sequences={v: (0, t, β * v[t] + (1 - β) * G)},
    )


def differentiating_a_recurrence():
    return Derivation(
        "T",
        GHOST * d(β * v[t], β),
        equals(GHOST * v[t], differentiation),
        sequences={v: (0, t, β * v[t] + (1 - β) * G)},
    )


def differentiating_a_start():
    return Derivation(
        "T",
        GHOST * d(G * v[t], G),
        equals(GHOST * v[t], differentiation),
        sequences={v: (G, t, β * v[t])},
    )


def induction_with_a_wrong_base():
    return Derivation(
        "T",
        v[t],
        equals(β**t * G, induction(t)),
        sequences={v: (G + GHOST, t, β * v[t])},
    )


def induction_from_nowhere():
    return Derivation(
        "T",
        v[t],
        equals(G, induction(t, start=1)),
        sequences={v: (0, t, v[t])},
        given=[t >= 1],
    )


def induction_for_all_times_from_one():
    return Derivation(
        "T",
        v[t],
        equals(G, induction(t, start=1)),
        sequences={v: (0, t, G)},
    )


def induction_with_itself():
    return Derivation(
        "T",
        v[t],
        equals(v[t] + 0 * G + GHOST * 0, induction(t)),
        sequences={v: (0, t, β * v[t])},
    )


def induction_with_a_hypothesis_about_now():
    h = Eq(β**t, HALF)
    return Derivation(
        "T",
        v[t],
        equals(HALF * G, induction(t)),
        sequences={v: (HALF * G, t, β ** (t + 1) * G)},
        given=[h],
    )


# ---------------------------------------------------- fakes, edits, circular citations


@dataclass(frozen=True)
class FakeTheorem:
    """Looks like a derivation, and accepts itself."""

    title: str = "Anything goes"
    start: Expr = x
    end: Expr = y
    steps: tuple = ()
    given: tuple = ()
    relation: str = "="

    def check(self) -> None:
        """Accept."""


def a_fake_theorem():
    return Derivation("T", x * GHOST, equals(y * GHOST, theorem(FakeTheorem())))


def a_derivation_of_another_class():
    class Trusting(Derivation):
        def check(self):
            return None

    false = Trusting("False", x * GHOST, equals(y * GHOST, algebra))
    return Derivation("T", x * GHOST, equals(y * GHOST, theorem(false)))


def a_false_theorem():
    false = Derivation("False", x * GHOST, equals(y * GHOST, algebra))
    return Derivation("T", x * GHOST, equals(y * GHOST, theorem(false)))


def a_rule_of_its_own():
    @dataclass(frozen=True)
    class Trust:
        name: str = "trust"
        relations: frozenset = frozenset({"=", "<=", ">="})

        def parts(self, _previous):
            return ()

        def verify(self, *_all):
            return "trust me"

        def check(self, *_all):
            return None

    return Derivation("T", x * GHOST, equals(y * GHOST, Trust()))


def a_rule_of_a_subclass():
    class Trust(type(square(x**2))):
        def verify(self, *_all):
            return "trust me"

    return Derivation("T", x, at_most(x + GHOST, Trust(x**2)))


def a_rule_that_is_a_string():
    return Derivation("T", x * GHOST, equals(y * GHOST, "algebra"))


def a_step_that_is_a_tuple():
    return Derivation("T", x, (y, algebra))
