"""Sample derivations: true statements of the kind the book makes, all to be accepted.

The first part covers the ground chapter by chapter; the second holds general results
that a checker for fixed sizes could not state. `SAMPLES` lists them all; they share
their letters, which is why they share a file.
"""

from sympy import Expr
from sympy import binomial as binomial_coefficient

from derivations.engine import (
    Π,
    Σ,
    Abs,
    Bernoulli,
    Derivation,
    E,
    Eq,
    Integral,
    KroneckerDelta,
    MatrixSymbol,
    Moments,
    Normal,
    Rational,
    Var,
    algebra,
    antiderivative,
    array,
    at_least,
    at_most,
    binomial,
    chain_rule,
    convexity,
    d,
    definition,
    differentiation,
    enclosure,
    equals,
    erf,
    exp,
    function,
    hypothesis,
    independence,
    index,
    induction,
    kronecker,
    linearity,
    log,
    logarithms,
    moments,
    oo,
    pi,
    positive,
    probability,
    product_rule,
    quotient_rule,
    randoms,
    real,
    size,
    sqrt,
    square,
    tanh,
    termwise,
    theorem,
    time,
    unknown,
)

HALF = Rational(1, 2)
QUARTER = Rational(1, 4)

n, K, D, H, L = size("n K d H L")
i, j, m = index("i j m", 1, n)
x, u, t = real("x u t")
p = probability("p")
a, b = array("a b")
w, y, z = array("w y z")
X, W = array("X W")

# --------------------------------------------------------------------------- 1 sigmoid

σ = function(r"\sigma", lambda v: 1 / (1 + exp(-v)))

sigmoid_derivative = Derivation(
    "Derivative of the logistic sigmoid",
    d(σ(x), x),
    equals(d(1 / (1 + exp(-x)), x), definition(σ)),
    equals(exp(-x) / (1 + exp(-x)) ** 2, quotient_rule),
    equals(1 / (1 + exp(-x)) * (1 - 1 / (1 + exp(-x))), algebra),
    equals(σ(x) * (1 - σ(x)), definition(σ)),
)

sigmoid_second_derivative = Derivation(
    "Second derivative of the logistic sigmoid",
    d(σ(x) * (1 - σ(x)), x),
    equals((1 - 2 * σ(x)) * d(σ(x), x), product_rule),
    equals(σ(x) * (1 - σ(x)) * (1 - 2 * σ(x)), theorem(sigmoid_derivative)),
)

sigmoid_slope = Derivation(
    "The slope of the sigmoid is at most one quarter",
    d(σ(x), x),
    equals(σ(x) * (1 - σ(x)), theorem(sigmoid_derivative)),
    at_most(QUARTER, square((σ(x) - HALF) ** 2)),
)

sigmoid_slope_enclosed = Derivation(
    "The slope of the sigmoid, by interval arithmetic",
    σ(x) * (1 - σ(x)),
    at_most(Rational(26, 100), enclosure(x, -40, 40)),
    given=[x >= -40, x <= 40],
)

sigmoid_symmetry = Derivation(
    "Symmetry of the sigmoid",
    σ(-x),
    equals(1 / (1 + exp(x)), definition(σ)),
    equals(1 - 1 / (1 + exp(-x)), algebra),
    equals(1 - σ(x), definition(σ)),
)

tanh_is_sigmoid = Derivation(
    "The hyperbolic tangent is a sigmoid",
    tanh(x),
    equals((exp(x) - exp(-x)) / (exp(x) + exp(-x)), definition(tanh)),
    equals((1 - exp(-2 * x)) / (1 + exp(-2 * x)), algebra),
    equals(2 / (1 + exp(-2 * x)) - 1, algebra),
    equals(2 * σ(2 * x) - 1, definition(σ)),
)

softplus_derivative = Derivation(
    "The derivative of softplus is the sigmoid",
    d(log(1 + exp(x)), x),
    equals(exp(x) / (1 + exp(x)), chain_rule),
    equals(1 / (1 + exp(-x)), algebra),
    equals(σ(x), definition(σ)),
)

logit_inverse = Derivation(
    "The sigmoid undoes the logit",
    σ(log(p / (1 - p))),
    equals(1 / (1 + (1 - p) / p), definition(σ)),
    equals(p, algebra),
)

