"""Adam: averages without bias, the reach of a step, a cycle that misleads it."""

from derivations.engine import (
    Σ,
    Abs,
    Derivation,
    E,
    Eq,
    Moments,
    Rational,
    algebra,
    array,
    at_least,
    at_most,
    equals,
    hypothesis,
    index,
    induction,
    linearity,
    moments,
    nonnegative,
    positive,
    probability,
    randoms,
    real,
    size,
    sqrt,
    square,
    theorem,
    time,
)
from derivations.optimizers import rmsprop

# m[t] and v[t] are the averages of the gradients g[1], ..., g[t] and of their squares.
t = time("t")
s, r = index("s r", 1, t)
β, β_1, β_2, q = probability(r"beta \beta_1 \beta_2 q")
α, ε = positive("alpha epsilon")
g, m = array("g m")

m_t = (1 - β_1) * Σ(β_1 ** (t - s) * g[s], s)
v_t = (1 - β_2) * Σ(β_2 ** (t - s) * g[s] ** 2, s)
step = α * (m_t / (1 - β_1**t)) / (sqrt(v_t / (1 - β_2**t)) + ε)

mean = Derivation(
    "The first average weighs old gradients less and less",
    m[t],
    equals((1 - β) * Σ(β ** (t - s) * g[s], s), induction(t)),
    sequences={m: (0, t, β * m[t] + (1 - β) * g[t + 1])},
)

# -------------------------------------------------------------------- bias correction

μ = real("mu")
σ_2 = nonnegative(r"\sigma^2")
G = randoms("g", Moments(μ, μ**2 + σ_2))

expected = Derivation(
    "On average the running mean is a share of the mean: one minus a power",
    E((1 - β) * Σ(β ** (t - s) * G[s], s)),
    equals((1 - β) * Σ(β ** (t - s) * E(G[s]), s), linearity),
    equals(μ * ((1 - β) * Σ(β ** (t - s), s)), moments),
    equals(μ * (1 - β**t), theorem(rmsprop.weights)),
)

# Constant gradients; with t = 1, the first step of all.
c = real("g")

constant = Derivation(
    "Of a constant gradient the running mean keeps the share that is corrected",
    m[t],
    equals((1 - β**t) * c, induction(t)),
    sequences={m: (0, t, β * m[t] + (1 - β) * c)},
)

share = positive("a")  # 1 - β_2^t
V = nonnegative("v")
square_of_constant = Eq(V, share * c**2)

constant_step = Derivation(
    "With a constant gradient every step has the length of the rate",
    α * c / (sqrt(V / share) + ε),
    equals(α * c / (Abs(c) + ε), hypothesis(square_of_constant)),
    given=[square_of_constant],
)

# ----------------------------------------------------------------- how long a step is

a, b = array("a b", positive=True)

reach = Derivation(
    "What two averages with different weights can make of the same gradients",
    Σ(a[s] * g[s], s) ** 2,
    at_most(
        Σ(a[s] ** 2 / b[s], s) * Σ(b[r] * g[r] ** 2, r),
        square(
            Rational(1, 2)
            * Σ((a[s] * b[r] * g[r] - a[r] * b[s] * g[s]) ** 2 / (b[r] * b[s]), s, r)
        ),
    ),
)

geometric = Derivation(
    "The sum of the weights' ratios",
    Σ(q ** (t - s), s),
    equals((1 - q**t) / (1 - q), algebra),
)

# --------------------------------------------------------------------- turned axes

n = size("n")
i, j = index("i j", 1, n)
Q, x = array("Q x")

turned = Derivation(
    "Plain descent does not care how the axes lie",
    Σ(Q[i, j] * (x[j] - α * g[j]), j),
    equals(Σ(Q[i, j] * x[j], j) - α * Σ(Q[i, j] * g[j], j), algebra),
)

# ------------------------------------------------------- a cycle that leads uphill

# Gradients C, -1, -1 and again; without a first average, β_1 = 0, β_2 = 1 / (1 + C^2).
# u, v, w are the running squares after each of the three, v_0 before them.
C = positive("C")
v_0 = nonnegative("v_0")
u, v, w = positive("u v w")
after_large = Eq(u, (v_0 + C**4) / (1 + C**2))
after_one = Eq(v, (u + C**2) / (1 + C**2))
after_two = Eq(w, (v + C**2) / (1 + C**2))

second_gap = (C**4 + (C**2 + 2) * v_0) / (1 + C**2) ** 2
third_gap = (C**8 + (2 * C**4 + 3 * C**2 + 2) * v_0) / (1 + C**2) ** 3

second_step = Derivation(
    "The second step takes back more than seven tenths of the first",
    2 * u - C**2 * v,
    equals(2 * u - C**2 * (u + C**2) / (1 + C**2), hypothesis(after_one)),
    equals(second_gap, hypothesis(after_large)),
    at_least(0, square(second_gap)),
    given=[after_large, after_one],
)

third_step = Derivation(
    "And so does the third",
    2 * u - C**2 * w,
    equals(2 * u - C**2 * (v + C**2) / (1 + C**2), hypothesis(after_two)),
    equals(
        2 * u - C**2 * ((u + C**2) / (1 + C**2) + C**2) / (1 + C**2),
        hypothesis(after_one),
    ),
    equals(third_gap, hypothesis(after_large)),
    at_least(0, square(third_gap)),
    given=[after_large, after_one, after_two],
)
