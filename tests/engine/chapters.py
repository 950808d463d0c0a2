"""What later chapters derive: pairs of samples, hypotheses in other units, iterates.

Each true statement has near misses beside it in `test_chapters`. They are as an author
would write them, and for all sizes.
"""

from derivations.engine import (
    Π,
    Σ,
    Abs,
    Derivation,
    E,
    Eq,
    KroneckerDelta,
    Moments,
    Ne,
    Rational,
    S,
    Var,
    algebra,
    array,
    at_least,
    at_most,
    d,
    definition,
    differentiation,
    each,
    equals,
    exp,
    function,
    hypothesis,
    independence,
    index,
    induction,
    log,
    logarithms,
    moments,
    positive,
    probability,
    randoms,
    real,
    size,
    sqrt,
    square,
    termwise,
    time,
)

n, m = size("n m")
x, y, c = real("x y c")
p, r, α, γ, ε, R, κ = positive("p r alpha gamma epsilon R kappa")
β = probability("beta")
i, j, k = index("i j k", 1, n)
o = index("o", 1, m)
a = index("a", 1, n)
b = index("b", a + 1, n)  # a < b
e = index("e", 1, n)
f = index("f", 1, e - 1)  # f < e
h = index("h", a, n)  # a <= h
X, Y, A, W = array("X Y A W")
g = array("g")
t = time("t")
s = index("s", 0, t - 1)
q = index("q", 0, s - 1)

# ------------------------------------------------------------------ pairs of samples

halves = Derivation(
    "A square of pairs is its diagonal and two triangles",
    Σ(A[i, j], i, j),
    equals(Σ(A[i, i], i) + Σ(A[a, b], a, b) + Σ(A[e, f], e, f), algebra),
)

pairs = Derivation(
    "Both orders of a pair",
    Σ(A[i, j], i, j),
    equals(Σ(A[i, i], i) + Σ(A[a, b] + A[b, a], a, b), algebra),
)

with_the_diagonal = Derivation(
    "A triangle and its diagonal",
    Σ(A[a, h], a, h),
    equals(Σ(A[i, i], i) + Σ(A[f, e], e, f), algebra),
)

square_of_a_sum = Derivation(
    "The square of a sum",
    Σ(X[i], i) ** 2,
    equals(Σ(X[i] ** 2, i) + 2 * Σ(X[a] * X[b], a, b), algebra),
)

norm_of_a_sum = Derivation(
    "The squared length of a sum of vectors",
    Σ(Σ(A[i, o], i) ** 2, o),
    equals(Σ(A[i, o] ** 2, i, o) + 2 * Σ(A[a, o] * A[b, o], a, b, o), algebra),
)

swapped = Derivation(
    "The larger index first",
    Σ(A[a, b], a, b),
    equals(Σ(A[f, e], e, f), algebra),
)

number_of_pairs = Derivation(
    "The number of pairs", Σ(1, a, b), equals(n * (n - 1) / 2, algebra)
)

counted_by_the_larger = Derivation(
    "How often each is the larger",
    Σ(X[b], a, b),
    equals(Σ((i - 1) * X[i], i), algebra),
)

counted_by_the_smaller = Derivation(
    "How often each is the smaller",
    Σ(X[a], a, b),
    equals(Σ((n - i) * X[i], i), algebra),
)

sum_of_numbers = Derivation(
    "The sum of the first numbers", Σ(i, i), equals(n * (n + 1) / 2, algebra)
)

sum_of_squares = Derivation(
    "The sum of the first squares",
    Σ(i**2, i),
    equals(n * (n + 1) * (2 * n + 1) / 6, algebra),
)

lagrange = Derivation(
    "Lagrange's identity",
    Σ(X[i] ** 2, i) * Σ(Y[i] ** 2, i) - Σ(X[i] * Y[i], i) ** 2,
    equals(Σ((X[a] * Y[b] - X[b] * Y[a]) ** 2, a, b), algebra),
)

cauchy_schwarz = Derivation(
    "The inequality of Cauchy and Schwarz",
    Σ(X[i] * Y[i], i) ** 2,
    at_most(
        Σ(X[i] ** 2, i) * Σ(Y[i] ** 2, i),
        square(Σ((X[a] * Y[b] - X[b] * Y[a]) ** 2, a, b)),
    ),
)