# ---------------------------------------------------------------- 2 mean squared error

ŷ = array(r"\hat{y}")
k = index("k", 1, n)

mse_gradient = Derivation(
    "Gradient of the mean squared error",
    d(Σ((ŷ[i] - y[i]) ** 2, i) / n, ŷ[k]),
    equals(Σ(2 * (ŷ[i] - y[i]) * KroneckerDelta(i, k), i) / n, chain_rule),
    equals(2 * (ŷ[k] - y[k]) / n, kronecker),
)

q, l = index("j l", 1, D)
line = Σ(X[i, q] * w[q], q)

mse_gradient_linear = Derivation(
    "Gradient of the mean squared error through a linear layer",
    d(Σ((line - y[i]) ** 2, i) / n, w[l]),
    equals(
        Σ(2 * (line - y[i]) * Σ(X[i, q] * KroneckerDelta(q, l), q), i) / n,
        chain_rule,
    ),
    equals(2 * Σ(X[i, l] * (line - y[i]), i) / n, kronecker),
)

Xm, wm, ym = MatrixSymbol("X", n, D), MatrixSymbol("w", D, 1), MatrixSymbol("y", n, 1)
i0 = index("i", 0, n - 1)
j0, l0 = index("j l", 0, D - 1)
residual = Σ(Xm[i0, j0] * wm[j0, 0], j0) - ym[i0, 0]

mse_gradient_matrix = Derivation(
    "The matrix form of the gradient has the same entries",
    d(Σ(residual**2, i0) / n, wm[l0, 0]),
    equals(
        2 * Σ(residual * Σ(Xm[i0, j0] * KroneckerDelta(j0, l0), j0), i0) / n,
        chain_rule,
    ),
    equals(2 * Σ(residual * Xm[i0, l0], i0) / n, kronecker),
    equals((2 * Xm.T * (Xm * wm - ym) / n)[l0, 0], algebra),
)

# --------------------------------------------------------------------- 3 cross-entropy

bce_gradient = Derivation(
    "Gradient of binary cross-entropy through a sigmoid",
    d(-Σ(y[i] * log(σ(z[i])) + (1 - y[i]) * log(1 - σ(z[i])), i) / n, z[k]),
    equals((σ(z[k]) - y[k]) / n, theorem(sigmoid_derivative)),
)

c, e, r, s = index("i j k l", 1, K)
exponentials = Σ(exp(z[e]), e)
one_hot = Eq(Σ(y[r], r), 1)


def softmax(at: Expr) -> Expr:
    return exp(z[at]) / exponentials


softmax_jacobian = Derivation(
    "Jacobian of softmax",
    d(softmax(c), z[s]),
    equals(
        (
            exp(z[c]) * KroneckerDelta(c, s) * exponentials
            - exp(z[c]) * Σ(exp(z[e]) * KroneckerDelta(e, s), e)
        )
        / exponentials**2,
        quotient_rule,
    ),
    equals(
        (exp(z[c]) * KroneckerDelta(c, s) * exponentials - exp(z[c]) * exp(z[s]))
        / exponentials**2,
        kronecker,
    ),
    equals(softmax(c) * (KroneckerDelta(c, s) - softmax(s)), algebra),
)

softmax_cross_entropy = Derivation(
    "Gradient of cross-entropy through softmax",
    d(-Σ(y[r] * log(softmax(r)), r), z[s]),
    equals(
        d(Σ(y[r], r) * log(exponentials) - Σ(y[r] * z[r], r), z[s]),
        logarithms,
    ),
    equals(d(log(exponentials) - Σ(y[r] * z[r], r), z[s]), hypothesis(one_hot)),
    equals(
        Σ(exp(z[e]) * KroneckerDelta(e, s), e) / exponentials
        - Σ(y[r] * KroneckerDelta(r, s), r),
        chain_rule,
    ),
    equals(softmax(s) - y[s], kronecker),
    given=[one_hot],
)

softmax_rows = Derivation(
    "The rows of the softmax Jacobian sum to zero",
    Σ(softmax(c) * (KroneckerDelta(c, s) - softmax(s)), c),
    equals(0, kronecker),
)

