"""The binary step: its two levels, its slope, and the sigmoids that become it."""

from derivations.activations.relu import relu
from derivations.activations.sigmoid import σ
from derivations.engine import (
    Abs,
    Derivation,
    Integral,
    Ne,
    algebra,
    antiderivative,
    at_most,
    d,
    definition,
    differentiation,
    equals,
    exp,
    function,
    positive,
    real,
    square,
)

x, θ = real("x theta")
a, b, k, m = positive("a b k m")

# Away from zero. What the step gives at zero itself is a matter of choice.
H = function("H", lambda u: (1 + u / Abs(u)) / 2)

# ---------------------------------------------------------------- two levels

above = Derivation(
    "Above zero the step is one",
    H(a),
    equals(1, definition(H)),
)

below = Derivation(
    "Below zero the step is zero",
    H(-a),
    equals(0, definition(H)),
)

reflection = Derivation(
    "A step and its mirror image add up to one",
    H(x) + H(-x),
    equals((1 + x / Abs(x)) / 2 + (1 - x / Abs(x)) / 2, definition(H)),
    equals(1, algebra),
    given=[Ne(x, 0)],
)

no_scale = Derivation(
    "A positive factor does not change the step",
    H(b * x),
    equals((1 + x / Abs(x)) / 2, definition(H)),
    equals(H(x), definition(H)),
    given=[Ne(x, 0)],
)

# ---------------------------------------------------------------- the slope

flat = Derivation(
    "Away from zero the step has no slope",
    d(H(x), x),
    equals(d((1 + x / Abs(x)) / 2, x), definition(H)),
    equals(0, differentiation),
    given=[Ne(x, 0)],
)

gate = Derivation(
    "The rectifier is its argument times a step",
    x * H(x),
    equals(x * (1 + x / Abs(x)) / 2, definition(H)),
    equals((x + Abs(x)) / 2, algebra),
    equals(relu(x), definition(relu)),
    given=[Ne(x, 0)],
)

# ---------------------------------------------------------------- sharp sigmoids

close_above = Derivation(
    "Above zero a sharp sigmoid is close to one",
    1 - σ(k * a),
    equals(1 - 1 / (1 + exp(-k * a)), definition(σ)),
    at_most(exp(-k * a), square(exp(-2 * k * a) / (1 + exp(-k * a)))),
)

close_below = Derivation(
    "Below zero a sharp sigmoid is close to zero",
    σ(-k * a),
    equals(1 / (1 + exp(k * a)), definition(σ)),
    at_most(exp(-k * a), square(exp(-2 * k * a) / (1 + exp(-k * a)))),
)

# The integrand is the slope of the sigmoid, written out.
area = Derivation(
    "The area under the slope of the sigmoid",
    Integral(exp(-x) / (1 + exp(-x)) ** 2, (x, -m, m)),
    equals(1 / (1 + exp(-m)) - 1 / (1 + exp(m)), antiderivative(1 / (1 + exp(-x)))),
    equals(σ(m) - σ(-m), definition(σ)),
)