variance_by_pairs = Derivation(
    "The variance is a mean over pairs",
    Σ((X[i] - Σ(X[j], j) / n) ** 2, i) / n,
    equals(Σ((X[a] - X[b]) ** 2, a, b) / n**2, algebra),
)

V = randoms("V", Moments(c, c**2 + p))

mean_of_pairs = Derivation(
    "The mean of a sum over pairs",
    E(Σ(V[a] * V[b], a, b)),
    equals(n * (n - 1) / 2 * c**2, independence),
)

variance_of_a_sum = Derivation(
    "The variance of a sum",
    Var(Σ(V[i], i)),
    equals(E(Σ(V[i], i) ** 2) - E(Σ(V[i], i)) ** 2, definition(Var)),
    equals(n * p, independence),
)

exponentials_of_pairs = Derivation(
    "Positive functions and powers of pairs",
    Σ(exp(X[a]) ** c / (1 + exp(X[b])) + log(1 + exp(X[b])) * p ** X[a], a, b),
    equals(
        Σ(exp(X[f]) ** c / (1 + exp(X[e])), e, f)
        + Σ(log(1 + exp(X[e])) * p ** X[f], e, f),
        algebra,
    ),
)

σ = function(r"\sigma", lambda u: 1 / (1 + exp(-u)))

functions_of_pairs = Derivation(
    "Functions, roots and inner sums of pairs",
    Σ((σ(X[a]) + sqrt(Y[a] ** 2)) * Σ(A[b, o], o), a, b)
    + Σ((σ(X[e]) + sqrt(Y[e] ** 2)) * Σ(A[f, o], o), e, f),
    equals(
        Σ(σ(X[i]) + sqrt(Y[i] ** 2), i) * Σ(A[i, o], i, o)
        - Σ((σ(X[i]) + sqrt(Y[i] ** 2)) * Σ(A[i, o], o), i),
        algebra,
    ),
)

sums_within = Derivation(
    "Functions of inner sums, over pairs",
    Σ(X[b] * exp(Σ(A[a, o], o)), a, b) + Σ(X[f] * exp(Σ(A[e, o], o)), e, f),
    equals(
        Σ(X[i], i) * Σ(exp(Σ(A[i, o], o)), i) - Σ(X[i] * exp(Σ(A[i, o], o)), i),
        algebra,
    ),
)

# --------------------------------------------------------------------- normalization

scale = Σ(X[j] ** 2, j)
mean = Σ(X[j], j) / n
spread = Σ((X[k] - mean) ** 2, k)
moved = Σ(p * X[j] + c, j) / n

rms_norm = Derivation(
    "RMSNorm does not see the scale",
    p * X[i] / sqrt(Σ((p * X[j]) ** 2, j) / n),
    equals(X[i] / sqrt(scale / n), algebra),
    given=[scale > 0],
)

rms_norm_turned = Derivation(
    "RMSNorm of a negative multiple",
    x * X[i] / sqrt(Σ((x * X[j]) ** 2, j) / n),
    equals(-X[i] / sqrt(scale / n), algebra),
    given=[scale > 0, x < 0],
)

batch_norm = Derivation(
    "Batch normalization sees neither scale nor shift",
    (p * X[i] + c - moved) / sqrt(Σ((p * X[k] + c - moved) ** 2, k) / n),
    equals((X[i] - mean) / sqrt(spread / n), algebra),
    given=[spread > 0],
)

normalized_length = Derivation(
    "Normalized activations have mean square 1",
    Σ(((X[i] - mean) / sqrt(spread / n)) ** 2, i),
    equals(n, algebra),
    given=[spread > 0],
)

normalized_mean = Derivation(
    "Normalized activations have mean 0",
    Σ((X[i] - mean) / sqrt(spread / n), i),
    equals(0, algebra),
    given=[spread > 0],
)

layer_norm_backward = Derivation(
    "The derivative of layer normalization",
    d((X[i] - mean) / sqrt(spread / n + ε), X[a]),
    equals(
        (KroneckerDelta(i, a) - 1 / n) / sqrt(spread / n + ε)
        - (X[i] - mean) * (X[a] - mean) / (n * (spread / n + ε) ** Rational(3, 2)),
        differentiation,
    ),
)