π = array("p", nonnegative=True)
v = array("x")
is_distribution = Eq(Σ(π[r], r), 1)
mean = Σ(π[e] * v[e], e)

softmax_semidefinite = Derivation(
    "The softmax Jacobian is positive semidefinite",
    Σ(v[c] * π[c] * (KroneckerDelta(c, e) - π[e]) * v[e], c, e),
    equals(Σ(π[c] * v[c] ** 2, c) - mean**2, kronecker),
    equals(Σ(π[c] * (v[c] - mean) ** 2, c), hypothesis(is_distribution)),
    at_least(0, square(Σ(π[c] * (v[c] - mean) ** 2, c))),
    given=[is_distribution],
)

# --------------------------------------------------------------------------- 4 dropout

δ = randoms(r"\delta", Bernoulli(p))
net = Σ(w[i] * δ[i] * v[i], i)
inverted = Σ(w[i] * δ[i] * v[i] / p, i)
plain = Σ(w[i] * v[i], i)
ridge = Σ(w[i] ** 2 * v[i] ** 2, i)

dropout_mean = Derivation(
    "Mean of a unit under dropout",
    E(net),
    equals(Σ(w[i] * v[i] * E(δ[i]), i), linearity),
    equals(p * plain, moments),
)

dropout_variance = Derivation(
    "Variance of a unit under dropout",
    Var(net),
    equals(E(net**2) - E(net) ** 2, definition(Var)),
    equals(p * (1 - p) * ridge, independence),
)

dropout_loss = Derivation(
    "Expected squared loss under dropout",
    E((t - net) ** 2),
    equals(t**2 - 2 * t * E(net) + E(net**2), linearity),
    equals((t - p * plain) ** 2 + p * (1 - p) * ridge, independence),
)

dropout_gradient = Derivation(
    "Gradient of the expected squared loss under dropout",
    d((t - p * plain) ** 2 + p * (1 - p) * ridge, w[k]),
    equals(
        -2 * p * (t - p * plain) * Σ(v[i] * KroneckerDelta(i, k), i)
        + 2 * p * (1 - p) * Σ(w[i] * v[i] ** 2 * KroneckerDelta(i, k), i),
        chain_rule,
    ),
    equals(
        -2 * p * v[k] * (t - p * plain) + 2 * p * (1 - p) * w[k] * v[k] ** 2,
        kronecker,
    ),
)

dropout_inverted = Derivation(
    "Inverted dropout keeps the mean",
    E(inverted),
    equals(Σ(w[i] * v[i] * E(δ[i]) / p, i), linearity),
    equals(plain, moments),
)

ξ = randoms(r"\xi", Moments(1, 1 + (1 - p) / p))
gaussian = Σ(w[i] * ξ[i] * v[i], i)

dropout_gaussian = Derivation(
    "Gaussian dropout has the variance of inverted dropout",
    Var(gaussian),
    equals(E(gaussian**2) - E(gaussian) ** 2, definition(Var)),
    equals((1 - p) / p * ridge, independence),
    equals(E(inverted**2) - E(inverted) ** 2, independence),
    equals(Var(inverted), definition(Var)),
)

# -------------------------------------------------------------------- 5 initialization

sd, spread, centre = positive("s sigma_w mu")
weights = randoms("W", Moments(0, spread**2))
inputs = randoms("x", Moments(centre, centre**2 + sd**2))
signal = Σ(weights[i] * inputs[i], i)

weighted_sum_variance = Derivation(
    "Variance of a weighted sum",
    Var(signal),
    equals(E(signal**2) - E(signal) ** 2, definition(Var)),
    equals(n * spread**2 * (centre**2 + sd**2), independence),
)

limit = positive("a")

uniform_variance = Derivation(
    "Variance of the uniform law",
    Integral(u**2 / (2 * limit), (u, -limit, limit)),
    equals(limit**2 / 3, antiderivative(u**3 / (6 * limit))),
)

fan_in, fan_out, reach = positive("n_in n_out r")
xavier = Eq(reach, sqrt(6 / (fan_in + fan_out)))

xavier_limit = Derivation(
    "The limit of Xavier's uniform law",
    reach**2 / 3,
    equals(2 / (fan_in + fan_out), hypothesis(xavier)),
    given=[xavier],
)

