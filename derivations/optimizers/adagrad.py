"""Adagrad: what it accumulates, how its rate falls, and how far it still goes."""

from derivations.engine import (
    Σ,
    Derivation,
    algebra,
    array,
    at_least,
    at_most,
    equals,
    index,
    induction,
    positive,
    probability,
    real,
    sqrt,
    square,
    termwise,
    theorem,
    time,
)

t = time("t")
s = index("s", 1, t)
α, ε, c = positive(r"alpha \varepsilon c")
g, D = array("g D")
G = array("G", nonnegative=True)

# ---------------------------------------------------------------- the accumulator

accumulated = Derivation(
    "The accumulator is the sum of all squared gradients",
    G[t],
    equals(Σ(g[s] ** 2, s), induction(t)),
    sequences={G: (0, t, G[t] + g[t + 1] ** 2)},
)

before = positive("G")
h = real("g")
after = before + h**2

never_rises = Derivation(
    "The effective rate never rises",
    α / (sqrt(after) + ε),
    at_most(
        α / (sqrt(before) + ε),
        square(
            α
            * h**2
            / ((sqrt(after) + sqrt(before)) * (sqrt(after) + ε) * (sqrt(before) + ε))
        ),
    ),
)

k = positive("k")

no_units = Derivation(
    "Without an epsilon the size of the loss does not matter",
    α * (k * h) / sqrt(k**2 * before + (k * h) ** 2),
    equals(α * h / sqrt(before + h**2), algebra),
)

# ---------------------------------------------------------------- a steady slope

steady = {G: (0, t, G[t] + c**2)}

steady_accumulator = Derivation(
    "On a steady slope the accumulator grows by the same square",
    G[t],
    equals(c**2 * t, induction(t)),
    sequences=steady,
)

steady_step = Derivation(
    "On a steady slope a step is the rate over the root of its number, however steep",
    α * c / sqrt(G[t] + c**2),
    equals(α * c / sqrt(c**2 * t + c**2), theorem(steady_accumulator)),
    equals(α / sqrt(t + 1), algebra),
    sequences=steady,
)

# ---------------------------------------------------------------- how far it goes

lower = {D: (0, t, D[t] + 2 * (sqrt(t + 2) - sqrt(t + 1)))}

rungs = Derivation(
    "A ladder of differences of roots",
    D[t],
    equals(Σ(2 * (sqrt(s + 1) - sqrt(s)), s), induction(t)),
    sequences=lower,
)

ladder = Derivation(
    "A ladder is as long as its ends are apart",
    D[t],
    equals(2 * sqrt(t + 1) - 2, induction(t)),
    sequences=lower,
)

travel = Derivation(
    "On a steady slope the path has no end",
    Σ(α / sqrt(s), s),
    at_least(
        Σ(2 * α * (sqrt(s + 1) - sqrt(s)), s),
        termwise(α * (sqrt(s + 1) - sqrt(s)) ** 2 / sqrt(s)),
    ),
    equals(α * Σ(2 * (sqrt(s + 1) - sqrt(s)), s), algebra),
    equals(α * D[t], theorem(rungs)),
    equals(α * (2 * sqrt(t + 1) - 2), theorem(ladder)),
    sequences=lower,
)

# ---------------------------------------------------------------- fading gradients

q = probability("q")

fading = Derivation(
    "Gradients that fade fast leave the accumulator, and the rate, a bound",
    G[t],
    equals((1 - q ** (2 * t)) / (1 - q**2), induction(t)),
    at_most(1 / (1 - q**2), square(q ** (2 * t) / (1 - q**2))),
    sequences={G: (0, t, G[t] + (q**t) ** 2)},
)

# ---------------------------------------------------------------- the lemma of regret

r = array("r", positive=True)
sums = {D: (0, t, D[t] + 2 * (r[t + 1] - r[t]))}

steps_of_roots = Derivation(
    "A sum of differences, step by step",
    D[t],
    equals(Σ(2 * (r[s] - r[s - 1]), s), induction(t)),
    sequences=sums,
)

ends_of_roots = Derivation(
    "A sum of differences is what lies between its ends",
    D[t],
    equals(2 * (r[t] - r[0]), induction(t)),
    sequences=sums,
)

regret = Derivation(
    "Growth over its root adds up to no more than twice the root",
    Σ((r[s] ** 2 - r[s - 1] ** 2) / r[s], s),
    at_most(Σ(2 * (r[s] - r[s - 1]), s), termwise((r[s] - r[s - 1]) ** 2 / r[s])),
    equals(D[t], theorem(steps_of_roots)),
    equals(2 * (r[t] - r[0]), theorem(ends_of_roots)),
    sequences=sums,
)
