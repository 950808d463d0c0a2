"""The exponential linear unit: a rectifier that levels off at -α instead of 0."""

from derivations.engine import (
    Derivation,
    Integral,
    Max,
    Rational,
    algebra,
    antiderivative,
    at_least,
    at_most,
    chain_rule,
    d,
    definition,
    differentiation,
    equals,
    erf,
    exp,
    function,
    log,
    oo,
    pi,
    positive,
    real,
    sqrt,
    square,
    theorem,
)

u = real("u")
a, α = positive("a alpha")
half = Rational(1, 2)
elu = function(
    r"\operatorname{elu}",
    lambda u, level: Max(0, u) - level * (1 - exp(-Max(0, -u))),
)

# ---------------------------------------------------------------- two pieces

above_zero = Derivation(
    "Above zero the ELU changes nothing",
    elu(a, α),
    equals(a, definition(elu)),
)

below_zero = Derivation(
    "Below zero the ELU is a shifted exponential",
    elu(-a, α),
    equals(α * (exp(-a) - 1), definition(elu)),
)

floor = Derivation(
    "The ELU never falls below its level",
    elu(-a, α),
    equals(α * (exp(-a) - 1), theorem(below_zero)),
    at_least(-α, square(α * exp(-a))),
)

undone = Derivation(
    "A logarithm undoes the ELU below zero",
    log(1 + elu(-a, α) / α),
    equals(-a, definition(elu)),
)

# ---------------------------------------------------------------- the slope

slope_above_zero = Derivation(
    "Above zero the slope is one",
    d(elu(a, α), a),
    equals(d(a, a), definition(elu)),
    equals(1, differentiation),
)

slope_below_zero = Derivation(
    "Below zero the slope fades like an exponential",
    -d(elu(-a, α), a),
    equals(-d(α * (exp(-a) - 1), a), definition(elu)),
    equals(α * exp(-a), chain_rule),
)

slope_from_output = Derivation(
    "Below zero the slope is the output plus the level",
    elu(-a, α) + α,
    equals(α * (exp(-a) - 1) + α, theorem(below_zero)),
    equals(α * exp(-a), algebra),
)

steepest_below_zero = Derivation(
    "Below zero the slope is at most the level",
    α * exp(-a),
    at_most(α, square(α * (1 - exp(-a)))),
)

# ---------------------------------------------------------------- a normal input

density = exp(-(u**2) / 2) / sqrt(2 * pi)

mean_above = Derivation(
    "What the half above zero adds to the mean",
    Integral(u * density, (u, 0, oo)),
    equals(1 / sqrt(2 * pi), antiderivative(-density)),
)

mean_below = Derivation(
    "What the half below zero adds to the mean, for level one",
    Integral((exp(u) - 1) * density, (u, -oo, 0)),
    equals(
        exp(half) * (1 - erf(1 / sqrt(2))) / 2 - half,
        antiderivative(
            exp(half) * erf((u - 1) / sqrt(2)) / 2 - erf(u / sqrt(2)) / 2,
        ),
    ),
)

square_below = Derivation(
    "What the half below zero adds to the mean square, for level one",
    Integral((exp(u) - 1) ** 2 * density, (u, -oo, 0)),
    equals(
        exp(2) * (1 - erf(sqrt(2))) / 2 - exp(half) * (1 - erf(1 / sqrt(2))) + half,
        antiderivative(
            exp(2) * erf((u - 2) / sqrt(2)) / 2
            - exp(half) * erf((u - 1) / sqrt(2))
            + erf(u / sqrt(2)) / 2,
        ),
    ),
)