density = exp(-(u**2) / (2 * sd**2)) / (sqrt(2 * pi) * sd)

half_variance = Derivation(
    "Second moment of a rectified Gaussian",
    Integral(u**2 * density, (u, 0, oo)),
    equals(
        sd**2 / 2,
        antiderivative(sd**2 * erf(u / (sqrt(2) * sd)) / 2 - sd**2 * u * density),
    ),
)

# --------------------------------------------------------------------- 6 gradient flow

layer = index("l", 1, L)

vanishing = Derivation(
    "The gradient of a sigmoid chain vanishes",
    Π(Abs(w[layer]) * exp(-z[layer]) / (1 + exp(-z[layer])) ** 2, layer),
    at_most(
        Π(Abs(w[layer]) / 4, layer),
        termwise(Abs(w[layer]) * (σ(z[layer]) - HALF) ** 2),
    ),
    equals(QUARTER**L * Π(Abs(w[layer]), layer), algebra),
)

vanishing_by_lemma = Derivation(
    "The gradient of a sigmoid chain vanishes, from the slopes",
    Π(Abs(w[layer]) * σ(z[layer]) * (1 - σ(z[layer])), layer),
    at_most(
        Π(Abs(w[layer]) / 4, layer),
        termwise(Abs(w[layer]) * (σ(z[layer]) - HALF) ** 2),
    ),
    equals(QUARTER**L * Π(Abs(w[layer]), layer), algebra),
)

# ------------------------------------------------------------------- 7 backpropagation

f = unknown("f")
out = index("k", 1, K)
unit, at = index("m j", 1, H)
Δ = array(r"\delta")
score = Σ(W[out, unit] * f(z[unit]), unit) + b[out]

backpropagation = Derivation(
    "One layer of backpropagation",
    d(Σ(Δ[out] * score, out), z[at]),
    equals(
        Σ(
            Δ[out]
            * Σ(W[out, unit] * d(f(z[unit]), z[unit]) * KroneckerDelta(unit, at), unit),
            out,
        ),
        chain_rule,
    ),
    equals(d(f(z[at]), z[at]) * Σ(W[out, at] * Δ[out], out), kronecker),
)

w1 = real("w_1")
g = unknown("a")
scalar = real("w")

one_more_layer = Derivation(
    "One more layer of a chain",
    d(σ(scalar * g(w1)), w1),
    equals(
        σ(scalar * g(w1)) * (1 - σ(scalar * g(w1))) * scalar * d(g(w1), w1),
        theorem(sigmoid_derivative),
    ),
)

# ------------------------------------------------------------------------ 8 optimizers

T = time("t")
past = index("i", 1, T)
β = probability("beta")
η, λ = positive("eta lambda")
G, begin = real("G c")
grad = array("g")
velocity, moment, sums, parameter = array("v m s theta")

momentum = Derivation(
    "Momentum is an exponential average",
    velocity[T],
    equals((1 - β) * Σ(β ** (T - past) * grad[past], past), induction(T)),
    sequences={velocity: (0, T, β * velocity[T] + (1 - β) * grad[T + 1])},
)

adam_weights = Derivation(
    "The first average of a constant gradient",
    moment[T],
    equals((1 - β**T) * G, induction(T)),
    sequences={moment: (0, T, β * moment[T] + (1 - β) * G)},
)

descent = Derivation(
    "Gradient descent on one mode of a quadratic",
    parameter[T],
    equals((1 - η * λ) ** T * begin, induction(T)),
    sequences={parameter: (begin, T, parameter[T] - η * λ * parameter[T])},
)

noisy = randoms("g", Moments(centre, centre**2 + sd**2))
average = (1 - β) * Σ(β ** (T - past) * noisy[past], past)

adam_mean = Derivation(
    "Mean of Adam's first average",
    E(average),
    equals((1 - β) * Σ(β ** (T - past) * E(noisy[past]), past), linearity),
    equals((1 - β) * centre * Σ(β ** (T - past), past), moments),
)

geometric_weights = Derivation(
    "The weights of an exponential average sum to",
    sums[T],
    equals(1 - β**T, induction(T)),
    sequences={sums: (0, T, β * sums[T] + (1 - β))},
)

