"""Dropout: means and variances over all masks, and the ridge penalty they hide."""

from derivations.activations.sigmoid import σ
from derivations.engine import (
    Π,
    Σ,
    Bernoulli,
    Derivation,
    E,
    KroneckerDelta,
    Moments,
    Rational,
    Var,
    algebra,
    array,
    binomial,
    binomial_coefficient,
    chain_rule,
    d,
    definition,
    equals,
    exp,
    independence,
    index,
    kronecker,
    linearity,
    moments,
    probability,
    randoms,
    real,
    size,
)

n = size("n")
i, j, k = index("i j k", 1, n)
w, x = array("w x")
t = real("t")
p = probability("p")

# δ_i = 1 keeps unit i, with probability 1 - p; ξ_i is Gaussian noise, of which only
# mean and mean square matter.
δ = randoms(r"\delta", Bernoulli(1 - p))
ξ = randoms(r"\xi", Moments(1, 1 + p / (1 - p)))

dropped_sum = Σ(δ[i] * w[i] * x[i], i)

# ------------------------------------------------------------------- one linear unit

mean = Derivation(
    "On average dropout scales a weighted sum by the keep rate",
    E(dropped_sum),
    equals(Σ(w[i] * x[i] * E(δ[i]), i), linearity),
    equals((1 - p) * Σ(w[i] * x[i], i), moments),
)

variance = Derivation(
    "The variance that dropout adds to a weighted sum",
    Var(dropped_sum),
    equals(E(dropped_sum**2) - E(dropped_sum) ** 2, definition(Var)),
    equals(p * (1 - p) * Σ(w[i] ** 2 * x[i] ** 2, i), independence),
)

scaled_sum = (1 - p) * Σ(w[j] * x[j], j)

expected_loss = Derivation(
    "Dropout's expected loss is the scaled unit's loss and a ridge penalty",
    E((t - dropped_sum) ** 2) / 2,
    equals(t**2 / 2 - t * E(dropped_sum) + E(dropped_sum**2) / 2, linearity),
    equals(
        (t - scaled_sum) ** 2 / 2
        + Rational(1, 2) * p * (1 - p) * Σ(w[i] ** 2 * x[i] ** 2, i),
        independence,
    ),
)

expected_gradient = Derivation(
    "The gradient of dropout's expected loss",
    d(expected_loss.end, w[k]),
    equals(
        -(1 - p) * Σ(x[j] * KroneckerDelta(j, k), j) * (t - scaled_sum)
        + p * (1 - p) * Σ(w[i] * x[i] ** 2 * KroneckerDelta(i, k), i),
        chain_rule,
    ),
    equals(
        -(1 - p) * x[k] * (t - scaled_sum) + p * (1 - p) * w[k] * x[k] ** 2,
        kronecker,
    ),
)

mean_gradient = Derivation(
    "The mean of the gradients is the gradient of the mean",
    E(-δ[k] * x[k] * (t - dropped_sum)),
    equals(
        -(1 - p) * x[k] * (t - scaled_sum) + p * (1 - p) * w[k] * x[k] ** 2,
        independence,
    ),
)

# ----------------------------------------------------------------- inverted dropout

u = real("u")

inverted_mean = Derivation(
    "Inverted dropout keeps the mean",
    E(δ[k] * u / (1 - p)),
    equals(u, moments),
)

inverted_variance = Derivation(
    "The variance of inverted dropout",
    Var(δ[k] * u / (1 - p)),
    equals(E((δ[k] * u / (1 - p)) ** 2) - E(δ[k] * u / (1 - p)) ** 2, definition(Var)),
    equals(u**2 * p / (1 - p), moments),
)

gaussian_mean = Derivation(
    "Gaussian dropout keeps the mean",
    E(ξ[k] * u),
    equals(u, moments),
)

gaussian_variance = Derivation(
    "Gaussian dropout has the variance of inverted dropout",
    Var(ξ[k] * u),
    equals(E((ξ[k] * u) ** 2) - E(ξ[k] * u) ** 2, definition(Var)),
    equals(u**2 * p / (1 - p), moments),
)

# ------------------------------------------------------------ all masks, and averages

K = index("k", 0, n)

all_masks = Derivation(
    "The probabilities of all masks add up to one",
    Σ(binomial_coefficient(n, K) * (1 - p) ** K * p ** (n - K), K),
    equals(1, binomial),
)

# Outputs σ(z_j) of the masks j = 1..M, weighted by the probabilities P_j of the masks.
M = size("M")
J = index("j", 1, M)
P = array("P", nonnegative=True)
z = array("z")

kept_odds = Π(exp(-z[J]) ** P[J], J)

geometric_mean = Derivation(
    "The normalized geometric mean of sigmoids is the sigmoid of the mean",
    Π(σ(z[J]) ** P[J], J) / (Π(σ(z[J]) ** P[J], J) + Π((1 - σ(z[J])) ** P[J], J)),
    equals(1 / (1 + kept_odds), definition(σ)),
    equals(1 / (1 + exp(-Σ(P[J] * z[J], J))), algebra),
    equals(σ(Σ(P[J] * z[J], J)), definition(σ)),
)
