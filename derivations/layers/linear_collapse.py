"""Layers without an activation: any number of them is one."""

from derivations.engine import (
    Σ,
    Derivation,
    Eq,
    algebra,
    array,
    each,
    equals,
    hypothesis,
    index,
    induction,
    real,
    size,
    time,
)

n, m, K = size("n m K")
i = index("i", 1, n)
j = index("j", 1, m)
k = index("k", 1, K)
A, B, a, b, x = array("A B a b x")

composed_weight = Σ(A[i, j] * B[j, k], j)
composed_bias = Σ(a[j] * B[j, k], j) + b[k]

two_layers = Derivation(
    "Two layers without an activation are one",
    Σ((Σ(x[i] * A[i, j], i) + a[j]) * B[j, k], j) + b[k],
    equals(Σ(x[i] * composed_weight, i) + composed_bias, algebra),
)

# By induction over the layers: what the layers so far make of x is M x + c.
h, M, c = array("h M c")
so_far = each(j, Eq(h[j], Σ(x[i] * M[i, j], i) + c[j]))

one_more_layer = Derivation(
    "One more layer leaves a straight network straight",
    Σ(h[j] * B[j, k], j) + b[k],
    equals(Σ((Σ(x[i] * M[i, j], i) + c[j]) * B[j, k], j) + b[k], hypothesis(so_far)),
    equals(
        Σ(x[i] * Σ(M[i, j] * B[j, k], j), i) + (Σ(c[j] * B[j, k], j) + b[k]), algebra
    ),
    given=[so_far],
)

# A chain of single neurons, of any depth: output, slope and offset after t of them.
t = time("t")
D, P, C, w = array("d p c w")
start = real("x")

chain = Derivation(
    "A chain of straight neurons of any depth is one straight neuron",
    D[t],
    equals(P[t] * start + C[t], induction(t)),
    sequences={
        D: (start, t, w[t + 1] * D[t] + b[t + 1]),
        P: (1, t, w[t + 1] * P[t]),
        C: (0, t, w[t + 1] * C[t] + b[t + 1]),
    },
)

# A direction e of the input that the first layer does not feel.
e = array("e")
unseen = each(j, Eq(Σ(e[i] * A[i, j], i), 0))

bottleneck = Derivation(
    "What one layer cannot see no later layer sees",
    Σ((x[i] + e[i]) * composed_weight, i),
    equals(
        Σ(x[i] * composed_weight, i) + Σ(Σ(e[i] * A[i, j], i) * B[j, k], j), algebra
    ),
    equals(Σ(x[i] * composed_weight, i), hypothesis(unseen)),
    given=[unseen],
)
