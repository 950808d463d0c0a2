"""The square-root-of-the-mean network: its gradient, and the one that was printed."""

from derivations.activations.sigmoid import derivative as sigmoid_derivative
from derivations.activations.sigmoid import σ
from derivations.engine import (
    Σ,
    Derivation,
    E,
    Eq,
    Moments,
    array,
    at_least,
    at_most,
    chain_rule,
    d,
    differentiation,
    each,
    equals,
    hypothesis,
    index,
    linearity,
    log,
    moments,
    positive,
    probability,
    randoms,
    real,
    size,
    sqrt,
    square,
    theorem,
    unknown,
)

n, H = size("d h")
i, k = index("i k", 1, n)
j, l = index("j l", 1, H)
w, x, v, c = array("w x v c")
W = array("W")
b, y = real("b y")

summed = Σ(w[i] * x[i], i) + b
prediction = σ(summed)

# ---------------------------------------------------------------- one neuron

gradient = Derivation(
    "Gradient of one sample's squared error in a weight",
    d((y - prediction) ** 2, w[k]),
    equals(
        -2 * (y - prediction) * (prediction * (1 - prediction)) * x[k],
        theorem(sigmoid_derivative),
    ),
)

bias_gradient = Derivation(
    "Gradient of one sample's squared error in the bias",
    d((y - prediction) ** 2, b),
    equals(
        -2 * (y - prediction) * (prediction * (1 - prediction)),
        theorem(sigmoid_derivative),
    ),
)

# ---------------------------------------------------------------- the printed gradient

z, a, g, G = real("z a g G")
printed_slope = Eq(g, -σ(z) * (1 - σ(z)) * a)
"""What the published slope function returns: the slope with its sign flipped."""
true_gradient = Eq(G, -2 * (y - σ(z)) * σ(z) * (1 - σ(z)) * a)
"""The gradient for an input a, as just derived."""

printed = Derivation(
    "Two flipped signs: the published function returns minus half the gradient",
    -(y - σ(z)) * g,
    equals((y - σ(z)) * σ(z) * (1 - σ(z)) * a, hypothesis(printed_slope)),
    equals(-G / 2, hypothesis(true_gradient)),
    given=[printed_slope, true_gradient],
)

# ---------------------------------------------------------------- a hidden layer

hidden = σ(Σ(W[i, j] * x[i], i) + c[j])
output = σ(Σ(v[j] * hidden, j) + b)

hidden_gradient = Derivation(
    "Gradient of one sample's squared error in a weight of the hidden layer",
    d((y - output) ** 2, W[k, l]),
    equals(
        -2 * (y - output) * d(output, W[k, l]),
        chain_rule,
    ),
    equals(
        -2
        * (y - output)
        * (output * (1 - output))
        * v[l]
        * σ(Σ(W[i, l] * x[i], i) + c[l])
        * (1 - σ(Σ(W[i, l] * x[i], i) + c[l]))
        * x[k],
        theorem(sigmoid_derivative),
    ),
)

score = unknown("z")
θ, weight, rest = real(r"\theta v c")
inner = σ(score(θ))
outer = σ(weight * inner + rest)
"""The rest is what the other hidden neurons and the bias add to the output's sum."""

through_two_sigmoids = Derivation(
    "A parameter of one hidden neuron feels two slopes",
    d((y - outer) ** 2, θ),
    equals(-2 * (y - outer) * d(outer, θ), chain_rule),
    equals(
        -2
        * ((y - outer) * outer * (1 - outer))
        * weight
        * (inner * (1 - inner))
        * d(score(θ), θ),
        theorem(sigmoid_derivative),
    ),
)

# ---------------------------------------------------------------- targets

u = array("u", nonnegative=True)
features_below_one = each(i, u[i] <= 1)

targets_fit = Derivation(
    "The mean of features between zero and one is at most one",
    Σ(u[i], i) / n,
    at_most(1, square(Σ(1 - u[i], i) / n)),
    given=[features_below_one],
)

q = probability("x")

needed_score = Derivation(
    "The score that one feature needs is no straight line",
    d(log(sqrt(q) / (1 - sqrt(q))), q),
    equals(1 / (2 * q * (1 - sqrt(q))), differentiation),
    given=[sqrt(q) < 1],
)

μ = real(r"\mu")
s = positive("s")
Y = randoms("Y", Moments(μ, μ**2 + s))

mispaired = Derivation(
    "Against targets of other samples no prediction beats their mean",
    E((Y[1] - a) ** 2),
    equals(E(Y[1] ** 2) - 2 * a * E(Y[1]) + a**2, linearity),
    equals(s + (a - μ) ** 2, moments),
    at_least(s, square((a - μ) ** 2)),
)
