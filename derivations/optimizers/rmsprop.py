"""RMSprop: what the running average weighs, how it forgets, how long a step can be."""

from derivations.engine import (
    Σ,
    Derivation,
    algebra,
    array,
    at_most,
    each,
    equals,
    index,
    induction,
    nonnegative,
    positive,
    probability,
    real,
    sqrt,
    square,
    termwise,
    time,
)

# v[t] is the running average after t gradients g[1], ..., g[t].
t = time("t")
s = index("s", 1, t)
β = probability("beta")
α, ε = positive("alpha epsilon")
g, v = array("g v")

v_t = (1 - β) * Σ(β ** (t - s) * g[s] ** 2, s)
step = α * g[t] / (sqrt(v_t) + ε)

# ------------------------------------------------------------------- what it averages

average = Derivation(
    "The running average weighs old squares less and less",
    v[t],
    equals(v_t, induction(t)),
    sequences={v: (0, t, β * v[t] + (1 - β) * g[t + 1] ** 2)},
)

weights = Derivation(
    "After t steps the weights add up to less than one",
    (1 - β) * Σ(β ** (t - s), s),
    equals(1 - β**t, algebra),
)

M = nonnegative("M")
within = each(s, g[s] ** 2 <= M)

bounded = Derivation(
    "The average never exceeds the largest square",
    v_t,
    at_most((1 - β) * Σ(β ** (t - s) * M, s), termwise(β ** (t - s) * (M - g[s] ** 2))),
    equals((1 - β**t) * M, algebra),
    at_most(M, square(β**t * M)),
    given=[within],
)

# ------------------------------------------------------------------ what it forgets

v_0 = nonnegative("v_0")
c = real("g")

forgets = Derivation(
    "A new size of gradients takes the place of the old one",
    v[t],
    equals(c**2 + β**t * (v_0 - c**2), induction(t)),
    sequences={v: (v_0, t, β * v[t] + (1 - β) * c**2)},
)

# ----------------------------------------------------------------- how long a step is

u = positive("g")  # the size of the gradient that comes next

longest = Derivation(
    "No step is longer than the rate over the root of one minus the decay",
    u**2 / (β * v_0 + (1 - β) * u**2),
    at_most(1 / (1 - β), square(β * v_0 / ((1 - β) * (β * v_0 + (1 - β) * u**2)))),
)
