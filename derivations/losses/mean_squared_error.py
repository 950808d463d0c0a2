"""Mean squared error: its gradients, where it comes from, and what minimizes it."""

from derivations.activations.sigmoid import derivative as sigmoid_derivative
from derivations.activations.sigmoid import σ
from derivations.engine import (
    Π,
    Σ,
    Abs,
    Derivation,
    E,
    Eq,
    KroneckerDelta,
    MatrixSymbol,
    Moments,
    Var,
    algebra,
    array,
    at_least,
    at_most,
    chain_rule,
    d,
    definition,
    differentiation,
    each,
    equals,
    exp,
    hypothesis,
    independence,
    index,
    kronecker,
    linearity,
    log,
    logarithms,
    pi,
    positive,
    power_rule,
    probability,
    product_rule,
    randoms,
    real,
    size,
    sqrt,
    square,
    theorem,
    unknown,
)

n, D = size("n D")
i, k, m = index("i k m", 1, n)
j, l = index("j l", 1, D)
p, q, y, w, v = array(r"\hat{y} \hat{u} y w v")
X = array("X")
b, c, θ = real(r"b c \theta")
s, h = positive("s h")
λ = probability(r"\lambda")

mse = Σ((p[i] - y[i]) ** 2, i) / n

# ---------------------------------------------------------------- the gradient

gradient = Derivation(
    "Gradient of the mean squared error",
    d(mse, p[k]),
    equals(Σ(2 * (p[i] - y[i]) * KroneckerDelta(i, k), i) / n, chain_rule),
    equals(2 * (p[k] - y[k]) / n, kronecker),
)

# ---------------------------------------------------------------- through a model

linear = Σ(X[i, j] * w[j], j)

linear_gradient = Derivation(
    "Gradient of the mean squared error of a linear model",
    d(Σ((linear - y[i]) ** 2, i) / n, w[l]),
    equals(
        Σ(2 * (linear - y[i]) * Σ(X[i, j] * KroneckerDelta(j, l), j), i) / n,
        chain_rule,
    ),
    equals(2 * Σ((linear - y[i]) * X[i, l], i) / n, kronecker),
)

K = size("K")
row, first = index("i r", 0, n - 1)
column = index("j", 0, D - 1)
feature = index("l", 0, D - 1)
output, other = index("o k", 0, K - 1)
Xm, Wm, Ym = MatrixSymbol("X", n, D), MatrixSymbol("W", D, K), MatrixSymbol("Y", n, K)
fitted = Σ(Xm[row, column] * Wm[column, other], column)

linear_gradient_matrix = Derivation(
    "The same gradient as a product of matrices",
    d(Σ((fitted - Ym[row, other]) ** 2, row, other) / n, Wm[feature, output]),
    equals(
        2
        * Σ(
            (Σ(Xm[row, column] * Wm[column, output], column) - Ym[row, output])
            * Xm[row, feature],
            row,
        )
        / n,
        chain_rule,
    ),
    equals((2 * Xm.T * (Xm * Wm - Ym) / n)[feature, output], algebra),
)

e = array("e")
moved = e[i] + Σ(X[i, j] * v[j], j)
"""The miss of a sample, once the weights have moved by v."""
orthogonal = each(l, Eq(Σ(e[i] * X[i, l], i), 0))
"""The gradient is zero: no column of X could explain any more of the misses."""

least_squares = Derivation(
    "Where the gradient is zero, no other weights do better",
    Σ(moved**2, i) / n,
    equals(
        Σ(e[i] ** 2, i) / n
        + 2 * Σ(v[l] * Σ(e[i] * X[i, l], i), l) / n
        + Σ(Σ(X[i, j] * v[j], j) ** 2, i) / n,
        algebra,
    ),
    equals(
        Σ(e[i] ** 2, i) / n + Σ(Σ(X[i, j] * v[j], j) ** 2, i) / n,
        hypothesis(orthogonal),
    ),
    at_least(Σ(e[i] ** 2, i) / n, square(Σ(Σ(X[i, j] * v[j], j) ** 2, i) / n)),
    given=[orthogonal],
)

z = unknown("z")
goal = real("y")

neuron_slope = Derivation(
    "Any parameter of a sigmoid neuron feels its miss times its slope",
    d((goal - σ(z(θ))) ** 2, θ),
    equals(-2 * (goal - σ(z(θ))) * d(σ(z(θ)), θ), chain_rule),
    equals(
        -2 * (goal - σ(z(θ))) * σ(z(θ)) * (1 - σ(z(θ))) * d(z(θ), θ),
        theorem(sigmoid_derivative),
    ),
)

summed = Σ(w[j] * X[i, j], j) + b
neuron = σ(summed)

