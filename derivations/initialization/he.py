"""He initialization: half of the mean square survives a ReLU."""

from derivations.engine import (
    Σ,
    Derivation,
    E,
    Eq,
    Integral,
    Moments,
    Var,
    algebra,
    antiderivative,
    definition,
    equals,
    erf,
    exp,
    hypothesis,
    independence,
    index,
    oo,
    pi,
    positive,
    randoms,
    real,
    size,
    sqrt,
    theorem,
)

u, c = real("u c")
s = positive("s")
density = exp(-(u**2) / (2 * s**2)) / (sqrt(2 * pi) * s)
primitive = s**2 * erf(u / (sqrt(2) * s)) / 2 - s**2 * u * density

half_the_mean_square = Derivation(
    "The mean square of a rectified Gaussian",
    Integral(u**2 * density, (u, 0, oo)),
    equals(s**2 / 2, antiderivative(primitive)),
)

other_half = Derivation(
    "The other half of the mean square",
    Integral(u**2 * density, (u, -oo, 0)),
    equals(s**2 / 2, antiderivative(primitive)),
)

leaky = Derivation(
    "The mean square of a Gaussian through a leaky ReLU",
    Integral(u**2 * density, (u, 0, oo)) + c**2 * Integral(u**2 * density, (u, -oo, 0)),
    equals(
        s**2 / 2 + c**2 * Integral(u**2 * density, (u, -oo, 0)),
        theorem(half_the_mean_square),
    ),
    equals(s**2 / 2 + c**2 * s**2 / 2, theorem(other_half)),
    equals((1 + c**2) * s**2 / 2, algebra),
)

# n rectified numbers of mean square (1 + c^2) s^2 / 2 enter the next layer.
n = size("n")
i = index("i", 1, n)
v = positive("v")
μ = real("mu")
W = randoms("W", Moments(0, v))
h = randoms("h", Moments(s / sqrt(2 * pi), s**2 / 2))
he = Eq(v, 2 / n)

variance = Derivation(
    "He initialization keeps the mean square",
    Var(Σ(W[i] * h[i], i)),
    equals(E(Σ(W[i] * h[i], i) ** 2) - E(Σ(W[i] * h[i], i)) ** 2, definition(Var)),
    equals(n * v * s**2 / 2, independence),
    equals(s**2, hypothesis(he)),
    given=[he],
)

leaky_he = Eq(v, 2 / ((1 + c**2) * n))

leaky_variance = Derivation(
    "He initialization for a leaky ReLU",
    n * v * ((1 + c**2) * s**2 / 2),
    equals(s**2, hypothesis(leaky_he)),
    given=[leaky_he],
)
