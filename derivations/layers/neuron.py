"""One neuron: a weighted sum, a bias, an activation; the bias is one more weight."""

from derivations.engine import (
    Σ,
    Derivation,
    Eq,
    KroneckerDelta,
    algebra,
    array,
    d,
    differentiation,
    each,
    equals,
    hypothesis,
    index,
    kronecker,
    probability,
    real,
    size,
    unknown,
)

n = size("n")
i, l = index("i l", 1, n)
x, w, v = array("x w v")
b, c, s = real("b c s")
φ = unknown(r"\varphi")

z = Σ(w[i] * x[i], i) + b
"""What goes into the activation."""

# ------------------------------------------------------------- what the bias is

silent = each(i, Eq(x[i], 0))

at_the_origin = Derivation(
    "Without any input a neuron returns the activation of its bias",
    φ(z),
    equals(φ(b), hypothesis(silent)),
    given=[silent],
)

# Inputs u_0, ..., u_n: a constant 1, then x. Weights v_0, ..., v_n: the bias first.
j = index("j", 0, n)
u = array("u")
constant, first = Eq(u[0], 1), Eq(v[0], b)

augmentation = Derivation(
    "A bias is the weight of an input that is always one",
    Σ(v[j] * u[j], j),
    equals(v[0] * u[0] + Σ(v[i] * u[i], i), algebra),
    equals(v[0] + Σ(v[i] * u[i], i), hypothesis(constant)),
    equals(b + Σ(v[i] * u[i], i), hypothesis(first)),
    given=[constant, first],
)

# --------------------------------------------------------- what moves the sum

slope_in_a_weight = Derivation(
    "The sum feels each weight as much as its input",
    d(z, w[l]),
    equals(Σ(x[i] * KroneckerDelta(i, l), i), differentiation),
    equals(x[l], kronecker),
)

slope_in_the_bias = Derivation(
    "The sum feels the bias the same at every input",
    d(z, b),
    equals(1, differentiation),
)

λ = probability(r"\lambda")
a = array("a")

blend = Derivation(
    "The sum of blended weights is the blend of the sums",
    Σ((λ * w[i] + (1 - λ) * v[i]) * x[i], i) + λ * b + (1 - λ) * c,
    equals(
        λ * (Σ(w[i] * x[i], i) + b) + (1 - λ) * (Σ(v[i] * x[i], i) + c),
        algebra,
    ),
)

# -------------------------------------------------------------- the boundary

along = Eq(Σ(w[i] * a[i], i), 0)

along_the_boundary = Derivation(
    "A step at right angles to the weights changes nothing",
    Σ(w[i] * (x[i] + a[i]), i) + b,
    equals(Σ(w[i] * x[i], i) + Σ(w[i] * a[i], i) + b, algebra),
    equals(z, hypothesis(along)),
    given=[along],
)

length = Eq(Σ(w[i] ** 2, i), 1)

across_the_boundary = Derivation(
    "A step along weights of length one changes the sum by the length of the step",
    Σ(w[i] * (x[i] + s * w[i]), i) + b,
    equals(z + s * Σ(w[i] ** 2, i), algebra),
    equals(z + s, hypothesis(length)),
    given=[length],
)