rms_norm_backward = Derivation(
    "The derivative of RMSNorm",
    d(Σ(W[i] * X[i], i) / sqrt(scale / n), X[k]),
    equals(
        (W[k] - X[k] * Σ(W[i] * X[i], i) / scale) / sqrt(scale / n), differentiation
    ),
    given=[scale > 0],
)

# ---------------------------------------------------------------------- exponentials

below = each(k, X[k] <= c)

shifted_scores = Derivation(
    "Scores less their maximum",
    Σ(exp((X[i] - c) / p), i),
    at_most(Σ(1, i), termwise(1 - exp((X[i] - c) / p))),
    equals(n, algebra),
    given=[below],
)

scores_above = Derivation(
    "Scores less a lower bound",
    Σ(exp(X[i] - c), i),
    at_least(Σ(1, i), termwise(exp(X[i] - c) - 1)),
    given=[each(k, X[k] >= c)],
)

exponential_rises = Derivation(
    "The exponential rises",
    exp(x),
    at_most(exp(y), square(exp(y) - exp(x))),
    given=[x <= y],
)

log_of_a_difference = Derivation(
    "The logarithm of 1 - exp(-r)",
    log(1 - exp(-r)),
    equals(log(exp(r) - 1) - r, logarithms),
)

growth = Derivation(
    "Powers of a number above 1", r**t, at_least(1, square(r**t - 1)), given=[r >= 1]
)

decay = Derivation(
    "Powers of a number below 1",
    r**x,
    at_most(1, square(1 - r**x)),
    given=[r < 1, x > 0],
)

# ------------------------------------------------------------------------ perceptron

sum_before = Σ(Y[q] * A[q, i], q)
mistake = each(s, Y[s] * Σ(A[s, i] * sum_before, i) <= 0)
bounded = each(s, Y[s] ** 2 * Σ(A[s, i] ** 2, i) <= R**2)
margin = each(s, Y[s] * Σ(A[s, i] * W[i], i) >= γ)

perceptron_step = Derivation(
    "One update of the perceptron",
    Σ((W[i] + y * X[i]) ** 2, i),
    equals(
        Σ(W[i] ** 2, i) + 2 * y * Σ(W[i] * X[i], i) + y**2 * Σ(X[i] ** 2, i), algebra
    ),
    at_most(
        Σ(W[i] ** 2, i) + R**2,
        square(R**2 - y**2 * Σ(X[i] ** 2, i) - 2 * y * Σ(W[i] * X[i], i)),
    ),
    given=[y * Σ(W[i] * X[i], i) <= 0, y**2 * Σ(X[i] ** 2, i) <= R**2],
)

perceptron_length = Derivation(
    "After t mistakes the weights are short",
    Σ(Σ(Y[s] * A[s, i], s) ** 2, i),
    equals(
        Σ(Y[s] ** 2 * Σ(A[s, i] ** 2, i), s)
        + 2 * Σ(Y[s] * Σ(A[s, i] * sum_before, i), s),
        algebra,
    ),
    at_most(
        Σ(Y[s] ** 2 * Σ(A[s, i] ** 2, i), s),
        square(-2 * Σ(Y[s] * Σ(A[s, i] * sum_before, i), s)),
    ),
    at_most(Σ(R**2, s), termwise(R**2 - Y[s] ** 2 * Σ(A[s, i] ** 2, i))),
    equals(t * R**2, algebra),
    given=[mistake, bounded],
)

perceptron_progress = Derivation(
    "After t mistakes the weights point the right way",
    Σ(Σ(Y[s] * A[s, i], s) * W[i], i),
    equals(Σ(Y[s] * Σ(A[s, i] * W[i], i), s), algebra),
    at_least(Σ(γ, s), termwise(Y[s] * Σ(A[s, i] * W[i], i) - γ)),
    equals(t * γ, algebra),
    given=[margin],
)

