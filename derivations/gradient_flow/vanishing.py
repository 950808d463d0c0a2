"""Vanishing gradients: the chain rule along a chain of neurons, and its bound."""

from sympy import Expr

from derivations.activations.sigmoid import σ
from derivations.engine import (
    Π,
    Abs,
    Derivation,
    Rational,
    algebra,
    array,
    at_most,
    chain_rule,
    d,
    definition,
    equals,
    exp,
    index,
    induction,
    log,
    logarithms,
    real,
    square,
    termwise,
    theorem,
    time,
    unknown,
)

x, w, b = real("x w b")
a = unknown("a")
z_1 = w * a(x) + b

# One more neuron behind a chain a(x): the derivative gains the factor w σ'(z).
one_more_neuron = Derivation(
    "One more neuron multiplies the gradient by its weight and its slope",
    d(σ(z_1), x),
    equals(d(1 / (1 + exp(-z_1)), x), definition(σ)),
    equals(exp(-z_1) / (1 + exp(-z_1)) ** 2 * w * d(a(x), x), chain_rule),
    equals(σ(z_1) * (1 - σ(z_1)) * w * d(a(x), x), definition(σ)),
)

# The gradient after t neurons, D[t]: one at the start, one factor more a neuron.
t = time("t")
D, W, z = array("D w z")
i = index("i", 1, t)


def slope(u: Expr) -> Expr:
    """Write the slope of the sigmoid through its value."""
    return σ(u) * (1 - σ(u))


recursion = {D: (1, t, W[t + 1] * slope(z[t + 1]) * D[t])}

chain_gradient = Derivation(
    "The gradient of a chain is a product over its neurons",
    D[t],
    equals(Π(W[i] * slope(z[i]), i), induction(t)),
    sequences=recursion,
)

bound = Derivation(
    "A sigmoid chain passes on at most a quarter of each weight",
    Abs(D[t]),
    equals(Abs(Π(W[i] * slope(z[i]), i)), theorem(chain_gradient)),
    equals(Π(Abs(W[i]) * slope(z[i]), i), algebra),
    at_most(
        Π(Abs(W[i]) / 4, i),
        termwise(Abs(W[i]) * (σ(z[i]) - Rational(1, 2)) ** 2),
    ),
    equals(Rational(1, 4) ** t * Π(Abs(W[i]), i), algebra),
    sequences=recursion,
)

# ------------------------------------------------------------------------- saturation

log_slope = Derivation(
    "The logarithm of the slope, without a large exponential",
    log(slope(x)),
    equals(log(1 / (1 + exp(-x)) * (1 - 1 / (1 + exp(-x)))), definition(σ)),
    equals(log(exp(-x) / (1 + exp(-x)) ** 2), algebra),
    equals(-x - 2 * log(1 + exp(-x)), logarithms),
)

saturation = Derivation(
    "Far to the right the slope of the sigmoid falls like an exponential",
    slope(x),
    equals(exp(-x) / (1 + exp(-x)) ** 2, definition(σ)),
    at_most(
        exp(-x),
        square(exp(-x) * (2 * exp(-x) + exp(-2 * x)) / (1 + exp(-x)) ** 2),
    ),
)
