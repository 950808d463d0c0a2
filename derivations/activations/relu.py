"""The rectifier: its two halves, how often it is zero, and why a dead unit stays so."""

from derivations.engine import (
    Σ,
    Abs,
    Derivation,
    Eq,
    Integral,
    Max,
    algebra,
    antiderivative,
    array,
    d,
    definition,
    differentiation,
    each,
    equals,
    erf,
    exp,
    function,
    hypothesis,
    index,
    induction,
    oo,
    pi,
    positive,
    real,
    size,
    sqrt,
    time,
)

x, y, μ = real("x y mu")
a, s, α = positive("a s alpha")
relu = function(r"\operatorname{relu}", lambda u: Max(0, u))

# ---------------------------------------------------------------- two halves

absolute_value = Derivation(
    "The rectifier through the absolute value",
    relu(x),
    equals(Max(0, x), definition(relu)),
    equals((x + Abs(x)) / 2, algebra),
)

two_halves = Derivation(
    "A number is its positive part minus its negative part",
    relu(x) - relu(-x),
    equals(Max(0, x) - Max(0, -x), definition(relu)),
    equals(x, algebra),
)

homogeneous = Derivation(
    "A positive factor passes through the rectifier",
    relu(a * x),
    equals(Max(0, a * x), definition(relu)),
    equals(a * Max(0, x), algebra),
    equals(a * relu(x), definition(relu)),
)

# ---------------------------------------------------------------- the slope

constant_below_zero = Derivation(
    "Below zero the rectifier is constant",
    relu(-a),
    equals(0, definition(relu)),
)

slope_above_zero = Derivation(
    "Above zero the slope of the rectifier is one",
    d(relu(a), a),
    equals(d(a, a), definition(relu)),
    equals(1, differentiation),
)

# ---------------------------------------------------------------- how often it is zero

u = real("u")
density = exp(-((u - μ) ** 2) / (2 * s**2)) / (sqrt(2 * pi) * s)

share_of_zeros = Derivation(
    "How often the rectifier of a normal variable is zero",
    Integral(density, (u, -oo, 0)),
    equals(
        (1 - erf(μ / (sqrt(2) * s))) / 2,
        antiderivative(erf((u - μ) / (sqrt(2) * s)) / 2),
    ),
)

centered = Eq(μ, 0)

half_are_zero = Derivation(
    "With mean zero, the rectifier is zero half of the time",
    (1 - erf(μ / (sqrt(2) * s))) / 2,
    equals((1 - erf(0)) / 2, hypothesis(centered)),
    given=[centered],
)

# ---------------------------------------------------------------- a dead unit

n, width = size("n d")
i = index("i", 1, n)
l = index("l", 1, width)
X, w, g, slope = array("X w g s'")
dead = each(i, Eq(slope[i], 0))

dead_gradient = Derivation(
    "A unit with slope zero on every sample gets no gradient",
    Σ(g[i] * slope[i] * X[i, l], i),
    equals(0, hypothesis(dead)),
    given=[dead],
)

dead_stays = Derivation(
    "A step of gradient descent leaves a dead unit as it is",
    w[l] - α * Σ(g[i] * slope[i] * X[i, l], i),
    equals(w[l], hypothesis(dead)),
    given=[dead],
)

# The same over many steps: g and the slopes change from step to step, w is where it is.
t = time("t")
step = index("s", 1, t)
w_0 = real("w_0")
dead_always = each(step, each(i, Eq(slope[step, i], 0)))

dead_forever = Derivation(
    "A unit that is off at every step is where it was, after any number of steps",
    w[t],
    equals(
        w_0 - α * Σ(Σ(g[step, i] * slope[step, i] * X[i, l], i), step), induction(t)
    ),
    equals(w_0, hypothesis(dead_always)),
    given=[dead_always],
    sequences={
        w: (w_0, t, w[t] - α * Σ(g[t + 1, i] * slope[t + 1, i] * X[i, l], i)),
    },
)
