"""Softplus: its slope is the sigmoid, and it never strays far from the rectifier."""

from derivations.activations.sigmoid import derivative as sigmoid_slope
from derivations.activations.sigmoid import σ
from derivations.engine import (
    Derivation,
    algebra,
    at_least,
    at_most,
    chain_rule,
    d,
    definition,
    equals,
    exp,
    function,
    log,
    logarithms,
    probability,
    real,
    square,
    theorem,
)

x = real("x")
q = probability("q")
softplus = function(r"\operatorname{softplus}", lambda u: log(1 + exp(u)))

# ---------------------------------------------------------------- the slope

derivative = Derivation(
    "Derivative of softplus",
    d(softplus(x), x),
    equals(d(log(1 + exp(x)), x), definition(softplus)),
    equals(exp(x) / (1 + exp(x)), chain_rule),
    equals(1 / (1 + exp(-x)), algebra),
    equals(σ(x), definition(σ)),
)

convex = Derivation(
    "The slope of softplus never falls",
    d(σ(x), x),
    equals(σ(x) * (1 - σ(x)), theorem(sigmoid_slope)),
    at_least(0, square(σ(x) * (1 - σ(x)))),
)

# ---------------------------------------------------------------- around the rectifier

stable = Derivation(
    "Softplus without a large exponential above zero",
    softplus(x),
    equals(log(1 + exp(x)), definition(softplus)),
    equals(log(exp(x) * (1 + exp(-x))), algebra),
    equals(x + log(1 + exp(-x)), logarithms),
)

difference = Derivation(
    "Softplus on both sides of zero differs by the argument",
    softplus(x) - softplus(-x),
    equals(log(1 + exp(x)) - log(1 + exp(-x)), definition(softplus)),
    equals(log(exp(x) * (1 + exp(-x))) - log(1 + exp(-x)), algebra),
    equals(x, logarithms),
)

above_zero = Derivation(
    "Softplus is at least zero",
    softplus(x),
    equals(log(1 + exp(x)), definition(softplus)),
    at_least(0, square(log(1 + exp(x)))),
)

above_identity = Derivation(
    "Softplus is at least its argument",
    softplus(x),
    equals(x + log(1 + exp(-x)), theorem(stable)),
    at_least(x, square(log(1 + exp(-x)))),
)

gap = Derivation(
    "Below zero, softplus is at most log 2",
    softplus(log(q)),
    equals(log(1 + q), definition(softplus)),
    at_most(log(2), square(log(2 / (1 + q)))),
)

# ---------------------------------------------------------------- the log-likelihood

minus_log_sigmoid = Derivation(
    "The loss of a sigmoid is a softplus",
    -log(σ(x)),
    equals(-log(1 / (1 + exp(-x))), definition(σ)),
    equals(log(1 + exp(-x)), logarithms),
    equals(softplus(-x), definition(softplus)),
)
