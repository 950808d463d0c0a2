"""SiLU, also called swish: a number times its own sigmoid."""

from derivations.activations.sigmoid import derivative as sigmoid_slope
from derivations.activations.sigmoid import symmetry, σ
from derivations.engine import (
    Derivation,
    Eq,
    Rational,
    algebra,
    at_least,
    convexity,
    d,
    definition,
    equals,
    exp,
    function,
    hypothesis,
    log,
    positive,
    product_rule,
    real,
    square,
    theorem,
)

x, u = real("x u")
s, t, y = positive(r"s \tau y")
turning = Eq(s * t, 2)
"""What makes the second derivative 0: τ is the tanh of half of s."""
least = Eq(log(y), -1 - y)
"""What makes the slope 0 at the logarithm of y; y is 0.27846."""
silu = function(r"\operatorname{silu}", lambda u: u * σ(u))

# ---------------------------------------------------------------- the slope

derivative = Derivation(
    "Derivative of SiLU",
    d(silu(x), x),
    equals(d(x * σ(x), x), definition(silu)),
    equals(σ(x) + x * d(σ(x), x), product_rule),
    equals(σ(x) + x * σ(x) * (1 - σ(x)), theorem(sigmoid_slope)),
)

from_output = Derivation(
    "The slope in terms of the output",
    σ(x) + x * σ(x) * (1 - σ(x)),
    equals(x * σ(x) + σ(x) * (1 - x * σ(x)), algebra),
    equals(silu(x) + σ(x) * (1 - silu(x)), definition(silu)),
)

second_derivative = Derivation(
    "Second derivative of SiLU",
    d(σ(x) + x * σ(x) * (1 - σ(x)), x),
    equals(
        d(σ(x), x) + σ(x) * (1 - σ(x)) + x * (1 - 2 * σ(x)) * d(σ(x), x), product_rule
    ),
    equals((2 + x * (1 - 2 * σ(x))) * σ(x) * (1 - σ(x)), theorem(sigmoid_slope)),
)

steepest = Derivation(
    "The steepest slope, where x tanh(x/2) = 2",
    Rational(1, 2) + t / 2 + s * (1 - t**2) / 4,
    equals(Rational(1, 2) + t / 2 + s / 4 - s * t * t / 4, algebra),
    equals(Rational(1, 2) + s / 4, hypothesis(turning)),
    given=[turning],
)

# ---------------------------------------------------------------- both sides

difference = Derivation(
    "Both sides of zero differ by the argument",
    silu(x) - silu(-x),
    equals(x * σ(x) + x * σ(-x), definition(silu)),
    equals(x, theorem(symmetry)),
)

# ---------------------------------------------------------------- the least value

value = Derivation(
    "Where SiLU is smallest, its value is one more than the place",
    silu(log(y)),
    equals(log(y) * σ(log(y)), definition(silu)),
    equals(log(y) * y / (1 + y), definition(σ)),
    equals((-1 - y) * y / (1 + y), hypothesis(least)),
    equals(-y, algebra),
    given=[least],
)

tangent = Derivation(
    "A convex function lies above its lowest point",
    x + y * (1 + exp(-x)),
    at_least(log(y) + y + 1, convexity(x, log(y), y * exp(-x))),
)

above = Derivation(
    "SiLU is never below that value",
    silu(x) + y,
    equals(x * σ(x) + y, definition(silu)),
    equals(x / (1 + exp(-x)) + y, definition(σ)),
    equals((x + y * (1 + exp(-x))) / (1 + exp(-x)), algebra),
    at_least((log(y) + y + 1) / (1 + exp(-x)), theorem(tangent)),
    equals(0, hypothesis(least)),
    given=[least],
)

# ---------------------------------------------------------------- how far it dips

below_exponential = Derivation(
    "The exponential lies above its tangent",
    exp(u),
    at_least(1 + u, convexity(u, 0, exp(u))),
)

quotient = Derivation(
    "The slope as one quotient",
    σ(x) + x * σ(x) * (1 - σ(x)),
    equals(
        1 / (1 + exp(-x)) + x / (1 + exp(-x)) * (1 - 1 / (1 + exp(-x))), definition(σ)
    ),
    equals(exp(x) * (1 + x + exp(x)) / (1 + exp(x)) ** 2, algebra),
)

dip = Derivation(
    "The slope never dips below minus e to the minus two",
    exp(x) * (1 + x + exp(x)) / (1 + exp(x)) ** 2,
    at_least(
        exp(x) * (exp(x) - exp(-x - 2)) / (1 + exp(x)) ** 2,
        theorem(below_exponential, at={u: -x - 2}),
    ),
    equals((exp(2 * x) - exp(-2)) / (1 + exp(x)) ** 2, algebra),
    at_least(
        -exp(-2),
        square((exp(2 * x) + (exp(2 * x) + 2 * exp(x)) * exp(-2)) / (1 + exp(x)) ** 2),
    ),
)

slopes_add_up = Derivation(
    "The slopes at both sides of zero add up to one",
    σ(x) + x * σ(x) * (1 - σ(x)) + σ(-x) - x * σ(-x) * (1 - σ(-x)),
    equals(1, theorem(symmetry)),
)
