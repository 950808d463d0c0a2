"""Softmax and log-sum-exp, for any number of classes."""

from sympy import Expr

from derivations.activations.sigmoid import σ
from derivations.engine import (
    Σ,
    Derivation,
    Eq,
    KroneckerDelta,
    Rational,
    algebra,
    array,
    at_least,
    at_most,
    chain_rule,
    convexity,
    d,
    definition,
    each,
    equals,
    exp,
    hypothesis,
    index,
    kronecker,
    log,
    logarithms,
    nonnegative,
    positive,
    quotient_rule,
    real,
    size,
    square,
    theorem,
)

k = size("k")
i, j, l = index("i j l", 1, k)
z, g, v = array("z g v")
p, a = array("p a", positive=True)
c, m, x, y = real("c m x y")
u = positive("u")
r = nonnegative("r")

total = Σ(exp(z[j]), j)
one = Eq(Σ(p[i], i), 1)
"""The entries of p add up to one, as those of a softmax do."""


def share(score: Expr) -> Expr:
    """Return the softmax of one score, straight from the definition."""
    return exp(z[score]) / total


# ---------------------------------------------------------------- a distribution

sums_to_one = Derivation(
    "The softmax sums to one",
    Σ(share(i), i),
    equals(Σ(exp(z[i]), i) / total, algebra),
    equals(1, algebra),
)

shares_are_not_negative = Derivation(
    "No share is negative",
    share(i),
    at_least(0, square(share(i))),
)

shift_invariance = Derivation(
    "Adding a constant to every score changes nothing",
    exp(z[i] + c) / Σ(exp(z[j] + c), j),
    equals(exp(z[i] + c) / (exp(c) * total), algebra),
    equals(share(i), algebra),
)

log_ratio = Derivation(
    "Log-probabilities differ as the scores do",
    log(share(i)) - log(share(l)),
    equals(z[i] - z[l], logarithms),
)

any_distribution = Derivation(
    "Every positive distribution is the softmax of its logarithms",
    exp(log(p[l])) / Σ(exp(log(p[i])), i),
    equals(p[l], hypothesis(one)),
    given=[one],
)

two_classes = Derivation(
    "The softmax of two scores is the sigmoid of their difference",
    exp(x) / (exp(x) + exp(y)),
    equals(1 / (1 + exp(-(x - y))), algebra),
    equals(σ(x - y), definition(σ)),
)

# ---------------------------------------------------------------- hot and cold

T, w = positive("T w")
D = nonnegative("D")

# m is the score of some class, r the exponentials of all others but that of y.
cold = Derivation(
    "Cold, a class that is behind keeps next to nothing",
    exp(y / T) / (exp(m / T) + r),
    at_most(
        exp(-(m - y) / T),
        square(r * exp(-(m - y) / T) / (exp(m / T) + r)),
    ),
)

heated = Σ(exp(z[j] / T), j)
from_zero, up_to_gap = each(j, z[j] >= 0), each(j, z[j] <= D)

hot_above = Derivation(
    "Hot, no share is much larger than an equal one",
    exp(y / T) / heated,
    at_most(
        exp(D / T) / k,
        square(
            exp(D / T) * Σ(exp(z[j] / T) - 1, j) / (k * heated)
            + (exp(D / T) - exp(y / T)) / heated
        ),
    ),
    given=[from_zero, y <= D],
)

hot_below = Derivation(
    "Hot, no share is much smaller than an equal one",
    exp(y / T) / heated,
    at_least(
        exp(-D / T) / k,
        square(
            (exp(y / T) - 1) / heated
            + exp(-D / T) * Σ(exp(D / T) - exp(z[j] / T), j) / (k * heated)
        ),
    ),
    given=[up_to_gap, y >= 0],
)

# ---------------------------------------------------------------- the Jacobian

jacobian = Derivation(
    "Jacobian of the softmax",
    d(share(i), z[l]),
    equals(
        (
            exp(z[i]) * KroneckerDelta(i, l) * total
            - exp(z[i]) * Σ(exp(z[j]) * KroneckerDelta(j, l), j)
        )
        / total**2,
        quotient_rule,
    ),
    equals(
        (exp(z[i]) * KroneckerDelta(i, l) * total - exp(z[i]) * exp(z[l])) / total**2,
        kronecker,
    ),
    equals(share(i) * (KroneckerDelta(i, l) - share(l)), algebra),
)

rows_sum_to_zero = Derivation(
    "Every row of the Jacobian sums to zero",
    Σ(p[l] * (KroneckerDelta(l, i) - p[i]), i),
    equals(p[l] - p[l] * Σ(p[i], i), kronecker),
    equals(0, hypothesis(one)),
    given=[one],
)