past_next = index("j", 1, T + 1)

adagrad = Derivation(
    "The accumulator of Adagrad never falls",
    Σ(grad[past] ** 2, past),
    at_most(Σ(grad[past_next] ** 2, past_next), square(grad[T + 1] ** 2)),
)

contraction = Derivation(
    "How much a step of gradient descent contracts",
    1 - (1 - η * λ) ** 2,
    equals(η * λ * (2 - η * λ), algebra),
)

# ------------------------------------------------------------------------ 9 statistics

cauchy_schwarz = Derivation(
    "The Cauchy-Schwarz inequality",
    Σ(a[i] * b[i], i) ** 2,
    at_most(
        Σ(a[i] ** 2, i) * Σ(b[i] ** 2, i),
        square(Σ((a[i] * b[j] - a[j] * b[i]) ** 2, i, j) / 2),
    ),
)

centred = Σ(a[j], j) / n

variance_formula = Derivation(
    "The variance is the mean square less the squared mean",
    Σ((a[i] - centred) ** 2, i) / n,
    equals(Σ(a[i] ** 2, i) / n - centred**2, algebra),
)

scale = real("c")
third = array("d")


def covariance(left: Expr, right: Expr) -> Expr:
    return Σ(left * right, i) / n - Σ(left, i) * Σ(right, i) / n**2


covariance_bilinear = Derivation(
    "The covariance is bilinear",
    covariance(scale * a[i] + b[i], third[i]),
    equals(scale * covariance(a[i], third[i]) + covariance(b[i], third[i]), algebra),
)

below_top = array("g", nonnegative=True)
top = real("lambda_1")

rayleigh = Derivation(
    "The Rayleigh quotient stays below the top eigenvalue",
    Σ((top - below_top[i]) * a[i] ** 2, i),
    at_most(top * Σ(a[i] ** 2, i), square(Σ(below_top[i] * a[i] ** 2, i))),
)

row, col, cell = index("p q r", 1, D)
multiplier = real("lambda")


def sample_covariance(left: Expr, right: Expr) -> Expr:
    return Σ(X[m, left] * X[m, right], m) / n


pca_lagrangian = Derivation(
    "Gradient of the Lagrangian of principal components",
    d(
        Σ(w[row] * sample_covariance(row, col) * w[col], row, col)
        - multiplier * (Σ(w[row] ** 2, row) - 1),
        w[cell],
    ),
    equals(
        Σ(KroneckerDelta(row, cell) * sample_covariance(row, col) * w[col], row, col)
        + Σ(w[row] * sample_covariance(row, col) * KroneckerDelta(col, cell), row, col)
        - multiplier * Σ(2 * w[row] * KroneckerDelta(row, cell), row),
        product_rule,
    ),
    equals(
        2 * Σ(sample_covariance(cell, col) * w[col], col) - 2 * multiplier * w[cell],
        kronecker,
    ),
)

first, second = positive("a b")

geometric_arithmetic = Derivation(
    "The geometric mean of two is at most the arithmetic",
    sqrt(first * second),
    at_most((first + second) / 2, square((sqrt(first) - sqrt(second)) ** 2 / 2)),
)

harmonic_arithmetic = Derivation(
    "The harmonic mean of two is at most the arithmetic",
    2 / (1 / first + 1 / second),
    at_most(
        (first + second) / 2, square((first - second) ** 2 / (2 * (first + second)))
    ),
)

arithmetic_quadratic = Derivation(
    "The squared mean is at most the mean square",
    (Σ(a[i], i) / n) ** 2,
    at_most(Σ(a[i] ** 2, i) / n, square(Σ((a[i] - a[j]) ** 2, i, j) / (2 * n**2))),
)

logarithm_bound = Derivation(
    "The logarithm lies below its tangent at one",
    log(first),
    at_most(first - 1, convexity(first, 1, 1 / first**2)),
)

sample = array("x", positive=True)
sample_mean = Σ(sample[j], j) / n

geometric_arithmetic_general = Derivation(
    "The geometric mean is at most the arithmetic, in logarithms",
    Σ(log(sample[i] / sample_mean), i),
    at_most(
        Σ(sample[i] / sample_mean - 1, i),
        theorem(logarithm_bound, at={first: sample[i] / sample_mean}),
    ),
    equals(0, algebra),
)

