"""Canonical links: why three losses share one gradient, prediction minus truth."""

from sympy import Expr

from derivations.activations.sigmoid import σ
from derivations.engine import (
    Σ,
    Derivation,
    Eq,
    KroneckerDelta,
    S,
    algebra,
    array,
    at_least,
    chain_rule,
    d,
    definition,
    equals,
    exp,
    hypothesis,
    index,
    kronecker,
    log,
    logarithms,
    pi,
    quotient_rule,
    real,
    size,
    sqrt,
    square,
    unknown,
)

K, M, n, D = size("K M n D")
k, l, m = index("k l m", 1, K)
s, r = index("s r", 1, M)
i = index("i", 1, n)
j, q = index("j q", 1, D)
z, y, v, w = array("z y v w")
T, X = array("T X")
h, p = array("h p", positive=True)
score, target, u = real("z y u")
θ = unknown(r"\theta")

# ---------------------------------------------------------------- one theorem


def weight(outcome: Expr) -> Expr:
    """Return how much the scores are in favor of an outcome."""
    return h[outcome] * exp(Σ(z[k] * T[outcome, k], k))


partition = Σ(weight(s), s)

likelihood = Derivation(
    "The surprise at an outcome is a loss that is linear in what was seen",
    -log(weight(r) / partition),
    equals(log(partition) - Σ(z[k] * T[r, k], k) - log(h[r]), logarithms),
)

gradient = Derivation(
    "Its gradient is the expected minus the seen statistic",
    d(log(partition) - Σ(z[k] * y[k], k), z[l]),
    equals(
        Σ(weight(s) * Σ(T[s, k] * KroneckerDelta(k, l), k), s) / partition
        - Σ(y[k] * KroneckerDelta(k, l), k),
        chain_rule,
    ),
    equals(Σ(weight(s) * T[s, l], s) / partition - y[l], kronecker),
)

hessian = Derivation(
    "Its Hessian is the covariance of the statistics",
    d(Σ(weight(s) * T[s, l], s) / partition, z[m]),
    equals(
        Σ(weight(s) * T[s, l] * T[s, m], s) / partition
        - Σ(weight(s) * T[s, l], s) / partition * Σ(weight(s) * T[s, m], s) / partition,
        quotient_rule,
    ),
)

one = Eq(Σ(p[s], s), 1)
seen = Σ(v[k] * T[s, k], k)
mean = Σ(p[r] * Σ(v[k] * T[r, k], k), r)

convex = Derivation(
    "A covariance has no negative direction, so the loss is convex in the scores",
    Σ(p[s] * seen**2, s) - mean**2,
    equals(Σ(p[s] * (seen - mean) ** 2, s), hypothesis(one)),
    at_least(0, square(Σ(p[s] * (seen - mean) ** 2, s))),
    given=[one],
)

# ---------------------------------------------------------------- three corollaries

t = index("t", 1, K)
own = Σ(z[k] * KroneckerDelta(t, k), k)
"""The score of an outcome that has one of its own."""

softmax = Derivation(
    "One score an outcome: the prediction is the softmax",
    Σ(exp(own) * KroneckerDelta(t, l), t) / Σ(exp(own), t) - y[l],
    equals(exp(z[l]) / Σ(exp(z[t]), t) - y[l], kronecker),
)

c = index("c", 0, 1)

sigmoid = Derivation(
    "Two outcomes, 0 and 1: the prediction is the sigmoid",
    Σ(exp(score * c) * c, c) / Σ(exp(score * c), c) - target,
    equals(exp(score) / (1 + exp(score)) - target, algebra),
    equals(1 / (1 + exp(-score)) - target, algebra),
    equals(σ(score) - target, definition(σ)),
)


def bell(center: Expr) -> Expr:
    """Return the density of a normal law with variance 1, at u."""
    return exp(-((u - center) ** 2) / 2) / sqrt(2 * pi)


gaussian = Derivation(
    "Every real outcome, weighted by a bell: a factor, and the bell moved to the score",
    exp(score * u) * bell(S.Zero),
    equals(exp(score**2 / 2) * bell(score), algebra),
)

identity = Derivation(
    "So the loss is half the squared error, and the prediction is the score itself",
    d(score**2 / 2 - score * target, score),
    equals(d((score - target) ** 2 / 2 - target**2 / 2, score), algebra),
    equals(score - target, chain_rule),
)

# ---------------------------------------------------------------- down to the weights

a = Σ(X[i, j] * w[j], j)

weights = Derivation(
    "In the weights: each miss times its input",
    d(Σ(log(Σ(h[s] * exp(a * v[s]), s)) - a * y[i], i) / n, w[q]),
    equals(
        Σ(
            (Σ(h[s] * v[s] * exp(a * v[s]), s) / Σ(h[s] * exp(a * v[s]), s) - y[i])
            * X[i, q],
            i,
        )
        / n,
        chain_rule,
    ),
)

total = Σ(h[s] * exp(v[s] * θ(u)), s)

other_link = Derivation(
    "With any other link a factor is left over",
    d(log(total) - target * θ(u), u),
    equals(
        (Σ(h[s] * v[s] * exp(v[s] * θ(u)), s) / total - target) * d(θ(u), u),
        chain_rule,
    ),
)
