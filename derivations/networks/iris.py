"""A classifier that knows nothing yet, and the units of its inputs."""

from derivations.engine import (
    Σ,
    Derivation,
    Eq,
    algebra,
    array,
    each,
    equals,
    exp,
    hypothesis,
    index,
    log,
    logarithms,
    real,
    size,
)

n, D, K = size("n d K")
r = index("r", 1, n)
i = index("i", 1, D)
j, k = index("j k", 1, K)
t, z, b, x, W, μ = array("t z b x W mu")
p, s = array("p s", positive=True)
c = real("c")

# ---------------------------------------------------------------- knowing nothing

certain = Eq(Σ(t[k], k), 1)
alike = each(k, Eq(z[k], c))

equal_scores = Derivation(
    "Equal scores cost the logarithm of the number of classes, whatever the truth",
    -Σ(t[k] * log(exp(z[k]) / Σ(exp(z[j]), j)), k),
    equals(-Σ(t[k] * log(exp(c) / Σ(exp(c), j)), k), hypothesis(alike)),
    equals(log(K) * Σ(t[k], k), logarithms),
    equals(log(K), hypothesis(certain)),
    given=[alike, certain],
)

same_for_all = Derivation(
    "Who says the same of every sample is measured against the shares of the classes",
    Σ(-Σ(t[r, k] * log(p[k]), k), r) / n,
    equals(-Σ(Σ(t[r, k], r) / n * log(p[k]), k), algebra),
)

# ---------------------------------------------------------------- units of the inputs

folded = Derivation(
    "A layer that standardizes its inputs first is a layer",
    Σ((x[i] - μ[i]) / s[i] * W[i, k], i) + b[k],
    equals(
        Σ(x[i] * (W[i, k] / s[i]), i) + (b[k] - Σ(μ[i] / s[i] * W[i, k], i)),
        algebra,
    ),
)
