"""The logistic sigmoid: its slope, its symmetry, its inverse, and the stable forms."""

from derivations.engine import (
    Derivation,
    Rational,
    algebra,
    at_most,
    convexity,
    d,
    definition,
    equals,
    exp,
    function,
    log,
    logarithms,
    nonnegative,
    positive,
    probability,
    product_rule,
    quotient_rule,
    real,
    square,
    theorem,
)

x, y = real("x y")
h = nonnegative("h")
p = probability("p")
σ = function(r"\sigma", lambda u: 1 / (1 + exp(-u)))

# ---------------------------------------------------------------- the slope

derivative = Derivation(
    "Derivative of the sigmoid",
    d(σ(x), x),
    equals(d(1 / (1 + exp(-x)), x), definition(σ)),
    equals(exp(-x) / (1 + exp(-x)) ** 2, quotient_rule),
    equals(1 / (1 + exp(-x)) * (1 - 1 / (1 + exp(-x))), algebra),
    equals(σ(x) * (1 - σ(x)), definition(σ)),
)

second_derivative = Derivation(
    "Second derivative of the sigmoid",
    d(σ(x) * (1 - σ(x)), x),
    equals((1 - 2 * σ(x)) * d(σ(x), x), product_rule),
    equals((1 - 2 * σ(x)) * σ(x) * (1 - σ(x)), theorem(derivative)),
)

steepest_slope = Derivation(
    "The slope of the sigmoid is at most one quarter",
    d(σ(x), x),
    equals(σ(x) * (1 - σ(x)), theorem(derivative)),
    at_most(Rational(1, 4), square((σ(x) - Rational(1, 2)) ** 2)),
)

# ---------------------------------------------------------------- range and symmetry

below_one = Derivation(
    "The sigmoid stays below one",
    σ(x),
    at_most(1, square(exp(-x) / (1 + exp(-x)))),
)

symmetry = Derivation(
    "The sigmoid is symmetric about one half",
    σ(-x),
    equals(1 / (1 + exp(x)), definition(σ)),
    equals(1 - 1 / (1 + exp(-x)), algebra),
    equals(1 - σ(x), definition(σ)),
)

even_slope = Derivation(
    "The slope of the sigmoid is even",
    σ(-x) * (1 - σ(-x)),
    equals(σ(x) * (1 - σ(x)), theorem(symmetry)),
)

fading_slope = Derivation(
    "The slope of the sigmoid dies out like an exponential",
    σ(x) * (1 - σ(x)),
    equals(exp(-x) / (1 + exp(-x)) ** 2, definition(σ)),
    at_most(exp(-x), square(exp(-2 * x) * (2 + exp(-x)) / (1 + exp(-x)) ** 2)),
)

# ---------------------------------------------------------------- distances

q, u = exp(-h / 2), exp(-y - h / 2)

steepest_stretch = Derivation(
    "No stretch of length h rises more than the one around zero",
    σ(y + h) - σ(y),
    equals(1 / (1 + exp(-y - h)) - 1 / (1 + exp(-y)), definition(σ)),
    at_most(
        2 / (1 + q) - 1,
        square((1 - q) * q * (1 - u) ** 2 / ((1 + q) * (1 + u * q) * (q + u))),
    ),
    equals(2 * σ(h / 2) - 1, definition(σ)),
)

rise_of_a_stretch = Derivation(
    "A stretch of length h rises by at most a quarter of h",
    2 * σ(h / 2) - 1,
    equals(2 / (1 + q) - 1, definition(σ)),
    at_most(h / 4, convexity(h, 0, q * (1 - q) / (2 * (1 + q) ** 3))),
)

# ---------------------------------------------------------------- the stable forms

stable = Derivation(
    "The sigmoid without a large exponential below zero",
    σ(x),
    equals(1 / (1 + exp(-x)), definition(σ)),
    equals(exp(x) / (1 + exp(x)), algebra),
)

log_stable = Derivation(
    "The log-sigmoid without a large exponential below zero",
    log(σ(x)),
    equals(log(exp(x) / (1 + exp(x))), theorem(stable)),
    equals(x - log(1 + exp(x)), logarithms),
)

logit_stable = Derivation(
    "The logit without cancellation near one half",
    log(p / (1 - p)),
    equals(log(1 + (2 * p - 1) / (1 - p)), algebra),
)

# ---------------------------------------------------------------- the probability link

logit_inverse = Derivation(
    "The sigmoid undoes the logit",
    σ(log(p / (1 - p))),
    equals(1 / (1 + (1 - p) / p), definition(σ)),
    equals(p, algebra),
)

odds = Derivation(
    "The odds of a sigmoid are an exponential",
    σ(x) / (1 - σ(x)),
    equals(1 / (1 + exp(-x)) / (1 - 1 / (1 + exp(-x))), definition(σ)),
    equals(exp(x), algebra),
)

a, b = positive("a b")
r, s = positive("r s")

posterior = Derivation(
    "The posterior of two classes is the sigmoid of the log-odds",
    a * r / (a * r + b * s),
    equals(1 / (1 + b * s / (a * r)), algebra),
    equals(σ(log(a * r / (b * s))), definition(σ)),
)
