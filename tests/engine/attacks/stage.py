"""What the attacks share: names, and a factor that hides an error from the refuter."""

from derivations.engine import (
    Bernoulli,
    Rational,
    array,
    exp,
    function,
    index,
    positive,
    probability,
    randoms,
    real,
    size,
    time,
)

n, m = size("n m")
#: 0 at every size the refuter may try: only the prover and the audit can object.
GHOST = (n - 1) * (n - 2) * (n - 3) * (n - 4) * (n - 5) * (n - 6)
HALF = Rational(1, 2)
x, y, c, u = real("x y c u")
s, r = positive("s r")
p, q, β = probability("p q beta")
G = real("G")
i, j, k = index("i j k", 1, n)
a, b, v, w = array("a b v w")
t = time("t")
σ = function(r"\sigma", lambda z: 1 / (1 + exp(-z)))
δ = randoms(r"\delta", Bernoulli(p))
