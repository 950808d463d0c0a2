"""The leaky rectifier: one of its two slopes is fixed, learned or drawn."""

from derivations.engine import (
    Σ,
    Abs,
    Derivation,
    E,
    Integral,
    Max,
    Moments,
    Var,
    algebra,
    antiderivative,
    array,
    at_least,
    d,
    definition,
    differentiation,
    equals,
    function,
    index,
    log,
    moments,
    nonnegative,
    positive,
    randoms,
    real,
    size,
    square,
)

x, α = real("x alpha")
a, b, s = positive("a b s")
r = nonnegative("r")
leaky = function(
    r"\operatorname{leaky}", lambda u, slope: Max(0, u) - slope * Max(0, -u)
)

# ---------------------------------------------------------------- two straight pieces

above_zero = Derivation(
    "Above zero the leaky rectifier changes nothing",
    leaky(a, α),
    equals(a, definition(leaky)),
)

below_zero = Derivation(
    "Below zero the leaky rectifier multiplies by its slope",
    leaky(-a, α),
    equals(α * (-a), definition(leaky)),
)

slope_above_zero = Derivation(
    "Above zero the slope is one",
    d(leaky(a, α), a),
    equals(d(a, a), definition(leaky)),
    equals(1, differentiation),
)

rise_below_zero = Derivation(
    "Below zero the slope is the leak",
    -d(leaky(-a, α), a),
    equals(-d(-α * a, a), definition(leaky)),
    equals(α, differentiation),
)

absolute_value = Derivation(
    "The leaky rectifier through the absolute value",
    leaky(x, α),
    equals(Max(0, x) - α * Max(0, -x), definition(leaky)),
    equals((1 + α) / 2 * x + (1 - α) / 2 * Abs(x), algebra),
)

homogeneous = Derivation(
    "A positive factor passes through the leaky rectifier",
    leaky(a * x, α),
    equals(Max(0, a * x) - α * Max(0, -a * x), definition(leaky)),
    equals(a * (Max(0, x) - α * Max(0, -x)), algebra),
    equals(a * leaky(x, α), definition(leaky)),
)

two_slopes = Derivation(
    "Two slopes are one slope and a factor",
    a * Max(0, x) - α * Max(0, -x),
    equals(a * (Max(0, x) - α / a * Max(0, -x)), algebra),
    equals(a * leaky(x, α / a), definition(leaky)),
)

larger_of_both = Derivation(
    "With a slope of at most one it is the larger of both lines",
    leaky(x, α),
    equals(Max(0, x) - α * Max(0, -x), definition(leaky)),
    equals(Max(x, α * x), algebra),
    given=[α <= 1],
)

# ---------------------------------------------------------------- range

undone_above = Derivation(
    "A leaky rectifier of slope 1/s undoes one of slope s, above zero",
    leaky(leaky(a, s), 1 / s),
    equals(leaky(a, 1 / s), definition(leaky)),
    equals(a, definition(leaky)),
)

undone_below = Derivation(
    "A leaky rectifier of slope 1/s undoes one of slope s, below zero",
    leaky(leaky(-a, s), 1 / s),
    equals(leaky(-s * a, 1 / s), definition(leaky)),
    equals(-a, definition(leaky)),
)

never_negative = Derivation(
    "With a slope of zero or less, no output is negative",
    leaky(x, -r),
    equals(Max(0, x) + r * Max(0, -x), definition(leaky)),
    at_least(0, square(Max(0, x) + r * Max(0, -x))),
)

# ---------------------------------------------------------------- a learned slope

n = size("n")
i = index("i", 1, n)
X, g = array("x g")

by_its_slope = Derivation(
    "What a small change of the slope changes",
    d(leaky(x, α), α),
    equals(d(Max(0, x) - α * Max(0, -x), α), definition(leaky)),
    equals(-Max(0, -x), differentiation),
)

slope_gradient = Derivation(
    "The gradient of a slope that many entries share",
    d(Σ(g[i] * leaky(X[i], α), i), α),
    equals(
        d(Σ(g[i] * (Max(0, X[i]) - α * Max(0, -X[i])), i), α),
        definition(leaky),
    ),
    equals(-Σ(g[i] * Max(0, -X[i]), i), differentiation),
)

# ---------------------------------------------------------------- a random slope

l, w, u = positive("l w u")

mean_slope = Derivation(
    "The mean of a slope drawn evenly from an interval of width w",
    Integral(u / w, (u, l, l + w)),
    equals(l + w / 2, antiderivative(u**2 / (2 * w))),
)

slope_variance = Derivation(
    "Its variance",
    Integral((u - l - w / 2) ** 2 / w, (u, l, l + w)),
    equals(w**2 / 12, antiderivative((u - l - w / 2) ** 3 / (3 * w))),
)

m = real("m")
v = positive("v")
S = randoms("S", Moments(m, m**2 + v))

drawn = Max(0, x) - S[1] * Max(0, -x)

random_mean = Derivation(
    "On average a random slope acts as its mean",
    E(drawn),
    equals(Max(0, x) - m * Max(0, -x), moments),
    equals(leaky(x, m), definition(leaky)),
)

random_variance = Derivation(
    "The noise of a random slope grows with the distance below zero",
    Var(drawn),
    equals(E(drawn**2) - E(drawn) ** 2, definition(Var)),
    equals(v * Max(0, -x) ** 2, moments),
)

mean_of_a_quotient = Derivation(
    "The mean of one over a divisor drawn evenly from an interval",
    Integral(1 / (u * w), (u, l, l + w)),
    equals((log(l + w) - log(l)) / w, antiderivative(log(u) / w)),
)
