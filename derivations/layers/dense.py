"""Dense layers: one formula, two layouts, and how much there is to count."""

from derivations.engine import (
    Σ,
    Derivation,
    Eq,
    KroneckerDelta,
    algebra,
    array,
    chain_rule,
    d,
    each,
    equals,
    hypothesis,
    index,
    induction,
    kronecker,
    real,
    size,
    time,
)

n, D, K = size("n d m")
i = index("i", 1, n)
j, l = index("j l", 1, D)
k, c = index("k c", 1, K)
x, u, w, b = array("x u W b")
s = real("s")

# ---------------------------------------------------------------- the layer

output = Σ(x[i, j] * w[j, k], j) + b[k]
"""The score of unit k for sample i."""

columns, by_unit = array(r"X^\top W^\top")
samples_as_columns = each(j, Eq(columns[j, i], x[i, j]))
weights_by_unit = each(j, Eq(by_unit[k, j], w[j, k]))

column_layout = Derivation(
    "Samples as columns: the same sum with everything transposed",
    Σ(by_unit[k, j] * columns[j, i], j) + b[k],
    equals(Σ(by_unit[k, j] * x[i, j], j) + b[k], hypothesis(samples_as_columns)),
    equals(Σ(x[i, j] * w[j, k], j) + b[k], hypothesis(weights_by_unit)),
    given=[samples_as_columns, weights_by_unit],
)

affine = Derivation(
    "A mixture of two inputs gives the same mixture of their outputs",
    Σ((s * x[j] + (1 - s) * u[j]) * w[j, k], j) + b[k],
    equals(
        s * (Σ(x[j] * w[j, k], j) + b[k]) + (1 - s) * (Σ(u[j] * w[j, k], j) + b[k]),
        algebra,
    ),
)

each_weight = Derivation(
    "How one output reacts to one weight",
    d(Σ(x[j] * w[j, k], j) + b[k], w[l, c]),
    equals(Σ(x[j] * KroneckerDelta(j, l) * KroneckerDelta(k, c), j), chain_rule),
    equals(x[l] * KroneckerDelta(k, c), kronecker),
)

# ---------------------------------------------------------------- counting

layer_count = Derivation(
    "A layer has a weight for every pair of input and unit, and a bias a unit",
    Σ(1, j, k) + Σ(1, k),
    equals(D * K + K, algebra),
    equals((D + 1) * K, algebra),
)

T = time("t")
P, fan_in, fan_out = array("P a m")
h = index("l", 1, T)

network_count = Derivation(
    "The parameters of a network, at any depth",
    P[T],
    equals(Σ((fan_in[h] + 1) * fan_out[h], h), induction(T)),
    sequences={P: (0, T, P[T] + (fan_in[T + 1] + 1) * fan_out[T + 1])},
)

not_a_tree = Derivation(
    "How many connections a layer has beyond those of a tree",
    D * K - (D + K - 1),
    equals((D - 1) * (K - 1), algebra),
)

# ---------------------------------------------------------------- loops

operations = Derivation(
    "A product of matrices by loops: multiplications and additions",
    Σ(1, i, k, j) + Σ(1, i, k, j),
    equals(2 * n * D * K, algebra),
)

M = size("p")
V = array("V")
o = index("o", 1, M)

order = Derivation(
    "Two products after each other: either may be formed first",
    Σ(Σ(x[j] * w[j, k], j) * V[k, o], k),
    equals(Σ(x[j] * Σ(w[j, k] * V[k, o], k), j), algebra),
)