p_a, p_b, p_ba, p_ab, joint = positive("P_A P_B P_BA P_AB P_joint")
b_given_a = Eq(joint, p_ba * p_a)
a_given_b = Eq(p_ab, joint / p_b)

bayes = Derivation(
    "Bayes' theorem",
    p_ab,
    equals(joint / p_b, hypothesis(a_given_b)),
    equals(p_ba * p_a / p_b, hypothesis(b_given_a)),
    given=[b_given_a, a_given_b],
)

trials, successes = size("n k")
q_ = 1 - p

pascal = Derivation(
    "Pascal's recursion for the binomial law",
    p
    * binomial_coefficient(trials, successes)
    * p**successes
    * q_ ** (trials - successes)
    + q_
    * binomial_coefficient(trials, successes + 1)
    * p ** (successes + 1)
    * q_ ** (trials - successes - 1),
    equals(
        binomial_coefficient(trials + 1, successes + 1)
        * p ** (successes + 1)
        * q_ ** (trials - successes),
        binomial,
    ),
)

norm_a, norm_b = Σ(a[i] ** 2, i), Σ(b[i] ** 2, i)

triangle = Derivation(
    "The squared gap of the triangle inequality",
    (sqrt(norm_a) + sqrt(norm_b)) ** 2 - Σ((a[i] + b[i]) ** 2, i),
    equals(2 * (sqrt(norm_a) * sqrt(norm_b) - Σ(a[i] * b[i], i)), algebra),
)

# ==================================================================== general results

# ----------------------------------------------------------------- batch normalization

ε = positive("epsilon")
upstream = array("g")
batch_mean = Σ(v[j], j) / n
deviation = sqrt(Σ((v[m] - batch_mean) ** 2, m) / n + ε)


def normalized(at: Expr) -> Expr:
    return (v[at] - batch_mean) / deviation


batch_norm = Derivation(
    "The backward pass of batch normalization",
    d(Σ(upstream[i] * normalized(i), i), v[k]),
    equals(
        (
            n * upstream[k]
            - Σ(upstream[i], i)
            - normalized(k) * Σ(upstream[i] * normalized(i), i)
        )
        / (n * deviation),
        differentiation,
    ),
)

# ------------------------------------------------------------- networks and regression

Y = array("Y")
cls, other, target = index("k m a", 1, K)
feature, entry = index("j b", 1, D)


def logit(at: Expr) -> Expr:
    return Σ(W[at, feature] * X[i, feature], feature)


partition = Σ(exp(logit(other)), other)

multinomial = Derivation(
    "Gradient of multinomial regression",
    d(-Σ(Y[i, cls] * (logit(cls) - log(partition)), i, cls) / n, W[target, entry]),
    equals(
        Σ(
            (exp(logit(target)) / partition * Σ(Y[i, cls], cls) - Y[i, target])
            * X[i, entry],
            i,
        )
        / n,
        differentiation,
    ),
)

hidden, at_unit = index("c a", 1, H)
second_layer = array("v")


def pre_activation(at: Expr) -> Expr:
    return Σ(W[at, feature] * X[i, feature], feature)


prediction = Σ(second_layer[hidden] * σ(pre_activation(hidden)), hidden)

two_layers = Derivation(
    "Gradient of a two-layer sigmoid network",
    d(Σ((prediction - y[i]) ** 2, i) / n, W[at_unit, entry]),
    equals(
        2
        * Σ(
            (prediction - y[i])
            * second_layer[at_unit]
            * σ(pre_activation(at_unit))
            * (1 - σ(pre_activation(at_unit)))
            * X[i, entry],
            i,
        )
        / n,
        theorem(sigmoid_derivative),
    ),
)

linear = Σ(X[i, feature] * w[feature], feature)
one, two = index("k l", 1, D)

logistic_gradient = Derivation(
    "Gradient of logistic regression",
    d(
        -Σ(y[i] * log(σ(linear)) + (1 - y[i]) * log(1 - σ(linear)), i) / n,
        w[one],
    ),
    equals(Σ((σ(linear) - y[i]) * X[i, one], i) / n, theorem(sigmoid_derivative)),
)

