"""Exclusive or: out of reach of one straight line, in reach of two rectifiers."""

from derivations.activations.relu import relu
from derivations.engine import (
    Derivation,
    Eq,
    Max,
    Rational,
    algebra,
    at_least,
    definition,
    equals,
    hypothesis,
    real,
    square,
)

x, y = real("x_1 x_2")
u, v, b = real("w_1 w_2 b")

# ---------------------------------------------------------------- one neuron cannot

# Its sums at the four inputs are b, w_1 + b, w_2 + b and w_1 + w_2 + b.
three_are_right = Derivation(
    "A neuron that is right on three inputs is wrong on the fourth",
    u + v + b,
    at_least((u + b) + (v + b), square(-b)),
    at_least(v + b, square(u + b)),
    given=[b <= 0, u + b > 0],
)

middle = b + (u + v) / 2 - Rational(1, 2)

best_affine = Derivation(
    "No affine function has a mean squared error below one quarter",
    (b**2 + (u + b - 1) ** 2 + (v + b - 1) ** 2 + (u + v + b) ** 2) / 4,
    equals(middle**2 + u**2 / 4 + v**2 / 4 + Rational(1, 4), algebra),
    at_least(Rational(1, 4), square(middle**2 + u**2 / 4 + v**2 / 4)),
)

# ----------------------------------------------------------------- two layers can

s = real("s")
tent = relu(s) - 2 * relu(s - 1)

flat = Derivation(
    "Below zero the network is silent",
    tent,
    equals(Max(0, s) - 2 * Max(0, s - 1), definition(relu)),
    equals(0, algebra),
    given=[s <= 0],
)

up = Derivation(
    "Up to one the network returns the sum",
    tent,
    equals(Max(0, s) - 2 * Max(0, s - 1), definition(relu)),
    equals(s, algebra),
    given=[s >= 0, s <= 1],
)

down = Derivation(
    "From one on the network falls as it rose",
    tent,
    equals(Max(0, s) - 2 * Max(0, s - 1), definition(relu)),
    equals(2 - s, algebra),
    given=[s >= 1],
)

bits = Eq(x**2, x), Eq(y**2, y)

product = Derivation(
    "On bits exclusive or is a polynomial of degree two",
    (x - y) ** 2,
    equals(x**2 - 2 * x * y + y**2, algebra),
    equals(x - 2 * x * y + y**2, hypothesis(bits[0])),
    equals(x + y - 2 * x * y, hypothesis(bits[1])),
    given=bits,
)
