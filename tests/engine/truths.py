"""True derivations that a timid checker would refuse.

Each needs something of the engine: a hypothesis that is not an equation, a size that
is not free, a function that occurs in a certificate only, a tail, a shift.
"""

from sympy import Pow, Subs, Trace

from derivations.engine import (
    Π,
    Σ,
    Derivation,
    Eq,
    Integral,
    KroneckerDelta,
    MatrixSymbol,
    Ne,
    Rational,
    algebra,
    antiderivative,
    array,
    at_least,
    at_most,
    d,
    definition,
    each,
    equals,
    erf,
    exp,
    function,
    hypothesis,
    index,
    induction,
    log,
    logarithms,
    oo,
    pi,
    positive,
    probability,
    product_rule,
    real,
    size,
    sqrt,
    square,
    termwise,
    theorem,
    time,
)
from tests.engine.samples import σ

n, D, L = size("n d L")
x, c, u = real("x c u")
s, r, α, λ = positive("s r alpha lambda")
p = probability("p")
i, j, k = index("i j k", 1, n)
a, b, w, g, v, z = array("a b w g v z")
t = time("t")

# ------------------------------------------------------------ hypotheses of every kind

cancelled = Derivation(
    "A hole outside the domain",
    (x**2 - 1) * Pow(x - 1, -1),
    equals(x + 1, algebra),
    given=[Ne(x, 1)],
)

different = Derivation(
    "Two numbers apart",
    1 / (x - c) + 1 / (c - x),
    equals(0, algebra),
    given=[Ne(x, c)],
)

bessel = Derivation(
    "Bessel's correction",
    n / (n - 1) - 1,
    equals(1 / (n - 1), algebra),
    given=[n > 1],
)

bessel_from_two = Derivation(
    "Bessel's correction, said otherwise",
    n / (n - 1) - 1,
    equals(1 / (n - 1), algebra),
    given=[n >= 2],
)

unit = Eq(Σ(a[i] ** 2, i), 1)
top = real("lambda_1")
below = array("g", nonnegative=True)

unit_vector = Derivation(
    "The Rayleigh quotient of a unit vector",
    Σ((top - below[i]) * a[i] ** 2, i),
    at_most(top * Σ(a[i] ** 2, i), square(Σ(below[i] * a[i] ** 2, i))),
    equals(top, hypothesis(unit)),
    given=[unit],
)

all_equal = each(k, Eq(a[k], c))

constant_array = Derivation(
    "The sum of equal terms",
    Σ(a[i], i),
    equals(n * c, hypothesis(all_equal)),
    given=[all_equal],
)

all_positive = each(k, z[k] > 0)

positive_entries = Derivation(
    "Logarithms of entries that are positive by hypothesis",
    Σ(log(z[i] ** 2), i),
    equals(2 * Σ(log(z[i]), i), logarithms),
    given=[all_positive],
)

bounded = Derivation(
    "A bound from a hypothesis",
    x**2,
    at_least(2 * x, square(x * (x - 2))),
    given=[x >= 2],
)

# ---------------------------------------------------------------- sizes in shapes only

A = MatrixSymbol("A", n, D)
row, column = index("i", 0, n - 1), index("j", 0, D - 1)

trace = Derivation(
    "The squared Frobenius norm is a trace",
    Trace(A * A.T),
    equals(Σ(A[row, column] ** 2, row, column), algebra),
)

B = MatrixSymbol("B", D, n)

cyclic = Derivation(
    "The trace of a product, turned",
    Trace(A * B),
    equals(Trace(B * A), algebra),
)

# ------------------------------------------------------------- functions and integrals

gelu_slope = Derivation(
    "The slope of the Gaussian error linear unit",
    d(x * (1 + erf(x / sqrt(2))) / 2, x),
    equals(
        (1 + erf(x / sqrt(2))) / 2 + x * exp(-(x**2) / 2) / sqrt(2 * pi),
        product_rule,
    ),
)

exponential_mass = Derivation(
    "The mass of the exponential law",
    Integral(λ * exp(-λ * u), (u, 0, oo)),
    equals(1, antiderivative(-exp(-λ * u))),
)

exponential_mean = Derivation(
    "The mean of the exponential law",
    Integral(λ * u * exp(-λ * u), (u, 0, oo)),
    equals(1 / λ, antiderivative(-(u + 1 / λ) * exp(-λ * u))),
)

pareto_mass = Derivation(
    "The mass of the Pareto law",
    Integral(α / u ** (α + 1), (u, 1, oo)),
    equals(1, antiderivative(-(u ** (-α)))),
)

gaussian_mass_of_a_slab = Derivation(
    "A Gaussian slab",
    Integral(exp(-(u**2) / 2) / sqrt(2 * pi), (u, -1, 1)),
    equals(erf(1 / sqrt(2)), antiderivative(erf(u / sqrt(2)) / 2)),
)

