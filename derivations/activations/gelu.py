"""GELU: a number times the chance that a normal number lies below it."""

from derivations.activations.sigmoid import σ
from derivations.engine import (
    Bernoulli,
    Derivation,
    E,
    Eq,
    algebra,
    chain_rule,
    d,
    definition,
    equals,
    erf,
    exp,
    function,
    hypothesis,
    moments,
    pi,
    positive,
    probability,
    product_rule,
    randoms,
    real,
    size,
    sqrt,
    tanh,
    theorem,
)

x, u = real("x u")
p = probability("p")
Φ = function(r"\Phi", lambda u: (1 + erf(u / sqrt(2))) / 2)
φ = function(r"\varphi", lambda u: exp(-(u**2) / 2) / sqrt(2 * pi))
gelu = function(r"\operatorname{gelu}", lambda u: u * Φ(u))

# ---------------------------------------------------------------- where it comes from

δ = randoms(r"\delta", Bernoulli(p))

gate = Derivation(
    "The mean of a number that is let through with probability p",
    E(δ[1] * x),
    equals(p * x, moments),
)

# ---------------------------------------------------------------- the slope

density = Derivation(
    "The slope of the normal distribution function is the bell",
    d(Φ(x), x),
    equals(d((1 + erf(x / sqrt(2))) / 2, x), definition(Φ)),
    equals(exp(-(x**2) / 2) / sqrt(2 * pi), chain_rule),
    equals(φ(x), definition(φ)),
)

derivative = Derivation(
    "Derivative of GELU",
    d(gelu(x), x),
    equals(d(x * Φ(x), x), definition(gelu)),
    equals(Φ(x) + x * d(Φ(x), x), product_rule),
    equals(Φ(x) + x * φ(x), theorem(density)),
)

bell_slope = Derivation(
    "Slope of the bell",
    d(φ(x), x),
    equals(d(exp(-(x**2) / 2) / sqrt(2 * pi), x), definition(φ)),
    equals(-x * exp(-(x**2) / 2) / sqrt(2 * pi), chain_rule),
    equals(-x * φ(x), definition(φ)),
)

second_derivative = Derivation(
    "Second derivative of GELU",
    d(Φ(x) + x * φ(x), x),
    equals(d(Φ(x), x) + φ(x) + x * d(φ(x), x), product_rule),
    equals(2 * φ(x) + x * d(φ(x), x), theorem(density)),
    equals((2 - x**2) * φ(x), theorem(bell_slope)),
)

# ---------------------------------------------------------------- both sides

symmetry = Derivation(
    "The normal distribution function is symmetric about one half",
    Φ(-x),
    equals((1 - erf(x / sqrt(2))) / 2, definition(Φ)),
    equals(1 - (1 + erf(x / sqrt(2))) / 2, algebra),
    equals(1 - Φ(x), definition(Φ)),
)

difference = Derivation(
    "Both sides of zero differ by the argument",
    gelu(x) - gelu(-x),
    equals(x * Φ(x) + x * Φ(-x), definition(gelu)),
    equals(x, theorem(symmetry)),
)

# ---------------------------------------------------------------- the left tail

n = size("n")
a, t, A, B, C = positive("a t A B C")
by_parts = Eq(A, a * B + (n + 1) * C)
"""What integration by parts says of three neighboring integrals on the page."""

boundary = Derivation(
    "What is integrated by parts",
    d(t ** (n + 1) * exp(-a * t - t**2 / 2), t),
    equals(
        (n + 1) * t**n * exp(-a * t - t**2 / 2)
        - a * t ** (n + 1) * exp(-a * t - t**2 / 2)
        - t ** (n + 2) * exp(-a * t - t**2 / 2),
        product_rule,
    ),
)

level = Derivation(
    "One level of the continued fraction",
    B / A,
    equals(B / (a * B + (n + 1) * C), hypothesis(by_parts)),
    equals(1 / (a + (n + 1) * (C / B)), algebra),
    given=[by_parts],
)

# ---------------------------------------------------------------- the variant with tanh

tanh_gate = Derivation(
    "The approximation with tanh is a gate with a sigmoid",
    x * (1 + tanh(u)) / 2,
    equals(x * (1 + (exp(u) - exp(-u)) / (exp(u) + exp(-u))) / 2, definition(tanh)),
    equals(x / (1 + exp(-2 * u)), algebra),
    equals(x * σ(2 * u), definition(σ)),
)
