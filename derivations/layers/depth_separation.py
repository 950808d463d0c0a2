"""Why depth: k folds make 2^k pieces, one layer at most one more than its neurons."""

from derivations.activations.relu import relu
from derivations.engine import (
    Σ,
    Derivation,
    Eq,
    Max,
    Rational,
    algebra,
    array,
    definition,
    each,
    equals,
    function,
    hypothesis,
    index,
    induction,
    real,
    size,
    time,
)

x = real("x")
half = Rational(1, 2)
tent = function(r"\tau", lambda u: 2 * relu(u) - 4 * relu(u - half))

# ------------------------------------------------------------- two neurons make a tent

left = Derivation(
    "Up to the middle the tent rises",
    tent(x),
    equals(2 * relu(x) - 4 * relu(x - half), definition(tent)),
    equals(2 * Max(0, x) - 4 * Max(0, x - half), definition(relu)),
    equals(2 * x, algebra),
    given=[x >= 0, x <= half],
)

right = Derivation(
    "From the middle on it falls",
    tent(x),
    equals(2 * relu(x) - 4 * relu(x - half), definition(tent)),
    equals(2 * Max(0, x) - 4 * Max(0, x - half), definition(relu)),
    equals(2 - 2 * x, algebra),
    given=[x >= half],
)

mirror = Derivation(
    "The tent is symmetric",
    2 * Max(0, 1 - x) - 4 * Max(0, (1 - x) - half),
    equals(2 * Max(0, x) - 4 * Max(0, x - half), algebra),
    given=[x >= 0, x <= 1],
)

# ------------------------------------------------------------------------ the k-th fold

t = time("k")
P, Q, T = array("p q t")

pieces = Derivation(
    "Each fold doubles the pieces",
    P[t],
    equals(2**t, induction(t)),
    sequences={P: (1, t, 2 * P[t])},
)

kinks = Derivation(
    "The kinks: those there were, twice, and the fold itself",
    Q[t],
    equals(2**t - 1, induction(t)),
    sequences={Q: (0, t, 2 * Q[t] + 1)},
)

stays = Derivation(
    "Two thirds stay two thirds, however deep",
    T[t],
    equals(Rational(2, 3), induction(t)),
    sequences={T: (Rational(2, 3), t, 2 * Max(0, T[t]) - 4 * Max(0, T[t] - half))},
)

# -------------------------------------------------------------------- one hidden layer

m = size("m")
j = index("j", 1, m)
r, w, b, a, g = array("r w b a g")

# Between two kinks every rectifier is on, g = 1, or off, g = 0; r is what it returns.
switches = each(j, Eq(r[j], g[j] * (w[j] * x + b[j])))

straight = Derivation(
    "Between its kinks one hidden layer is a straight line",
    Σ(a[j] * r[j], j),
    equals(Σ(a[j] * (g[j] * (w[j] * x + b[j])), j), hypothesis(switches)),
    equals(x * Σ(a[j] * g[j] * w[j], j) + Σ(a[j] * g[j] * b[j], j), algebra),
    given=[switches],
)
