"""Cross-entropy over any number of classes, and its gradient through the softmax."""

from derivations.activations.sigmoid import derivative as sigmoid_derivative
from derivations.activations.sigmoid import σ
from derivations.engine import (
    Σ,
    Derivation,
    Eq,
    KroneckerDelta,
    algebra,
    array,
    at_least,
    at_most,
    chain_rule,
    convexity,
    d,
    each,
    equals,
    exp,
    hypothesis,
    index,
    kronecker,
    log,
    logarithms,
    positive,
    quotient_rule,
    size,
    theorem,
)

K = size("K")
h, i, j, k, l = index("h i j k l", 1, K)
c = index("y", 1, K)
g, t, z = array("g t z")
p, q, s = array("p q s", positive=True)
a, b = positive("a b")

total = Σ(exp(z[j]), j)
loss = -Σ(t[k] * log(p[k]), k)
loss_of_scores = -Σ(t[k] * log(exp(z[k]) / total), k)
certain = Eq(Σ(t[k], k), 1)
ours = Eq(Σ(p[k], k), 1)
theirs = Eq(Σ(q[k], k), 1)

# ---------------------------------------------------------------- from probabilities

one_hot = Derivation(
    "A one-hot target picks one logarithm",
    -Σ(KroneckerDelta(k, c) * log(p[k]), k),
    equals(-log(p[c]), kronecker),
)

gradient = Derivation(
    "Gradient of cross-entropy in the probabilities",
    d(loss, p[l]),
    equals(-Σ(t[k] / p[k] * KroneckerDelta(k, l), k), chain_rule),
    equals(-t[l] / p[l], kronecker),
)

one_term = Derivation(
    "The logarithm lies below its tangent",
    a * log(b / a),
    at_most(b - a, convexity(b, a, a / b**2)),
)

divergence = Derivation(
    "No distribution is likelier than itself",
    Σ(q[k] * log(p[k] / q[k]), k),
    at_most(Σ(p[k] - q[k], k), theorem(one_term, at={a: q[k], b: p[k]})),
    equals(Σ(p[k], k) - Σ(q[k], k), algebra),
    equals(1 - Σ(q[k], k), hypothesis(ours)),
    equals(0, hypothesis(theirs)),
    given=[ours, theirs],
)

entropy_below = Derivation(
    "Cross-entropy is at least the entropy of the target",
    -Σ(q[k] * log(p[k]), k),
    equals(-Σ(q[k] * log(q[k]), k) - Σ(q[k] * log(p[k] / q[k]), k), logarithms),
    at_least(-Σ(q[k] * log(q[k]), k), theorem(divergence)),
    given=[ours, theirs],
)

# ---------------------------------------------------------------- from scores

from_scores = Derivation(
    "Cross-entropy of a softmax, as a function of its scores",
    loss_of_scores,
    equals(Σ(t[k], k) * log(total) - Σ(t[k] * z[k], k), logarithms),
    equals(log(total) - Σ(t[k] * z[k], k), hypothesis(certain)),
    given=[certain],
)

softmax_gradient = Derivation(
    "Gradient of cross-entropy through the softmax",
    d(loss_of_scores, z[l]),
    equals(d(Σ(t[k], k) * log(total) - Σ(t[k] * z[k], k), z[l]), logarithms),
    equals(d(log(total) - Σ(t[k] * z[k], k), z[l]), hypothesis(certain)),
    equals(
        Σ(exp(z[j]) * KroneckerDelta(j, l), j) / total
        - Σ(t[k] * KroneckerDelta(k, l), k),
        chain_rule,
    ),
    equals(exp(z[l]) / total - t[l], kronecker),
    given=[certain],
)

in_probabilities = each(k, Eq(g[k], -t[k] / p[k]))

pulled_back = Derivation(
    "The same gradient, pulled back through the Jacobian of the softmax",
    Σ(g[k] * p[k] * (KroneckerDelta(k, l) - p[l]), k),
    equals(Σ(-t[k] * (KroneckerDelta(k, l) - p[l]), k), hypothesis(in_probabilities)),
    equals(p[l] * Σ(t[k], k) - Σ(t[k] * KroneckerDelta(k, l), k), algebra),
    equals(p[l] - Σ(t[k] * KroneckerDelta(k, l), k), hypothesis(certain)),
    equals(p[l] - t[l], kronecker),
    given=[certain, in_probabilities],
)

gradient_without_cancellation = Derivation(
    "The same gradient without cancellation",
    p[l] - t[l],
    equals((1 - t[l]) * p[l] - t[l] * (1 - p[l]), algebra),
)

gradient_sums_to_zero = Derivation(
    "The gradient of a row sums to zero",
    Σ(exp(z[i]) / total - t[i], i),
    equals(1 - Σ(t[k], k), algebra),
    equals(0, hypothesis(certain)),
    given=[certain],
)

hessian = Derivation(
    "The Hessian of softmax cross-entropy is the Jacobian of the softmax",
    d(exp(z[l]) / total - t[l], z[i]),
    equals(
        (
            exp(z[l]) * KroneckerDelta(l, i) * total
            - exp(z[l]) * Σ(exp(z[j]) * KroneckerDelta(j, i), j)
        )
        / total**2,
        quotient_rule,
    ),
    equals(exp(z[l]) / total * (KroneckerDelta(l, i) - exp(z[i]) / total), kronecker),
)

# ------------------------------------------------- scores that do not sum to one

logarithmic = each(k, Eq(z[k], log(s[k])))
share = σ(z[l]) / Σ(σ(z[j]), j)

renormalized_scores = Derivation(
    "The softmax of logarithms divides by the sum",
    exp(z[l]) / total,
    equals(s[l] / Σ(s[j], j), hypothesis(logarithmic)),
    given=[logarithmic],
)

renormalized_sigmoids = Derivation(
    "Gradient of cross-entropy over sigmoids divided by their sum",
    d(-log(σ(z[c]) / Σ(σ(z[j]), j)), z[l]),
    equals(d(log(Σ(σ(z[j]), j)) - log(σ(z[c])), z[l]), logarithms),
    equals(
        Σ(σ(z[j]) * (1 - σ(z[j])) * KroneckerDelta(j, l), j) / Σ(σ(z[j]), j)
        - (1 - σ(z[c])) * KroneckerDelta(c, l),
        theorem(sigmoid_derivative),
    ),
    equals((1 - σ(z[l])) * (share - KroneckerDelta(c, l)), kronecker),
)
