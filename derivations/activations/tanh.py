"""The hyperbolic tangent: a sigmoid stretched, its slope, and where it is steeper."""

from derivations.activations.sigmoid import σ
from derivations.engine import (
    Derivation,
    algebra,
    at_least,
    at_most,
    d,
    definition,
    equals,
    exp,
    positive,
    quotient_rule,
    real,
    sqrt,
    square,
    tanh,
)

x, y, t = real("x y t")
c = positive("c")

# ---------------------------------------------------------------- a sigmoid, stretched

two_sigmoids = Derivation(
    "The hyperbolic tangent is a sigmoid, stretched and shifted",
    tanh(x),
    equals((exp(x) - exp(-x)) / (exp(x) + exp(-x)), definition(tanh)),
    equals(2 / (1 + exp(-2 * x)) - 1, algebra),
    equals(2 * σ(2 * x) - 1, definition(σ)),
)

rescaled_sigmoid = Derivation(
    "A sigmoid rescaled to the range of tanh is tanh of half the argument",
    2 * σ(x) - 1,
    equals(2 / (1 + exp(-x)) - 1, definition(σ)),
    equals((exp(x / 2) - exp(-x / 2)) / (exp(x / 2) + exp(-x / 2)), algebra),
    equals(tanh(x / 2), definition(tanh)),
)

# ---------------------------------------------------------------- the slope

derivative = Derivation(
    "Derivative of the hyperbolic tangent",
    d(tanh(x), x),
    equals(d((exp(x) - exp(-x)) / (exp(x) + exp(-x)), x), definition(tanh)),
    equals(
        ((exp(x) + exp(-x)) ** 2 - (exp(x) - exp(-x)) ** 2) / (exp(x) + exp(-x)) ** 2,
        quotient_rule,
    ),
    equals(1 - ((exp(x) - exp(-x)) / (exp(x) + exp(-x))) ** 2, algebra),
    equals(1 - tanh(x) ** 2, definition(tanh)),
)

steepest_slope = Derivation(
    "The slope of the hyperbolic tangent is at most one",
    1 - tanh(x) ** 2,
    at_most(1, square(tanh(x) ** 2)),
)

stable_slope = Derivation(
    "The slope of the hyperbolic tangent without a difference",
    1 - tanh(x) ** 2,
    equals(1 - ((exp(x) - exp(-x)) / (exp(x) + exp(-x))) ** 2, definition(tanh)),
    equals(4 / (exp(x) + exp(-x)) ** 2, algebra),
    equals(4 * exp(-2 * x) / (1 + exp(-2 * x)) ** 2, algebra),
)

even_slope = Derivation(
    "The slope of the hyperbolic tangent is even",
    4 * exp(-2 * x) / (1 + exp(-2 * x)) ** 2,
    equals(4 * exp(2 * x) / (1 + exp(2 * x)) ** 2, algebra),
)

fading_slope = Derivation(
    "The slope of the hyperbolic tangent dies out like an exponential",
    4 * exp(-2 * x) / (1 + exp(-2 * x)) ** 2,
    at_most(
        4 * exp(-2 * x),
        square(4 * exp(-4 * x) * (2 + exp(-2 * x)) / (1 + exp(-2 * x)) ** 2),
    ),
)

# ---------------------------------------------------------------- the range

below_one = Derivation(
    "The hyperbolic tangent stays below one",
    tanh(x),
    equals((exp(x) - exp(-x)) / (exp(x) + exp(-x)), definition(tanh)),
    at_most(1, square(2 * exp(-x) / (exp(x) + exp(-x)))),
)

above_minus_one = Derivation(
    "The hyperbolic tangent stays above minus one",
    tanh(x),
    equals((exp(x) - exp(-x)) / (exp(x) + exp(-x)), definition(tanh)),
    at_least(-1, square(2 * exp(x) / (exp(x) + exp(-x)))),
)

a, b = (exp(x) - exp(-x)) / (exp(x) + exp(-x)), (exp(y) - exp(-y)) / (exp(y) + exp(-y))

addition = Derivation(
    "Addition formula of the hyperbolic tangent",
    (tanh(x) + tanh(y)) / (1 + tanh(x) * tanh(y)),
    equals((a + b) / (1 + a * b), definition(tanh)),
    equals((exp(x + y) - exp(-x - y)) / (exp(x + y) + exp(-x - y)), algebra),
    equals(tanh(x + y), definition(tanh)),
)

# ---------------------------------------------------------------- against the sigmoid

slope_ratio = Derivation(
    "The slope of tanh over the slope of the sigmoid, at twice t",
    (1 - tanh(2 * t) ** 2) / (σ(2 * t) * (1 - σ(2 * t))),
    equals(
        4 / (exp(2 * t) + exp(-2 * t)) ** 2 / (σ(2 * t) * (1 - σ(2 * t))),
        definition(tanh),
    ),
    equals(
        4 * (exp(t) + exp(-t)) ** 2 / (exp(2 * t) + exp(-2 * t)) ** 2,
        definition(σ),
    ),
)

crossing = Derivation(
    "Where the two slopes are equal",
    2 * c**2 - 1 - 2 * c,
    equals(2 * (c - (1 + sqrt(3)) / 2) * (c - (1 - sqrt(3)) / 2), algebra),
)
