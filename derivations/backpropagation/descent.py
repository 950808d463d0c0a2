"""The update: against the gradient, and only as far as the curvature allows."""

from derivations.engine import (
    Σ,
    Derivation,
    KroneckerDelta,
    algebra,
    array,
    at_most,
    chain_rule,
    d,
    differentiation,
    equals,
    index,
    kronecker,
    positive,
    real,
    size,
    square,
    unknown,
)

n = size("n")
i, k = index("i k", 1, n)
g, θ, c, v = array(r"g \theta c v")
α, λ = positive("alpha lambda")
t = real("t")

# ---------------------------------------------------------------- one step

first_order = Derivation(
    "To first order, the update lowers the loss by the rate times the gradient squared",
    Σ(g[i] * (θ[i] - α * g[i]), i) - Σ(g[i] * θ[i], i),
    equals(-α * Σ(g[i] ** 2, i), algebra),
)

within_reach = 2 - α * λ >= 0

descent = Derivation(
    "Up to two over the curvature, a step never raises a quadratic bound",
    Σ(g[i] * (-α * g[i]), i) + λ / 2 * Σ((-α * g[i]) ** 2, i),
    equals(-α / 2 * (2 - α * λ) * Σ(g[i] ** 2, i), algebra),
    at_most(0, square(α / 2 * (2 - α * λ) * Σ(g[i] ** 2, i))),
    given=[within_reach],
)

# ---------------------------------------------------------------- loss and gradient

loss = unknown("L")

shifted = Derivation(
    "A constant in the loss leaves no trace in the gradient",
    d(loss(t) + λ, t),
    equals(d(loss(t), t), differentiation),
)

y = array("y")
p = array(r"\hat{y}")
seed = Derivation(
    "What goes back from half the squared error is the miss of each output",
    d(Σ((p[i] - y[i]) ** 2, i) / 2, p[k]),
    equals(Σ((p[i] - y[i]) * KroneckerDelta(i, k), i), chain_rule),
    equals(p[k] - y[k], kronecker),
)
