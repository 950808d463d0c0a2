"""Cosine similarity and distance: a squared distance of directions."""

from derivations.engine import (
    Σ,
    Derivation,
    Eq,
    Ne,
    S,
    algebra,
    array,
    at_least,
    at_most,
    d,
    equals,
    hypothesis,
    index,
    positive,
    quotient_rule,
    real,
    size,
    sqrt,
    square,
)

n = size("n")
i, j, k = index("i j k", 1, n)
a, b = array("a b")
r, s, c = positive(r"\alpha \beta c")
"""The lengths of a and b, and a factor."""

product = Σ(a[i] * b[i], i)
cosine = product / (r * s)
length_of_a = Eq(Σ(a[i] ** 2, i), r**2)
length_of_b = Eq(Σ(b[i] ** 2, i), s**2)

# ---------------------------------------------------------------- the definition

law_of_cosines = Derivation(
    "The law of cosines: the third side of a triangle",
    Σ((a[i] - b[i]) ** 2, i),
    equals(Σ(a[i] ** 2, i) - 2 * product + Σ(b[i] ** 2, i), algebra),
    equals(r**2 - 2 * product + Σ(b[i] ** 2, i), hypothesis(length_of_a)),
    equals(r**2 - 2 * product + s**2, hypothesis(length_of_b)),
    given=[length_of_a, length_of_b],
)

similarity = product / (sqrt(Σ(a[i] ** 2, i)) * sqrt(Σ(b[i] ** 2, i)))
"""The cosine, straight from the definition."""

scaling = Derivation(
    "Only directions count",
    Σ(c * a[i] * b[i], i) / (sqrt(Σ((c * a[i]) ** 2, i)) * s),
    equals(product / (sqrt(Σ(a[i] ** 2, i)) * s), algebra),
    given=[Ne(Σ(a[i] ** 2, i), 0)],
)

# ---------------------------------------------------------------- the distance

between = Σ((a[i] / r - b[i] / s) ** 2, i) / 2

half_square = Derivation(
    "The cosine is at most one: half a squared distance is missing",
    cosine,
    equals(cosine + S.Half - Σ(a[i] ** 2, i) / (2 * r**2), hypothesis(length_of_a)),
    equals(
        cosine + 1 - Σ(a[i] ** 2, i) / (2 * r**2) - Σ(b[i] ** 2, i) / (2 * s**2),
        hypothesis(length_of_b),
    ),
    equals(1 - between, algebra),
    at_most(1, square(between)),
    given=[length_of_a, length_of_b],
)

opposite = Σ((a[i] / r + b[i] / s) ** 2, i) / 2

at_least_minus_one = Derivation(
    "The cosine is at least minus one",
    cosine,
    equals(cosine - S.Half + Σ(a[i] ** 2, i) / (2 * r**2), hypothesis(length_of_a)),
    equals(
        cosine - 1 + Σ(a[i] ** 2, i) / (2 * r**2) + Σ(b[i] ** 2, i) / (2 * s**2),
        hypothesis(length_of_b),
    ),
    equals(opposite - 1, algebra),
    at_least(-1, square(opposite)),
    given=[length_of_a, length_of_b],
)

pairs = Σ((a[i] * b[j] - a[j] * b[i]) ** 2, i, j) / 2

lagrange = Derivation(
    "What is missing to parallel: the areas of all pairs of coordinates",
    Σ(a[i] ** 2, i) * Σ(b[i] ** 2, i) - product**2,
    equals(pairs, algebra),
)

# ---------------------------------------------------------------- the gradient

u, v, P = real("u v P")
R = positive("R")
"""One coordinate of a and of b; what the others add to the product and to |a|²."""

gradient = Derivation(
    "Slope of the cosine in one coordinate",
    d((P + u * v) / (sqrt(R + u**2) * s), u),
    equals(
        v / (sqrt(R + u**2) * s) - (P + u * v) / (sqrt(R + u**2) * s) * u / (R + u**2),
        quotient_rule,
    ),
)

sideways = Derivation(
    "The gradient is at right angles to the vector it moves",
    Σ(a[k] * (b[k] / (r * s) - product * a[k] / (r**3 * s)), k),
    equals(cosine - product * Σ(a[i] ** 2, i) / (r**3 * s), algebra),
    equals(0, hypothesis(length_of_a)),
    given=[length_of_a],
)
