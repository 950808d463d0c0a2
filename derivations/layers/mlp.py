"""The multilayer perceptron: a layer behind a layer, and what leaves it as it is."""

from derivations.activations.sigmoid import symmetry, σ
from derivations.activations.sigmoid import x as argument
from derivations.engine import (
    Σ,
    Derivation,
    Max,
    algebra,
    array,
    chain_rule,
    d,
    definition,
    equals,
    function,
    index,
    positive,
    real,
    size,
    theorem,
    unknown,
)

D, H, K = size("d h m")
j, l = index("j l", 1, D)
k = index("k", 1, H)
o = index("o", 1, K)
x, W, b, V, c, z = array("x W b V c z")
f = unknown("f")
relu = function(r"\operatorname{relu}", lambda u: Max(0, u))

score = Σ(x[j] * W[j, k], j) + b[k]
"""What hidden unit k adds up."""
squashed = Σ(σ(score) * V[k, o], k) + c[o]
"""Output o of a network with one hidden layer of sigmoids."""

# ---------------------------------------------------------------- one input, all paths

input_slope = Derivation(
    "An input reaches an output through every hidden unit",
    d(Σ(f(z[k] + x[l] * W[l, k]) * V[k, o], k) + c[o], x[l]),
    equals(
        Σ(d(f(z[k] + x[l] * W[l, k]), z[k]) * W[l, k] * V[k, o], k),
        chain_rule,
    ),
)

# ---------------------------------------------------------------- symmetries

s = positive("s")

rescaling = Derivation(
    "What a rectifier gets larger, the next weights may get smaller",
    Σ(relu(s * z[k]) * (V[k, o] / s), k),
    equals(Σ(Max(0, s * z[k]) * (V[k, o] / s), k), definition(relu)),
    equals(Σ(Max(0, z[k]) * V[k, o], k), algebra),
    equals(Σ(relu(z[k]) * V[k, o], k), definition(relu)),
)

sign_flip = Derivation(
    "A sigmoid unit may change all its signs if the next bias makes up for it",
    Σ(σ(-z[k]) * -V[k, o], k) + (c[o] + Σ(V[k, o], k)),
    equals(
        Σ((1 - σ(z[k])) * -V[k, o], k) + (c[o] + Σ(V[k, o], k)),
        theorem(symmetry, at={argument: z[k]}),
    ),
    equals(Σ(σ(z[k]) * V[k, o], k) + c[o], algebra),
)

u = real("z")

twins = Derivation(
    "Units with the same weights act as one",
    Σ(f(u) * V[k, o], k),
    equals(f(u) * Σ(V[k, o], k), algebra),
)
