"""Momentum: what the velocity holds, how fast it gets, and the heavy ball's rate."""

from derivations.engine import (
    Σ,
    Derivation,
    Eq,
    algebra,
    array,
    at_most,
    equals,
    hypothesis,
    index,
    induction,
    positive,
    probability,
    real,
    square,
    theorem,
    time,
)

t = time("t")
s = index("s", 1, t)
γ = probability("gamma")
α, λ = positive("alpha lambda")
v, g, m, x, y, e = array("v g m x y e")

# ---------------------------------------------------------------- the velocity

unrolled = Derivation(
    "The velocity is a sum of all gradients, each faded by its age",
    v[t],
    equals(Σ(γ ** (t - s) * g[s], s), induction(t)),
    sequences={v: (0, t, γ * v[t] + g[t + 1])},
)

G = positive("G")
steady = {v: (0, t, γ * v[t] + G)}
so_fast = (1 - γ**t) / (1 - γ) * G

constant_slope = Derivation(
    "The pushes of a constant gradient make a geometric sum",
    v[t],
    equals(so_fast, induction(t)),
    sequences=steady,
)

terminal_speed = Derivation(
    "A constant gradient drives the velocity up to a terminal speed",
    v[t],
    equals(so_fast, theorem(constant_slope)),
    at_most(G / (1 - γ), square(γ**t / (1 - γ) * G)),
    sequences=steady,
)

moving_average = Derivation(
    "A moving average of the gradients is the velocity, scaled down",
    m[t],
    equals((1 - γ) * v[t], induction(t)),
    sequences={
        m: (0, t, γ * m[t] + (1 - γ) * g[t + 1]),
        v: (0, t, γ * v[t] + g[t + 1]),
    },
)

# ---------------------------------------------------------------- the heavy ball

here, before, speed = real("x x' v")
was_here = Eq(α * speed, before - here)

two_places = Derivation(
    "On a parabola a step depends on the last two places",
    here - α * (γ * speed + λ * here),
    equals(here - γ * (before - here) - α * λ * here, hypothesis(was_here)),
    equals((1 + γ - α * λ) * here - γ * before, algebra),
    given=[was_here],
)

b = real("b")
x_0, y_0 = real("x_0 y_0")
at_first = x_0**2 - b * x_0 * y_0 + γ * y_0**2
now = x[t] ** 2 - b * x[t] * y[t] + γ * y[t] ** 2
swinging = {
    x: (x_0, t, b * x[t] - γ * y[t]),
    y: (y_0, t, x[t]),
    e: (at_first, t, γ * e[t]),
}

energy = Derivation(
    "What fades by the momentum is a square of the last two places",
    e[t],
    equals(now, induction(t)),
    sequences=swinging,
)

faded = Derivation(
    "After any number of steps that square has faded by as many factors",
    e[t],
    equals(γ**t * at_first, induction(t)),
    sequences=swinging,
)

envelope = Derivation(
    "The swing stays below a curve that falls by the root of the momentum a step",
    (1 - b**2 / (4 * γ)) * x[t] ** 2,
    at_most(now, square(γ * (y[t] - b / (2 * γ) * x[t]) ** 2)),
    equals(e[t], theorem(energy)),
    equals(γ**t * at_first, theorem(faded)),
    sequences=swinging,
)

# ---------------------------------------------------------------- the best pair

low, high = positive("m l")
best_rate = 4 / (high + low) ** 2
best_momentum = ((high - low) / (high + low)) ** 2

discriminant = Derivation(
    "The best pair lets every curvature in between swing",
    4 * best_momentum - (1 + best_momentum - best_rate * λ) ** 2,
    equals(best_rate**2 * (λ - low**2) * (high**2 - λ), algebra),
)
