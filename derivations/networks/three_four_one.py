"""The 3-4-1 network without biases: both gradients, and the loss of knowing nothing."""

from derivations.activations.sigmoid import derivative as sigmoid_derivative
from derivations.activations.sigmoid import σ
from derivations.engine import (
    Σ,
    Derivation,
    Eq,
    Rational,
    S,
    algebra,
    array,
    chain_rule,
    d,
    definition,
    each,
    equals,
    hypothesis,
    index,
    size,
    theorem,
)

n, D, H = size("n d h")
r = index("r", 1, n)
i, k = index("i k", 1, D)
j, l = index("j l", 1, H)
X, U, V, y = array("X U V y")

hidden = σ(Σ(X[r, i] * U[i, j], i))
output = σ(Σ(V[j] * hidden, j))
"""The prediction for row r: no bias in either layer."""

hidden_l = σ(Σ(X[r, i] * U[i, l], i))
loss = Σ((y[r] - output) ** 2, r) / 2

# ---------------------------------------------------------------- the two gradients

second_matrix = Derivation(
    "Gradient of half the sum of squared errors in a weight of the second matrix",
    d(loss, V[l]),
    equals(
        -Σ((y[r] - output) * (output * (1 - output)) * hidden_l, r),
        theorem(sigmoid_derivative),
    ),
)

first_matrix = Derivation(
    "Gradient of half the sum of squared errors in a weight of the first matrix",
    d(loss, U[k, l]),
    equals(-Σ((y[r] - output) * d(output, U[k, l]), r), chain_rule),
    equals(
        -Σ(
            (y[r] - output)
            * (output * (1 - output))
            * V[l]
            * (hidden_l * (1 - hidden_l))
            * X[r, k],
            r,
        ),
        theorem(sigmoid_derivative),
    ),
)

# ---------------------------------------------------------------- knowing nothing

bits = each(r, Eq(y[r] ** 2, y[r]))

one_half = Derivation(
    "Whoever always says one half has a loss of one eighth a row",
    Σ((y[r] - Rational(1, 2)) ** 2, r) / 2,
    equals(Σ(y[r] ** 2 - y[r], r) / 2 + n / 8, algebra),
    equals(n / 8, hypothesis(bits)),
    given=[bits],
)

x = array("x")
silent = each(i, Eq(x[i], 0))

without_input = Derivation(
    "A row of zeros sees nothing of the first matrix",
    σ(Σ(V[j] * σ(Σ(x[i] * U[i, j], i)), j)),
    equals(σ(Σ(V[j] * σ(S.Zero), j)), hypothesis(silent)),
    equals(σ(Σ(V[j], j) / 2), definition(σ)),
    given=[silent],
)
