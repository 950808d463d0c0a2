"""AdamW: weight decay beside the gradient, and a penalty inside it."""

from derivations.engine import (
    Derivation,
    Eq,
    algebra,
    array,
    d,
    equals,
    hypothesis,
    induction,
    positive,
    power_rule,
    real,
    sqrt,
    time,
    unknown,
)
from derivations.optimizers import adam

α = adam.α
λ, s = positive("lambda s")
w, g = real("w g")
L = unknown("L")

update = (1 - α * λ) * w - adam.step

# ------------------------------------------------------------------- plain descent

penalty = Derivation(
    "A penalty adds a multiple of the weight to the gradient",
    d(L(w) + λ / 2 * w**2, w),
    equals(d(L(w), w) + λ * w, power_rule),
)

descent = Derivation(
    "In plain descent a penalty is weight decay",
    w - α * (g + λ * w),
    equals((1 - α * λ) * w - α * g, algebra),
)

# --------------------------------------------------------------------- in Adam

x, v, share = positive("w v a")  # a weight above 0; share = 1 - β_2^t
penalty_alone = Eq(v, share * (λ * x) ** 2)

lost = Derivation(
    "Adam divides the strength of a penalty out",
    x - α * (λ * x) / sqrt(v / share),
    equals(x - α, hypothesis(penalty_alone)),
    given=[penalty_alone],
)

# A fixed divisor s stands for the root that Adam divides by.
weighted = Derivation(
    "Decoupled decay is a penalty that is stronger where gradients are larger",
    w - α * (g + λ * s * w) / s,
    equals((1 - α * λ) * w - α * (g / s), algebra),
)

# --------------------------------------------------------------------- over many steps

t = time("t")
W = array("w")
w_0 = real("w_0")

decay = Derivation(
    "Without gradients decoupled decay is exponential",
    W[t],
    equals((1 - α * λ) ** t * w_0, induction(t)),
    sequences={W: (w_0, t, (1 - α * λ) * W[t])},
)

balance = Derivation(
    "Steps of the full rate are balanced by decay at one over its strength",
    W[t],
    equals((1 - α * λ) ** t * (w_0 + 1 / λ) - 1 / λ, induction(t)),
    sequences={W: (w_0, t, (1 - α * λ) * W[t] - α)},
)
