"""Nesterov's momentum: the gradient is taken where the velocity is about to lead."""

from derivations.engine import (
    Σ,
    Derivation,
    Eq,
    algebra,
    array,
    equals,
    hypothesis,
    index,
    induction,
    positive,
    probability,
    real,
    theorem,
    time,
)
from derivations.optimizers.momentum import constant_slope, unrolled

t = time("t")
s = index("s", 1, t)
γ = probability("gamma")
α, λ = positive("alpha lambda")
v, g, x, θ = array(r"v g x \theta")

# ---------------------------------------------------------------- what a step is

pushes = {v: (0, t, γ * v[t] + g[t + 1])}

step = Derivation(
    "A step is the newest gradient, and all of them once more faded",
    g[t] + γ * v[t],
    equals(g[t] + γ * Σ(γ ** (t - s) * g[s], s), theorem(unrolled)),
    equals(g[t] + Σ(γ ** (t - s + 1) * g[s], s), algebra),
    sequences=pushes,
)

G = positive("G")
so_far = (1 - γ ** (t + 1)) / (1 - γ) * G

terminal = Derivation(
    "On a steady slope it is one step of momentum ahead",
    G + γ * v[t],
    equals(G + γ * ((1 - γ**t) / (1 - γ) * G), theorem(constant_slope)),
    equals(so_far, algebra),
    sequences={v: (0, t, γ * v[t] + G)},
)

# ---------------------------------------------------------------- looking ahead

x_0 = real("x_0")
pushed = γ * v[t] + g[t + 1]

look_ahead = Derivation(
    "What is stored is the place that momentum would coast to",
    x[t],
    equals(θ[t] - α * γ * v[t], induction(t)),
    sequences={
        x: (x_0, t, x[t] - α * (g[t + 1] + γ * pushed)),
        θ: (x_0, t, θ[t] - α * pushed),
        v: (0, t, pushed),
    },
)

# ---------------------------------------------------------------- on a parabola

here, before, speed = real("x x' v")
was_here = Eq(α * γ * speed, (1 - α * λ) * before - here)

two_places = Derivation(
    "On a parabola a step depends on the last two places, and the curvature damps both",
    here - α * (λ * here + γ * (γ * speed + λ * here)),
    equals(
        here - α * λ * here - γ * ((1 - α * λ) * before - here) - α * γ * λ * here,
        hypothesis(was_here),
    ),
    equals((1 - α * λ) * ((1 + γ) * here - γ * before), algebra),
    given=[was_here],
)

too_far = Eq(α * λ, 2 * (1 + γ) / (1 + 2 * γ))

edge = Derivation(
    "Where a flip from side to side neither grows nor fades",
    (1 - α * λ) * ((1 + γ) * here - γ * -here),
    equals((1 + 2 * γ) * here - α * λ * (1 + 2 * γ) * here, algebra),
    equals(
        (1 + 2 * γ) * here - 2 * (1 + γ) / (1 + 2 * γ) * (1 + 2 * γ) * here,
        hypothesis(too_far),
    ),
    equals(-here, algebra),
    given=[too_far],
)
