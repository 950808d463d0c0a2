"""From scores to a label: what leaves the largest the largest, and why it wins."""

from derivations.activations.sigmoid import σ
from derivations.activations.softmax import i, l, share, z
from derivations.engine import (
    Σ,
    Derivation,
    Eq,
    algebra,
    array,
    at_least,
    at_most,
    convexity,
    definition,
    each,
    equals,
    exp,
    hypothesis,
    index,
    real,
    size,
    square,
    theorem,
)

x, y = real("x y")

# ------------------------------------------------------------- nothing changes places

tangent = Derivation(
    "The exponential stays above its tangent at zero",
    exp(x),
    at_least(1 + x, convexity(x, 0, exp(x))),
)

shares_keep_their_order = Derivation(
    "The larger score gets the larger share",
    share(i) - share(l),
    equals(share(l) * (exp(z[i] - z[l]) - 1), algebra),
    at_least(share(l) * (z[i] - z[l]), theorem(tangent, at={x: z[i] - z[l]})),
    at_least(0, square(share(l) * (z[i] - z[l]))),
    given=[z[i] >= z[l]],
)

lead = (exp(x - y) - 1) / ((1 + exp(x)) * (1 + exp(-y)))
bound = (x - y) / ((1 + exp(x)) * (1 + exp(-y)))

sigmoids_keep_their_order = Derivation(
    "The larger score gets the larger sigmoid",
    σ(x) - σ(y),
    equals(1 / (1 + exp(-x)) - 1 / (1 + exp(-y)), definition(σ)),
    equals(lead, algebra),
    at_least(bound, theorem(tangent, at={x: x - y})),
    at_least(0, square(bound)),
    given=[x >= y],
)

# -------------------------------------------------------------- why the largest one

# Class j has probability p[j]; a rule, which may use chance, picks it with q[j].
k = size("k")
j = index("j", 1, k)
p, q = array("p q", nonnegative=True)
largest = real("m")
rule = Eq(Σ(q[j], j), 1)
none_larger = each(j, p[j] <= largest)

best_rule = Derivation(
    "No rule is right more often than the largest probability",
    Σ(q[j] * p[j], j),
    at_most(largest * Σ(q[j], j), square(Σ(q[j] * (largest - p[j]), j))),
    equals(largest, hypothesis(rule)),
    given=[rule, none_larger],
)
