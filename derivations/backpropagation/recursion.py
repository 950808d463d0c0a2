"""Backpropagation: one layer back, for any widths; then any number of layers."""

from derivations.activations.sigmoid import derivative as sigmoid_derivative
from derivations.activations.sigmoid import σ
from derivations.engine import (
    Σ,
    Derivation,
    KroneckerDelta,
    algebra,
    array,
    chain_rule,
    d,
    equals,
    index,
    induction,
    kronecker,
    real,
    size,
    theorem,
    time,
    unknown,
)

n, m = size("n m")
j, l = index("j l", 1, n)
k, o = index("k o", 1, m)
W, b, z, g, s, v = array("W b z g s v")
e = array(r"\delta")
"""How the loss reacts to the scores of the next layer."""
f = unknown("f")
θ = real("theta")

# ---------------------------------------------------------------- an activation

activation = Derivation(
    "Back through an activation: times its slope, entry by entry",
    d(Σ(g[k] * f(z[k]), k), z[o]),
    equals(Σ(g[k] * d(f(z[k]), z[k]) * KroneckerDelta(k, o), k), chain_rule),
    equals(g[o] * d(f(z[o]), z[o]), kronecker),
)

sigmoid_activation = Derivation(
    "For a sigmoid the slope is in the output",
    d(Σ(g[k] * σ(z[k]), k), z[o]),
    equals(g[o] * σ(z[o]) * (1 - σ(z[o])), theorem(sigmoid_derivative)),
)

# ---------------------------------------------------------------- one layer back

following = Σ(f(z[j]) * W[j, k], j) + b[k]
"""Score k of the next layer, from the scores z of this one."""

one_layer = Derivation(
    "One layer back: through the weights, times the slope",
    d(Σ(e[k] * following, k), z[l]),
    equals(
        Σ(e[k] * Σ(d(f(z[j]), z[j]) * KroneckerDelta(j, l) * W[j, k], j), k),
        chain_rule,
    ),
    equals(d(f(z[l]), z[l]) * Σ(W[l, k] * e[k], k), kronecker),
)

# ---------------------------------------------------------------- any number of layers

one_layer_on = Derivation(
    "One layer on: how the next scores change when these do",
    d(Σ(f(z[j] + θ * v[j]) * W[j, k], j) + b[k], θ),
    equals(
        Σ(v[j] * d(f(z[j] + θ * v[j]), z[j]) * W[j, k], j),
        chain_rule,
    ),
)

c = array("c")
"""What a parameter does to the scores of the next layer directly."""

balance = Derivation(
    "Error times change grows by what a layer's own parameters do",
    Σ(e[k] * (Σ(v[j] * s[j] * W[j, k], j) + c[k]), k),
    equals(
        Σ(s[j] * Σ(W[j, k] * e[k], k) * v[j], j) + Σ(e[k] * c[k], k),
        algebra,
    ),
)

t = time("t")
P, Q = array("P q")
layer = index("l", 1, t)

every_layer = Derivation(
    "Behind any number of layers: the sum of what each has added",
    P[t],
    equals(Σ(Q[layer], layer), induction(t)),
    sequences={P: (0, t, P[t] + Q[t + 1])},
)

# ---------------------------------------------------------------- the delta rule

H = size("p")
h, q = index("h q", 1, H)
y, a, u, V = array("y a u V")
output = σ(Σ(a[h] * V[h, k], h))
output_o = σ(Σ(a[h] * V[h, o], h))

outer_weights = Derivation(
    "The delta rule for the weights of the output layer",
    d(Σ((y[k] - output) ** 2, k) / 2, V[q, o]),
    equals(-Σ((y[k] - output) * d(output, V[q, o]), k), chain_rule),
    equals(
        -(y[o] - output_o) * (output_o * (1 - output_o)) * a[q],
        theorem(sigmoid_derivative),
    ),
)

deep = σ(Σ(σ(u[h]) * V[h, k], h))
"""The same output, from the scores of the hidden units."""

hidden_delta = Derivation(
    "The delta rule for the scores of the hidden layer",
    d(Σ((y[k] - deep) ** 2, k) / 2, u[q]),
    equals(-Σ((y[k] - deep) * d(deep, u[q]), k), chain_rule),
    equals(
        -Σ((y[k] - deep) * (deep * (1 - deep)) * V[q, k], k)
        * (σ(u[q]) * (1 - σ(u[q]))),
        theorem(sigmoid_derivative),
    ),
)
