"""One hidden layer on a line: it draws any curve, as closely as it has units."""

from sympy import Expr

from derivations.engine import (
    Derivation,
    algebra,
    array,
    at_most,
    equals,
    induction,
    nonnegative,
    positive,
    probability,
    real,
    size,
    square,
    time,
)

n = size("n")
x, y, p = real("x y p")
L, M = positive("L M")

# --------------------------------------------------------------- what the network is

# Left of its threshold a unit is silent. S[k] and N[k] are the networks where the
# units 0 to k are on: k counts the thresholds left of x.
k = time("k")
v, knot, s = array("v a s")
S, N = array("S N")
start = real("f_0")

steps = Derivation(
    "Steps add up to the value of the piece",
    S[k],
    equals(v[k], induction(k)),
    sequences={S: (v[0], k, S[k] + (v[k + 1] - v[k]))},
)

begin = start + s[0] * (x - knot[0])
bend = (s[k + 1] - s[k]) * (x - knot[k + 1])

rectifiers = Derivation(
    "Rectifiers add up to the straight line of the piece",
    N[k],
    equals(v[k] + s[k] * (x - knot[k]), induction(k)),
    sequences={
        N: (begin, k, N[k] + bend),
        v: (start, k, v[k] + s[k] * (knot[k + 1] - knot[k])),
    },
)

# ----------------------------------------------------------------- how far it is off

# On [0, 1] in n pieces. A bound is kept by a shortfall g or q that is not negative:
# f moves by L times the distance, less g, and the distance is 1/2n, less q.
g, q = nonnegative("g q")

step_error = Derivation(
    "A step at each middle is off by at most L over 2n",
    L * (1 / (2 * n) - q) - g,
    at_most(L * (1 / (2 * n) - q), square(g)),
    at_most(L / (2 * n), square(L * q)),
)

# x lies the fraction t into its piece; y = f(x).
t = probability("t")
left = y + L * t / n - g
right = y + L * (1 - t) / n - q

line_error = Derivation(
    "Straight pieces are off by at most L over 2n",
    (1 - t) * left + t * right - y,
    equals(2 * L * t * (1 - t) / n - (1 - t) * g - t * q, algebra),
    at_most(2 * L * t * (1 - t) / n, square((1 - t) * g + t * q)),
    at_most(L / (2 * n), square(L * (2 * t - 1) ** 2 / (2 * n))),
)

# Taylor's theorem at x, with the slope p there and a curvature of at most M.
left = y - p * t / n + M * t**2 / (2 * n**2) - g
right = y + p * (1 - t) / n + M * (1 - t) ** 2 / (2 * n**2) - q

smooth_error = Derivation(
    "On a smooth function they are off by at most M over 8n²",
    (1 - t) * left + t * right - y,
    equals(M * t * (1 - t) / (2 * n**2) - (1 - t) * g - t * q, algebra),
    at_most(M * t * (1 - t) / (2 * n**2), square((1 - t) * g + t * q)),
    at_most(M / (8 * n**2), square(M * (2 * t - 1) ** 2 / (8 * n**2))),
)

# --------------------------------------------------------------------- what it is not

# Any line b x + c, on a piece of width 2h around m.
b, c, m = real("b c m")
h, ε = positive("h epsilon")


def miss(x: Expr) -> Expr:
    """Return by how much the line falls short of the parabola at x."""
    return x**2 - (b * x + c)


bulge = Derivation(
    "No line takes the bulge out of a parabola",
    miss(m - h) - 2 * miss(m) + miss(m + h),
    equals(2 * h**2, algebra),
)

# ε is the largest of the three misses; r and the others are what each stays below it.
r = nonnegative("r")

largest_miss = Derivation(
    "The largest of the misses is at least a quarter of the bulge",
    (ε - g) - 2 * (r - ε) + (ε - q),
    equals(4 * ε - (g + 2 * r + q), algebra),
    at_most(4 * ε, square(g + 2 * r + q)),
)

# At a jump from 0 to 1 a continuous function passes both sides with one value. It is
# ε - g away from one of them and ε - q from the other.
jump = Derivation(
    "No continuous function is closer to a jump than half of it",
    (ε - g) + (ε - q),
    at_most(2 * ε, square(g + q)),
)