# ------------------------------------------------------- sums: peeled, shifted, turned

longer = index("j", 1, n + 1)

peeled = Derivation(
    "The last term taken out",
    Σ(a[longer], longer),
    equals(Σ(a[i], i) + a[n + 1], algebra),
)

from_zero = index("j", 0, n - 1)

shifted = Derivation(
    "An index moved by one",
    Σ(a[from_zero + 1], from_zero),
    equals(Σ(a[i], i), algebra),
)

up = index("j", 1, i)
outer = index("p", 1, n)
beyond = index("q", outer, n)

triangle = Derivation(
    "A triangle summed by rows or by columns",
    Σ(Σ(a[i] * b[up], up), i),
    equals(Σ(Σ(a[beyond] * b[outer], beyond), outer), algebra),
)

past, past_next = index("i", 1, t), index("j", 1, t + 1)

accumulator = Derivation(
    "An accumulator of squares never falls",
    Σ(g[past] ** 2, past),
    at_most(Σ(g[past_next] ** 2, past_next), square(g[t + 1] ** 2)),
)

# --------------------------------------------------------------------------- induction

contracted = Derivation(
    "A contraction, step by step",
    v[t],
    equals((1 - α * λ) ** t * c, induction(t)),
    sequences={v: (c, t, (1 - α * λ) * v[t])},
)

running_mean = Derivation(
    "The running mean is the mean",
    v[t],
    equals(Σ(g[past], past) / t, induction(t, start=1)),
    given=[t >= 1],
    sequences={v: (0, t, v[t] + (g[t + 1] - v[t]) / (t + 1))},
)

geometric = Derivation(
    "A geometric sum",
    v[t],
    equals((1 - p**t) / (1 - p), induction(t)),
    sequences={v: (0, t, p * v[t] + 1)},
)

# ----------------------------------------------------- lemmas, refolding, certificates

layer = index("l", 1, L)
slope = σ(z[layer]) * (1 - σ(z[layer]))

vanishing = Derivation(
    "A product of slopes, by the bounds of the sigmoid",
    Π(slope, layer),
    at_most(
        Π(0 * z[layer] + Rational(1, 4) + 0 * slope, layer),
        termwise((σ(z[layer]) - Rational(1, 2)) ** 2),
    ),
)

certificate_only = Derivation(
    "A slope, bounded through a function that is not in it",
    exp(-x) / (1 + exp(-x)) ** 2,
    at_most(Rational(1, 4), square((σ(x) - Rational(1, 2)) ** 2)),
)

refolded = Derivation(
    "A definition folded back inside a sum",
    Σ(w[i] * exp(-z[i]) / (1 + exp(-z[i])) ** 2, i),
    equals(Σ(w[i] * σ(z[i]) * (1 - σ(z[i])), i), definition(σ)),
)

γ = positive("gamma")

focal = Derivation(
    "Gradient of the focal loss, for any focus",
    d(-((1 - p) ** γ) * log(p), p),
    equals(γ * (1 - p) ** (γ - 1) * log(p) - (1 - p) ** γ / p, product_rule),
)

share = Derivation(
    "A share is less than the whole",
    log(1 - s / (s + r)),
    equals(log(r / (s + r)), algebra),
)

delta_sign = Derivation(
    "Where two indices agree",
    x,
    at_most(x + KroneckerDelta(i, k) * s, square(KroneckerDelta(i, k) * s)),
)

identity = function("f", lambda y: y)

identity_unfolded = Derivation(
    "The identity",
    identity(x) + identity(c),
    equals(x + c, definition(identity)),
)

shrinking = array("a", positive=True)

positive_recurrence = Derivation(
    "A sequence that stays positive",
    log(shrinking[t] ** 2),
    equals(2 * log(shrinking[t]), logarithms),
    sequences={shrinking: (s, t, p * shrinking[t])},
)

at_admissible_points = Derivation(
    "Values at points that the names admit",
    Subs(1 / s, s, r) + Subs(1 / (1 - p), p, Rational(1, 2)) + Subs(x / k, k, n),
    equals(1 / r + 2 + x / n, algebra),
)

sums_of_rows = Eq(Σ(exp(Σ(a[i, k], k)), i), 1)

rows_by_hypothesis = Derivation(
    "Sums of rows",
    x * sums_of_rows.lhs,
    equals(x, hypothesis(sums_of_rows)),
    given=[sums_of_rows],
)

rows_by_theorem = Derivation(
    "Sums of rows, cited",
    c * sums_of_rows.lhs,
    equals(c, theorem(rows_by_hypothesis, at={x: c})),
    given=[sums_of_rows],
)

TRUTHS = {
    name: value
    for name, value in globals().items()
    if isinstance(value, Derivation) and name != "sigmoid_derivative"
}
