"""Back through one neuron: its weights, its bias and its inputs; and a rectifier."""

from derivations.activations.binary_step import H, gate
from derivations.activations.binary_step import x as argument
from derivations.engine import (
    Σ,
    Derivation,
    KroneckerDelta,
    Max,
    Ne,
    algebra,
    array,
    chain_rule,
    d,
    definition,
    equals,
    function,
    index,
    kronecker,
    positive,
    real,
    size,
    theorem,
    unknown,
)

n = size("n")
j, l = index("j l", 1, n)
x, w = array("x w")
b = real("b")
f = unknown("f")
score = Σ(w[j] * x[j], j) + b

slope = d(f(score), b)
"""The slope of the activation at the score: the bias enters it as it is."""

weights = Derivation(
    "A weight acts through its input",
    d(f(score), w[l]),
    equals(slope * Σ(x[j] * KroneckerDelta(j, l), j), chain_rule),
    equals(slope * x[l], kronecker),
)

inputs = Derivation(
    "An input acts through its weight",
    d(f(score), x[l]),
    equals(slope * Σ(w[j] * KroneckerDelta(j, l), j), chain_rule),
    equals(slope * w[l], kronecker),
)

relu = function(r"\operatorname{relu}", lambda u: Max(0, u))
s = positive("s")

homogeneous = Derivation(
    "A rectified neuron grows in proportion to its parameters",
    relu(Σ(s * w[j] * x[j], j) + s * b),
    equals(Max(0, Σ(s * w[j] * x[j], j) + s * b), definition(relu)),
    equals(s * Max(0, Σ(w[j] * x[j], j) + b), algebra),
    equals(s * relu(Σ(w[j] * x[j], j) + b), definition(relu)),
)

on = H(score)
"""The slope of the rectifier: 1 above zero, 0 below."""

output_back = Derivation(
    "Parameters of a rectified neuron times their gradients give its output",
    Σ(w[l] * (on * x[l]), l) + b * on,
    equals(score * on, algebra),
    equals(relu(score), theorem(gate, at={argument: score})),
    given=[Ne(score, 0)],
)
