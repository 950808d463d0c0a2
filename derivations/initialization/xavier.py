"""Xavier initialization: where its variance and its uniform limit come from."""

from derivations.engine import (
    Derivation,
    Eq,
    Integral,
    algebra,
    antiderivative,
    equals,
    hypothesis,
    positive,
    real,
    size,
    sqrt,
    theorem,
)

u = real("u")
a = positive("a")

uniform_variance = Derivation(
    "The variance of a uniform number",
    Integral(u**2 / (2 * a), (u, -a, a)),
    equals(a**2 / 3, antiderivative(u**3 / (6 * a))),
)

# Forward asks n_in v = 1, backward n_out v = 1. Their mean is 1 for one variance.
m, n = size("n_in n_out")
v = positive("v")
compromise = Eq(v, 2 / (m + n))

balance = Derivation(
    "The forward and the backward gain average to one",
    (m * v + n * v) / 2,
    equals((m + n) * v / 2, algebra),
    equals(1, hypothesis(compromise)),
    given=[compromise],
)

limit = Eq(a, sqrt(6 / (m + n)))

uniform_limit = Derivation(
    "The uniform limit that gives Xavier's variance",
    Integral(u**2 / (2 * a), (u, -a, a)),
    equals(a**2 / 3, theorem(uniform_variance)),
    equals(2 / (m + n), hypothesis(limit)),
    given=[limit],
)
