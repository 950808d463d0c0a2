"""Exploding gradients: growth along linear chains, norms of products, divergence."""

from derivations.engine import (
    Π,
    Σ,
    Derivation,
    Rational,
    algebra,
    array,
    at_most,
    d,
    equals,
    index,
    induction,
    positive,
    power_rule,
    real,
    size,
    square,
    time,
)

# A chain of linear neurons: D[t] is the derivative after t of them.
t = time("t")
D, W, u = array("D w u")
i = index("i", 1, t)

linear_chain = Derivation(
    "The gradient of a linear chain is the product of its weights",
    D[t],
    equals(Π(W[i], i), induction(t)),
    sequences={D: (1, t, W[t + 1] * D[t])},
)

w = real("w")

equal_weights = Derivation(
    "Equal weights make the gradient a power of the depth",
    D[t],
    equals(w**t, induction(t)),
    sequences={D: (1, t, w * D[t])},
)

# Stretching: a matrix never lengthens a vector by more than its Frobenius norm.
m, n = size("m n")
A, x = array("A x")
r = index("r", 1, m)
j, k = index("j k", 1, n)

stretch = Derivation(
    "A matrix stretches a vector by at most its Frobenius norm",
    Σ(Σ(A[r, j] * x[j], j) ** 2, r),
    at_most(
        Σ(A[r, j] ** 2, r, j) * Σ(x[k] ** 2, k),
        square(Rational(1, 2) * Σ((A[r, j] * x[k] - A[r, k] * x[j]) ** 2, r, j, k)),
    ),
)

# Gradient descent on the parabola λ w^2 / 2, started at w_0.
λ, α = positive("lambda alpha")
w_0 = real("w_0")
v = array("v")

parabola_slope = Derivation(
    "The slope of a parabola",
    d(λ * w**2 / 2, w),
    equals(λ * w, power_rule),
)

descent = Derivation(
    "Gradient descent on a parabola multiplies the error by one number",
    v[t],
    equals((1 - α * λ) ** t * w_0, induction(t)),
    sequences={v: (w_0, t, v[t] - α * λ * v[t])},
)

divergence = Derivation(
    "The error grows exactly where the rate exceeds two over the curvature",
    (1 - α * λ) ** 2 - 1,
    equals(α * λ * (α * λ - 2), algebra),
)
