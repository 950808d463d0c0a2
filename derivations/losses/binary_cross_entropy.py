"""Binary cross-entropy: from probabilities, from logits, and the least it can be."""

from derivations.activations.sigmoid import derivative as sigmoid_derivative
from derivations.activations.sigmoid import symmetry, σ
from derivations.activations.sigmoid import x as any_real
from derivations.activations.softplus import derivative as softplus_derivative
from derivations.activations.softplus import softplus
from derivations.engine import (
    Σ,
    Derivation,
    KroneckerDelta,
    algebra,
    array,
    at_least,
    chain_rule,
    convexity,
    d,
    definition,
    differentiation,
    equals,
    exp,
    index,
    kronecker,
    log,
    logarithms,
    probability,
    real,
    size,
    square,
    theorem,
)

p, q = probability("p q")
y, z, b = real("y z b")
n, D = size("n D")
i, k = index("i k", 1, n)
j, l, m = index("j l m", 1, D)
w, v, t, x = array("w v y z")
X = array("X")

# ---------------------------------------------------------------- from probabilities

likelihood = Derivation(
    "Binary cross-entropy is the negative log-likelihood of a coin",
    -log(p**y * (1 - p) ** (1 - y)),
    equals(-y * log(p) - (1 - y) * log(1 - p), logarithms),
)

gradient = Derivation(
    "Gradient of binary cross-entropy in the probability",
    d(-y * log(p) - (1 - y) * log(1 - p), p),
    equals(-y / p + (1 - y) / (1 - p), differentiation),
    equals((p - y) / (p * (1 - p)), algebra),
)

curvature = Derivation(
    "Binary cross-entropy is convex in the probability",
    d(-q / p + (1 - q) / (1 - p), p),
    equals(q / p**2 + (1 - q) / (1 - p) ** 2, differentiation),
    at_least(0, square(q / p**2 + (1 - q) / (1 - p) ** 2)),
)

entropy_below = Derivation(
    "Binary cross-entropy is at least the entropy of the target",
    -q * log(p) - (1 - q) * log(1 - p),
    at_least(
        -q * log(q) - (1 - q) * log(1 - q),
        convexity(p, q, q / p**2 + (1 - q) / (1 - p) ** 2),
    ),
)

# ---------------------------------------------------------------- from logits

with_logits = Derivation(
    "Binary cross-entropy of a sigmoid, as a function of its logit",
    -y * log(σ(z)) - (1 - y) * log(1 - σ(z)),
    equals(
        -y * log(1 / (1 + exp(-z))) - (1 - y) * log(1 - 1 / (1 + exp(-z))),
        definition(σ),
    ),
    equals(-y * log(exp(z) / (1 + exp(z))) - (1 - y) * log(1 / (1 + exp(z))), algebra),
    equals(log(1 + exp(z)) - y * z, logarithms),
    equals(softplus(z) - y * z, definition(softplus)),
)

two_softplus_terms = Derivation(
    "The same loss as two terms of one sign",
    softplus(z) - y * z,
    equals(log(1 + exp(z)) - y * z, definition(softplus)),
    equals(log(exp(z) * (1 + exp(-z))) - y * z, algebra),
    equals(y * log(1 + exp(-z)) + (1 - y) * (z + log(1 + exp(-z))), logarithms),
    equals(y * log(1 + exp(-z)) + (1 - y) * log(exp(z) * (1 + exp(-z))), logarithms),
    equals(y * log(1 + exp(-z)) + (1 - y) * log(1 + exp(z)), algebra),
    equals(y * softplus(-z) + (1 - y) * softplus(z), definition(softplus)),
)

logit_gradient = Derivation(
    "Gradient of binary cross-entropy in the logit",
    d(softplus(z) - y * z, z),
    equals(d(softplus(z), z) - y, differentiation),
    equals(σ(z) - y, theorem(softplus_derivative)),
)

gradient_without_cancellation = Derivation(
    "The same gradient without cancellation",
    σ(z) - y,
    equals((1 - y) * σ(z) - y * (1 - σ(z)), algebra),
    equals((1 - y) * σ(z) - y * σ(-z), theorem(symmetry, at={any_real: z})),
)

slope_cancels = Derivation(
    "The chain rule by hand: the slope of the sigmoid cancels",
    d(-y * log(σ(z)) - (1 - y) * log(1 - σ(z)), z),
    equals((σ(z) - y) / (σ(z) * (1 - σ(z))) * d(σ(z), z), chain_rule),
    equals(σ(z) - y, theorem(sigmoid_derivative)),
)

logit_curvature = Derivation(
    "Binary cross-entropy is convex in the logit",
    d(σ(z) - y, z),
    equals(σ(z) * (1 - σ(z)), theorem(sigmoid_derivative)),
    at_least(0, square(σ(z) * (1 - σ(z)))),
)

# ---------------------------------------------------------------- of a batch

batch_gradient = Derivation(
    "Gradient of the mean over a batch",
    d(Σ(softplus(x[i]) - t[i] * x[i], i) / n, x[k]),
    equals(
        Σ((σ(x[i]) - t[i]) * KroneckerDelta(i, k), i) / n,
        theorem(softplus_derivative),
    ),
    equals((σ(x[k]) - t[k]) / n, kronecker),
)

score = Σ(w[j] * X[i, j], j) + b

weight_gradient = Derivation(
    "Gradient of logistic regression in a weight",
    d(Σ(softplus(score) - t[i] * score, i) / n, w[l]),
    equals(Σ((σ(score) - t[i]) * X[i, l], i) / n, theorem(softplus_derivative)),
)

hessian = Derivation(
    "Hessian of logistic regression",
    d(Σ((σ(score) - t[i]) * X[i, l], i) / n, w[m]),
    equals(
        Σ(σ(score) * (1 - σ(score)) * X[i, l] * X[i, m], i) / n,
        theorem(sigmoid_derivative),
    ),
)

convex = Derivation(
    "Logistic regression is a convex problem",
    Σ(v[l] * v[m] * Σ(σ(x[i]) * (1 - σ(x[i])) * X[i, l] * X[i, m], i) / n, l, m),
    equals(Σ(σ(x[i]) * (1 - σ(x[i])) * Σ(v[l] * X[i, l], l) ** 2, i) / n, algebra),
    at_least(0, square(Σ(σ(x[i]) * (1 - σ(x[i])) * Σ(v[l] * X[i, l], l) ** 2, i) / n)),
)