sigmoid_neuron_gradient = Derivation(
    "Gradient of the mean squared error of a sigmoid neuron",
    d(Σ((y[i] - neuron) ** 2, i) / n, w[l]),
    equals(
        -2 * Σ((y[i] - neuron) * neuron * (1 - neuron) * X[i, l], i) / n,
        theorem(sigmoid_derivative),
    ),
)

u = real("w")

one_weight_slope = Derivation(
    "Slope of the squared error of one sigmoid with target zero",
    d(σ(u) ** 2, u),
    equals(2 * σ(u) * d(σ(u), u), power_rule),
    equals(2 * σ(u) ** 2 * (1 - σ(u)), theorem(sigmoid_derivative)),
)

one_weight_curvature = Derivation(
    "The squared error of a sigmoid neuron is not convex",
    d(2 * σ(u) ** 2 * (1 - σ(u)), u),
    equals((4 * σ(u) - 6 * σ(u) ** 2) * d(σ(u), u), product_rule),
    equals(2 * σ(u) ** 2 * (1 - σ(u)) * (2 - 3 * σ(u)), theorem(sigmoid_derivative)),
)

# ---------------------------------------------------------------- convexity

convex = Derivation(
    "The mean squared error is convex in the predictions",
    Σ((λ * p[i] + (1 - λ) * q[i] - y[i]) ** 2, i) / n,
    at_most(
        λ * Σ((p[i] - y[i]) ** 2, i) / n + (1 - λ) * Σ((q[i] - y[i]) ** 2, i) / n,
        square(λ * (1 - λ) * Σ((p[i] - q[i]) ** 2, i) / n),
    ),
)

# ---------------------------------------------------------------- where it comes from

gaussian = Derivation(
    "The negative log-likelihood of Gaussian errors",
    -log(Π(exp(-((p[i] - y[i]) ** 2) / (2 * s**2)) / (sqrt(2 * pi) * s), i)),
    equals(
        -Σ(log(exp(-((p[i] - y[i]) ** 2) / (2 * s**2)) / (sqrt(2 * pi) * s)), i),
        logarithms,
    ),
    equals(n * log(sqrt(2 * pi) * s) + n / (2 * s**2) * mse, logarithms),
)

gaussian_gradient = Derivation(
    "Gaussian likelihood and mean squared error have proportional gradients",
    d(n * log(sqrt(2 * pi) * s) + n / (2 * s**2) * mse, p[k]),
    equals(n / (2 * s**2) * d(mse, p[k]), differentiation),
    equals(Σ((p[i] - y[i]) * KroneckerDelta(i, k), i) / s**2, chain_rule),
    equals((p[k] - y[k]) / s**2, kronecker),
)

M = positive("M")

gaussian_variance = Derivation(
    "The likeliest variance of the errors is the mean squared error",
    d(n * log(sqrt(2 * pi) * s) + n / (2 * s**2) * M, s),
    equals(n / s - n * M / s**3, chain_rule),
    equals(n * (s**2 - M) / s**3, algebra),
)

laplace = Derivation(
    "The negative log-likelihood of Laplace errors",
    -log(Π(exp(-Abs(p[i] - y[i]) / h) / (2 * h), i)),
    equals(-Σ(log(exp(-Abs(p[i] - y[i]) / h) / (2 * h)), i), logarithms),
    equals(n * log(2 * h) + Σ(Abs(p[i] - y[i]), i) / h, logarithms),
)

# ---------------------------------------------------------------- what minimizes it

mean = Σ(y[m], m) / n

best_constant = Derivation(
    "Of all constants the mean has the least squared error",
    Σ((c - y[i]) ** 2, i) / n,
    equals(Σ((mean - y[i]) ** 2, i) / n + (c - mean) ** 2, algebra),
    at_least(Σ((mean - y[i]) ** 2, i) / n, square((c - mean) ** 2)),
)

μ, f = real(r"\mu f")
r, t = positive("r t")
T = randoms(r"\hat{f}", Moments(μ, μ**2 + t))
ε = randoms(r"\varepsilon", Moments(0, r))

bias_variance = Derivation(
    "Expected squared error is squared bias plus variance",
    E((T[1] - θ) ** 2),
    equals(E(T[1] ** 2) - 2 * θ * E(T[1]) + θ**2, linearity),
    equals((E(T[1]) - θ) ** 2 + E(T[1] ** 2) - E(T[1]) ** 2, algebra),
    equals((E(T[1]) - θ) ** 2 + Var(T[1]), definition(Var)),
)

bias_variance_noise = Derivation(
    "With noisy targets the noise is added and cannot be removed",
    E((T[1] - (f + ε[1])) ** 2),
    equals(
        E(T[1] ** 2)
        - 2 * f * E(T[1])
        - 2 * E(T[1] * ε[1])
        + 2 * f * E(ε[1])
        + E(ε[1] ** 2)
        + f**2,
        linearity,
    ),
    equals((μ - f) ** 2 + t + r, independence),
)
