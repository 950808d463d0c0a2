"""Variance propagation: what a layer of random weights does to sizes."""

from derivations.engine import (
    Σ,
    Derivation,
    E,
    Moments,
    Var,
    array,
    definition,
    equals,
    independence,
    index,
    induction,
    nonnegative,
    positive,
    randoms,
    real,
    size,
    time,
)

# n numbers a_i of mean square q enter a unit through weights of mean 0, variance v.
n = size("n")
i = index("i", 1, n)
v, q = positive("v q")
μ = real("mu")
W = randoms("W", Moments(0, v))
a = randoms("a", Moments(μ, μ**2 + q))

weighted_sum = Σ(W[i] * a[i], i)

forward = Derivation(
    "The variance of a weighted sum",
    Var(weighted_sum),
    equals(E(weighted_sum**2) - E(weighted_sum) ** 2, definition(Var)),
    equals(n * v * (μ**2 + q), independence),
)

# Backward: m units send errors e_j of mean square q back to one unit, whose slope s_1
# has mean square γ.
m = size("m")
j = index("j", 1, m)
γ, ε = positive("gamma epsilon")
ν = real("nu")
V = randoms("V", Moments(0, v))
e = randoms("e", Moments(ν, ν**2 + ε))
s = randoms("s", Moments(0, γ))

backward = Derivation(
    "The mean square of an error that travels back through a layer",
    E((s[1] * Σ(V[j] * e[j], j)) ** 2),
    equals(m * v * γ * (ν**2 + ε), independence),
)

# Depth: each layer multiplies by the same gain.
t = time("t")
g, q_0 = nonnegative("g c")
Q = array("q")

depth = Derivation(
    "Layers of equal gain multiply the mean square by a power of it",
    Q[t],
    equals(g**t * q_0, induction(t)),
    sequences={Q: (q_0, t, g * Q[t])},
)