symmetric = Derivation(
    "The Jacobian is symmetric",
    p[i] * (KroneckerDelta(i, l) - p[l]),
    equals(p[l] * (KroneckerDelta(l, i) - p[i]), kronecker),
)

mean = Σ(p[j] * v[j], j)

positive_semidefinite = Derivation(
    "The quadratic form of the Jacobian is a variance",
    Σ(v[i] * p[i] * (KroneckerDelta(i, l) - p[l]) * v[l], i, l),
    equals(Σ(p[i] * v[i] ** 2, i) - mean**2, kronecker),
    equals(Σ(p[i] * (v[i] - mean) ** 2, i), hypothesis(one)),
    at_least(0, square(Σ(p[i] * (v[i] - mean) ** 2, i))),
    given=[one],
)

least_share = each(i, p[i] >= w)
centered = Eq(Σ(v[i], i), 0)

across_constants = Derivation(
    "Across the constants the quadratic form is at least the smallest share",
    Σ(p[i] * (v[i] - c) ** 2, i),
    equals(
        Σ((p[i] - w) * (v[i] - c) ** 2, i)
        + w * (Σ(v[i] ** 2, i) - 2 * c * Σ(v[i], i) + k * c**2),
        algebra,
    ),
    equals(
        Σ((p[i] - w) * (v[i] - c) ** 2, i) + w * (Σ(v[i] ** 2, i) + k * c**2),
        hypothesis(centered),
    ),
    at_least(
        w * Σ(v[i] ** 2, i),
        square(Σ((p[i] - w) * (v[i] - c) ** 2, i) + w * k * c**2),
    ),
    given=[least_share, centered],
)

row_bound = Derivation(
    "The sizes in a row of the Jacobian add up to at most one half",
    p[l] * (1 - p[l]) + Σ(p[l] * p[i], i) - p[l] ** 2,
    equals(2 * p[l] * (1 - p[l]), hypothesis(one)),
    at_most(Rational(1, 2), square(2 * (p[l] - Rational(1, 2)) ** 2)),
    given=[one],
)

vjp = Derivation(
    "Pulling a gradient back through the softmax",
    Σ(g[i] * p[i] * (KroneckerDelta(i, l) - p[l]), i),
    equals(p[l] * (g[l] - Σ(g[i] * p[i], i)), kronecker),
)

vjp_ignores_a_constant = Derivation(
    "A constant added to the gradient at the probabilities does not reach the scores",
    p[l] * (g[l] + c - Σ((g[i] + c) * p[i], i)),
    equals(p[l] * (g[l] - Σ(g[i] * p[i], i)), hypothesis(one)),
    given=[one],
)

# ---------------------------------------------------------------- log-sum-exp

logsumexp_gradient = Derivation(
    "The gradient of log-sum-exp is the softmax",
    d(log(total), z[l]),
    equals(Σ(exp(z[j]) * KroneckerDelta(j, l), j) / total, chain_rule),
    equals(share(l), kronecker),
)

logsumexp_shifted = Derivation(
    "Log-sum-exp with a constant taken out",
    log(total),
    equals(log(exp(c) * Σ(exp(z[j] - c), j)), algebra),
    equals(c + log(Σ(exp(z[j] - c), j)), logarithms),
)

log_softmax_shifted = Derivation(
    "The logarithm of the softmax with a constant taken out",
    log(share(i)),
    equals(z[i] - log(total), logarithms),
    equals(z[i] - (c + log(Σ(exp(z[j] - c), j))), theorem(logsumexp_shifted)),
    equals(z[i] - c - log(Σ(exp(z[j] - c), j)), algebra),
)

log_softmax_gradient = Derivation(
    "Gradient of one log-probability",
    d(z[i] - log(total), z[l]),
    equals(
        KroneckerDelta(i, l) - Σ(exp(z[j]) * KroneckerDelta(j, l), j) / total,
        chain_rule,
    ),
    equals(KroneckerDelta(i, l) - share(l), kronecker),
)

above_each_score = Derivation(
    "Log-sum-exp is at least each score",
    log(exp(m) + r),
    equals(log(exp(m) * (1 + r * exp(-m))), algebra),
    equals(m + log(1 + r * exp(-m)), logarithms),
    at_least(m, square(log(1 + r * exp(-m)))),
)

logarithm_below_line = Derivation(
    "The logarithm stays below its tangent at one",
    log(u),
    at_most(u - 1, convexity(u, 1, 1 / u**2)),
)

weights_below_one = each(j, a[j] <= 1)

below_log_of_count = Derivation(
    "Log-sum-exp exceeds the largest score by at most log k",
    log(Σ(a[j], j) / k),
    at_most(Σ(a[j], j) / k - 1, theorem(logarithm_below_line, at={u: Σ(a[j], j) / k})),
    at_most(0, square(Σ(1 - a[j], j) / k)),
    given=[weights_below_one],
)