logistic_hessian = Derivation(
    "Hessian of logistic regression",
    d(Σ((σ(linear) - y[i]) * X[i, one], i) / n, w[two]),
    equals(
        Σ(σ(linear) * (1 - σ(linear)) * X[i, one] * X[i, two], i) / n,
        theorem(sigmoid_derivative),
    ),
)

direction = array("v")
curvature = Σ(σ(linear) * (1 - σ(linear)) * X[i, one] * X[i, two], i)

logistic_convex = Derivation(
    "The loss of logistic regression is convex",
    Σ(direction[one] * direction[two] * curvature, one, two),
    equals(
        Σ(
            σ(linear) * (1 - σ(linear)) * Σ(X[i, one] * direction[one], one) ** 2,
            i,
        ),
        algebra,
    ),
    at_least(
        0,
        square(
            Σ(
                σ(linear) * (1 - σ(linear)) * Σ(X[i, one] * direction[one], one) ** 2,
                i,
            )
        ),
    ),
)

# ----------------------------------------------------------------------------- moments

masked = Σ(w[i] * δ[i], i)

dropout_third_moment = Derivation(
    "Third moment of a sum under dropout",
    E(masked**3),
    equals(
        p**3 * Σ(w[i], i) ** 3
        + 3 * p**2 * (1 - p) * Σ(w[i], i) * Σ(w[i] ** 2, i)
        + p * (1 - p) * (1 - 2 * p) * Σ(w[i] ** 3, i),
        independence,
    ),
)

normal = randoms("W", Normal(0, spread**2))

gaussian_fourth_moment = Derivation(
    "Fourth moment of a Gaussian sum",
    E(Σ(normal[i] * w[i], i) ** 4),
    equals(3 * spread**4 * Σ(w[i] ** 2, i) ** 2, independence),
)

slope = real("a")
lower = Integral((slope * u) ** 2 * density, (u, -oo, 0))
upper = Integral(u**2 * density, (u, 0, oo))

lower_half_variance = Derivation(
    "Second moment of the leaky half of a Gaussian",
    lower,
    equals(
        slope**2 * sd**2 / 2,
        antiderivative(
            slope**2 * (sd**2 * erf(u / (sqrt(2) * sd)) / 2 - sd**2 * u * density)
        ),
    ),
)

leaky_gain = Derivation(
    "Second moment of a leaky rectified Gaussian",
    lower + upper,
    equals(slope**2 * sd**2 / 2 + upper, theorem(lower_half_variance)),
    equals(slope**2 * sd**2 / 2 + sd**2 / 2, theorem(half_variance)),
    equals((1 + slope**2) * sd**2 / 2, algebra),
)

he_spread = positive("v")
he_weights = randoms("W", Moments(0, he_spread))
activations = randoms("h", Moments(sd / 2, sd**2 / 2))
he = Eq(he_spread, 2 / n)
activated = Σ(he_weights[i] * activations[i], i)

he_variance = Derivation(
    "He initialization keeps the variance",
    Var(activated),
    equals(E(activated**2) - E(activated) ** 2, definition(Var)),
    equals(n * he_spread * sd**2 / 2, independence),
    equals(sd**2, hypothesis(he)),
    given=[he],
)

# ------------------------------------------------------------------------- recurrences

rmsprop = Derivation(
    "RMSprop keeps an exponential average of squares",
    velocity[T],
    equals((1 - β) * Σ(β ** (T - past) * grad[past] ** 2, past), induction(T)),
    sequences={velocity: (0, T, β * velocity[T] + (1 - β) * grad[T + 1] ** 2)},
)

weight_sum = Derivation(
    "The weights of the average sum to one minus a power",
    sums[T],
    equals((1 - β) * Σ(β ** (T - past), past), induction(T)),
    sequences={sums: (0, T, β * sums[T] + (1 - β))},
)

corrected = Derivation(
    "Adam's correction removes the bias",
    moment[T] / (1 - β**T),
    equals(G, theorem(adam_weights)),
    given=[T >= 1],
    sequences={moment: (0, T, β * moment[T] + (1 - β) * G)},
)

SAMPLES = [value for value in globals().values() if isinstance(value, Derivation)]
