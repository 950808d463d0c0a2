"""Linear activations: additive, proportional, of one slope; and what they cannot do."""

from derivations.engine import (
    Σ,
    Derivation,
    Rational,
    algebra,
    array,
    at_least,
    d,
    definition,
    differentiation,
    equals,
    function,
    index,
    induction,
    real,
    size,
    square,
    time,
)

x, y, a, c = real("x y a c")
linear = function(r"\operatorname{linear}", lambda u, slope: slope * u)

# ---------------------------------------------------------------- one line

identity = Derivation(
    "The identity is the line of slope one",
    linear(x, 1),
    equals(x, definition(linear)),
)

slope = Derivation(
    "A linear activation has one slope everywhere",
    d(linear(x, a), x),
    equals(d(a * x, x), definition(linear)),
    equals(a, differentiation),
)

additive = Derivation(
    "A linear activation of a sum is the sum",
    linear(x + y, a),
    equals(a * (x + y), definition(linear)),
    equals(a * x + a * y, algebra),
    equals(linear(x, a) + linear(y, a), definition(linear)),
)

proportional = Derivation(
    "Every factor passes through a linear activation",
    linear(c * x, a),
    equals(a * (c * x), definition(linear)),
    equals(c * linear(x, a), definition(linear)),
)

# ---------------------------------------------------------------- layers in a row

t = time("t")
v = array("v")

depth = Derivation(
    "Layers of one slope multiply by a power of it",
    v[t],
    equals(a**t * x, induction(t)),
    sequences={v: (x, t, a * v[t])},
)

n, h = size("n h")
i = index("i", 1, n)
j = index("j", 1, h)
k = index("k", 1, size("m"))
X, b, e, W, V = array("x b e W V")
hidden = Σ(X[i] * W[i, j], i) + b[j]

collapse = Derivation(
    "Two layers with a linear activation in between are one layer",
    Σ(linear(hidden, a) * V[j, k], j) + e[k],
    equals(
        Σ(a * (Σ(X[i] * W[i, j], i) + b[j]) * V[j, k], j) + e[k], definition(linear)
    ),
    equals(
        Σ(X[i] * Σ(a * W[i, j] * V[j, k], j), i) + (Σ(a * b[j] * V[j, k], j) + e[k]),
        algebra,
    ),
)

# ---------------------------------------------------------------- exclusive or

w_1, w_2 = real("w_1 w_2")
half = Rational(1, 2)

# The outputs for the pairs 00, 01, 10, 11 of bits; the bias is c + 1/2.
outputs = [o + c + half for o in (0, w_2, w_1, w_1 + w_2)]
misses = [o - target for o, target in zip(outputs, (0, 1, 1, 0), strict=True)]

exclusive_or = Derivation(
    "No linear network misses the exclusive or by less than a quarter",
    sum(miss**2 for miss in misses) / 4,
    at_least(
        Rational(1, 4),
        square((c**2 + (w_1 + c) ** 2 + (w_2 + c) ** 2 + (w_1 + w_2 + c) ** 2) / 4),
    ),
)