perceptron_bound = Derivation(
    "The perceptron makes few mistakes",
    n,
    at_most(x / (n * γ**2), square((x - n**2 * γ**2) / (n * γ**2))),
    at_most(R**2 / γ**2, square((n * R**2 - x) / (n * γ**2))),
    given=[n**2 * γ**2 <= x, x <= n * R**2],
)

# -------------------------------------------------- step by step, from the very start

D = array("D", positive=True)

telescope = Derivation(
    "A sum of differences",
    Σ(X[s + 1] - X[s], s),
    equals(X[t] - X[0], algebra),
)

telescoped_product = Derivation(
    "A product of ratios", Π(D[s + 1] / D[s], s), equals(D[t] / D[0], algebra)
)

growth_by_layers = Derivation(
    "What each layer may stretch, t layers stretch together",
    D[t],
    equals(D[0] * Π(D[s + 1] / D[s], s), algebra),
    at_most(D[0] * Π(κ, s), termwise(κ - D[s + 1] / D[s])),
    equals(D[0] * κ**t, algebra),
    given=[each(s, D[s + 1] <= κ * D[s])],
)

descent = Derivation(
    "A loss that falls by the squared gradient",
    X[t],
    equals(X[0] - Σ(X[s] - X[s + 1], s), algebra),
    at_most(X[0] - Σ(α * Y[s] ** 2, s), square(Σ(X[s] - X[s + 1] - α * Y[s] ** 2, s))),
    given=[each(s, X[s] - X[s + 1] >= α * Y[s] ** 2)],
)

steps = index("u", 1, t)
first, second = array("w v")

bias_correction = Derivation(
    "Weights of an exponential average",
    Σ(β ** (t - steps) * (1 - β), steps),
    equals(1 - β**t, algebra),
)

average = Derivation(
    "An exponential average, unrolled",
    second[t],
    equals((1 - β) * Σ(β ** (t - steps) * g[steps], steps), induction(t)),
    sequences={second: (S(0), t, β * second[t] + (1 - β) * g[t + 1])},
)

G = randoms("g", Moments(c, c**2 + p))

unbiased = Derivation(
    "The corrected average is unbiased",
    E((1 - β) * Σ(β ** (t - steps) * G[steps], steps) / (1 - β**t)),
    equals((1 - β) * Σ(β ** (t - steps) * c, steps) / (1 - β**t), moments),
    equals(c, algebra),
    given=[t >= 1],
)

momentum = Derivation(
    "Where momentum has led",
    first[t],
    equals(x - α * (Σ(g[steps], steps) - β * second[t]) / (1 - β), induction(t)),
    sequences={
        second: (S(0), t, β * second[t] + g[t + 1]),
        first: (x, t, first[t] - α * second[t + 1]),
    },
)

geometric = Derivation(
    "A geometric sum",
    Σ(x**s, s),
    equals((1 - x**t) / (1 - x), algebra),
    given=[Ne(x, 1)],
)

τ = function(r"\tau", lambda u: 1 - Abs(1 - 2 * u))

tent_left = Derivation(
    "The tent map left of the middle, twice",
    τ(τ(x)),
    equals(4 * x, definition(τ)),
    given=[x <= Rational(1, 4)],
)

tent_right = Derivation(
    "The tent map right of the middle",
    τ(x),
    equals(2 - 2 * x, definition(τ)),
    given=[x >= Rational(1, 2)],
)

tent_stretches = Derivation(
    "The tent map stretches",
    Abs(τ(x) - τ(y)),
    equals(2 * Abs(x - y), definition(τ)),
    given=[x <= Rational(1, 2), y <= Rational(1, 2)],
)

# ------------------------------------------------------------------------ unit length

unit = Eq(Σ(Y[i] ** 2, i), 1)

projection = Derivation(
    "A projection is not longer",
    Σ(X[i] * Y[i], i) ** 2,
    at_most(
        Σ(X[i] ** 2, i) * Σ(Y[i] ** 2, i),
        square(Σ((X[a] * Y[b] - X[b] * Y[a]) ** 2, a, b)),
    ),
    equals(Σ(X[i] ** 2, i), hypothesis(unit)),
    given=[unit],
)

CHAPTERS = {
    name: value for name, value in globals().items() if isinstance(value, Derivation)
}
