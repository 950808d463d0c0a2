"""Back through a dense layer: three sums, for any batch and any widths."""

from derivations.engine import (
    Σ,
    Derivation,
    Eq,
    KroneckerDelta,
    algebra,
    array,
    chain_rule,
    d,
    differentiation,
    each,
    equals,
    hypothesis,
    index,
    kronecker,
    real,
    size,
    unknown,
)

n, N, D, K = size("n p d m")
i, h = index("i h", 1, n)
j, l = index("j l", 1, D)
k, o = index("k o", 1, K)
x, w, b, g = array("x W b g")

score = Σ(x[i, j] * w[j, k], j) + b[k]
paired = Σ(g[i, k] * score, i, k)
"""What the loss does to first order: each score times how the loss reacts to it."""

# ---------------------------------------------------------------- three gradients

weights = Derivation(
    "A weight collects over the samples",
    d(paired, w[l, o]),
    equals(
        Σ(
            g[i, k] * Σ(x[i, j] * KroneckerDelta(j, l) * KroneckerDelta(k, o), j),
            i,
            k,
        ),
        chain_rule,
    ),
    equals(Σ(x[i, l] * g[i, o], i), kronecker),
)

bias = Derivation(
    "A bias adds up what its unit gets, over the samples",
    d(paired, b[o]),
    equals(Σ(g[i, k] * KroneckerDelta(k, o), i, k), chain_rule),
    equals(Σ(g[i, o], i), kronecker),
)

inputs = Derivation(
    "An input collects over the units, each through its own weight",
    d(paired, x[h, l]),
    equals(
        Σ(
            g[i, k] * Σ(KroneckerDelta(i, h) * KroneckerDelta(j, l) * w[j, k], j),
            i,
            k,
        ),
        chain_rule,
    ),
    equals(Σ(g[h, k] * w[l, k], k), kronecker),
)

columns, g_columns = array(r"X^\top G^\top")
inputs_as_columns = each(i, Eq(columns[l, i], x[i, l]))
errors_as_columns = each(i, Eq(g_columns[o, i], g[i, o]))

column_layout = Derivation(
    "Samples as columns: the gradient of weights stored by unit is the same sum",
    Σ(g_columns[o, i] * columns[l, i], i),
    equals(Σ(g_columns[o, i] * x[i, l], i), hypothesis(inputs_as_columns)),
    equals(Σ(x[i, l] * g[i, o], i), hypothesis(errors_as_columns)),
    given=[inputs_as_columns, errors_as_columns],
)

# ---------------------------------------------------------------- the mean of a batch

loss = unknown(r"\ell")
θ = real("theta")
u, v = array("u v")

mean_of_gradients = Derivation(
    "The gradient of a mean is the mean of the gradients",
    d(Σ(loss(u[i] + θ * v[i]), i) / n, θ),
    equals(Σ(d(loss(u[i] + θ * v[i]), θ), i) / n, differentiation),
)

e = array("e")
of_the_mean = each(i, Eq(g[i, o], e[i, o] / n))
"""The gradient of the mean loss at a score: that of the sample's own loss, over n."""

averaged_once = Derivation(
    "Once in the loss, the division by the batch size is in every gradient",
    Σ(x[i, l] * g[i, o], i),
    equals(Σ(x[i, l] * e[i, o] / n, i), hypothesis(of_the_mean)),
    equals(Σ(x[i, l] * e[i, o], i) / n, algebra),
    given=[of_the_mean],
)

a, c = array("a c")
q = index("q", 1, N)
A, C = real(r"\bar{a} \bar{c}")
first = Eq(Σ(a[i], i), n * A)
second = Eq(Σ(c[q], q), N * C)

two_batches = Derivation(
    "The mean over two batches weighs each by its size",
    (Σ(a[i], i) + Σ(c[q], q)) / (n + N),
    equals((n * A + Σ(c[q], q)) / (n + N), hypothesis(first)),
    equals((n * A + N * C) / (n + N), hypothesis(second)),
    given=[first, second],
)
