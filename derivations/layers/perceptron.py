"""The perceptron: its rule of learning, and how often it can be wrong."""

from derivations.engine import (
    Σ,
    Derivation,
    Eq,
    algebra,
    array,
    at_least,
    at_most,
    each,
    equals,
    hypothesis,
    index,
    induction,
    positive,
    real,
    size,
    square,
    time,
)

n = size("n")
i, j = index("i j", 1, n)
γ, R = positive("gamma R")

# ------------------------------------------------------------------ what it learns

# Each mistake s was made on an input x[s] with label y[s], 1 or -1, and adds y[s] x[s].
t = time("t")
s = index("s", 1, t)
W, x, y = array("w x y")

weights = Derivation(
    "A weight is the sum of the inputs it was wrong about, each times its label",
    W[t],
    equals(Σ(y[s] * x[s], s), induction(t)),
    sequences={W: (0, t, W[t] + y[t + 1] * x[t + 1])},
)

label = real("y")
w, x = array("w x")
before = Σ(w[i] * x[i], i)
one = Eq(label**2, 1)

repair = Derivation(
    "After a mistake the same input scores better",
    label * Σ((w[i] + label * x[i]) * x[i], i),
    equals(label * before + label**2 * Σ(x[i] ** 2, i), algebra),
    equals(label * before + Σ(x[i] ** 2, i), hypothesis(one)),
    at_least(label * before, square(Σ(x[i] ** 2, i))),
    given=[one],
)

# ------------------------------------------------------------- how often it is wrong

# u separates the data: y u·x is at least γ on every input; |u| = 1 and |x| <= R.
X, u = array("x u")
margin = each(s, y[s] * Σ(u[i] * X[s, i], i) >= γ)

progress = Derivation(
    "Along the solution the weights grow by the margin with each mistake",
    Σ(u[i] * Σ(y[s] * X[s, i], s), i),
    equals(Σ(y[s] * Σ(u[i] * X[s, i], i), s), algebra),
    at_least(t * γ, square(Σ(y[s] * Σ(u[i] * X[s, i], i) - γ, s))),
    given=[margin],
)

mistaken = label * before <= 0

growth = Derivation(
    "A mistake lengthens the weights by no more than the input",
    Σ((w[i] + label * x[i]) ** 2, i),
    equals(Σ(w[i] ** 2, i) + 2 * label * before + label**2 * Σ(x[i] ** 2, i), algebra),
    equals(Σ(w[i] ** 2, i) + 2 * label * before + Σ(x[i] ** 2, i), hypothesis(one)),
    at_most(Σ(w[i] ** 2, i) + Σ(x[i] ** 2, i), square(-2 * label * before)),
    given=[one, mistaken],
)

# N[t] is |w|² after t mistakes. The s-th adds ρ[s] = |x|², less some g[s] that is not
# negative.
N, ρ, g = array("N"), array("rho"), array("g", nonnegative=True)
within = each(s, ρ[s] <= R**2)

length = Derivation(
    "The squared length grows by at most that of the longest input",
    N[t],
    equals(Σ(ρ[s] - g[s], s), induction(t)),
    at_most(Σ(ρ[s], s), square(Σ(g[s], s))),
    at_most(t * R**2, square(Σ(R**2 - ρ[s], s))),
    given=[within],
    sequences={N: (0, t, N[t] + ρ[t + 1] - g[t + 1])},
)

unit = Eq(Σ(u[i] ** 2, i), 1)

cauchy_schwarz = Derivation(
    "No vector is longer along a direction than it is",
    Σ(u[i] * w[i], i) ** 2,
    at_most(
        Σ(u[i] ** 2, i) * Σ(w[i] ** 2, i),
        square(Σ((u[i] * w[j] - u[j] * w[i]) ** 2, i, j) / 2),
    ),
    equals(Σ(w[i] ** 2, i), hypothesis(unit)),
    given=[unit],
)

# P is u·w and M is |w|², both after k mistakes.
k = size("k")
P, M = real("P M")

mistake_bound = Derivation(
    "A perceptron makes only so many mistakes",
    k,
    at_most(P**2 / (k * γ**2), square((P - k * γ) * (P + k * γ) / (k * γ**2))),
    at_most(M / (k * γ**2), square((M - P**2) / (k * γ**2))),
    at_most(R**2 / γ**2, square((k * R**2 - M) / (k * γ**2))),
    given=[P >= k * γ, P**2 <= M, M <= k * R**2],
)
