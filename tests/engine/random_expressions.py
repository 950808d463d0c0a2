"""Random indexed expressions, for the test that normal forms keep the value.

A seed gives an expression of nested sums, products, derivatives, expectations, deltas,
powers with symbolic exponents and elementary functions; arguments of roots, logarithms
and denominators are kept away from zero, so that nearly every expression has a value.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from sympy import (
    Abs,
    Derivative,
    Expr,
    Integer,
    KroneckerDelta,
    Max,
    Product,
    Rational,
    Sum,
    binomial,
    exp,
    log,
    sqrt,
    tanh,
)

from derivations.engine.language import (
    Bernoulli,
    E,
    Index,
    Normal,
    Var,
    array,
    function,
    index,
    positive,
    probability,
    randoms,
    real,
    size,
    time,
    unknown,
)
from derivations.engine.normal_form import POWERS, Licence

n, t = size("n"), time("t")
k, l = index("k l", 1, n)
x, c, p = real("x"), positive("c"), probability("p")
y, z, X = array("y z X")
B, G = randoms("B", Bernoulli(p)), randoms("G", Normal(x, c))
σ = function(r"\sigma", lambda u: 1 / (1 + exp(-u)))
f = unknown("f")

#: A base that the prover cannot show to be nonzero.
DOUBTFUL = 1 - c * p


class Generator:
    """Draws one expression; every bound name is new."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.names = 0
        self.expecting = False

    def draw(self, *depths: int) -> Expr:
        """Return an expression of one of these depths."""
        return self.expression(self.random.choice(depths), ())

    def pick(self, *options: Callable[[], Any]) -> Any:
        """Return what one of the options gives."""
        return self.random.choice(options)()

    def place(self, scope: Sequence[Index]) -> Index:
        """Return an index that is in scope."""
        return self.random.choice((k, l, *scope, *scope))

    def shifted(self, scope: Sequence[Index]) -> Expr:
        """Return an index that is in scope, shifted or reversed at times."""
        i = self.place(scope)
        return self.random.choice((i, i, i, i + 1, i - 1, n - i))

    def leaf(self, scope: Sequence[Index]) -> Expr:
        """Return a number, a symbol, an entry or a delta."""
        at, near = (lambda: self.place(scope)), (lambda: self.shifted(scope))
        options = [
            lambda: Integer(self.random.randint(-3, 3)),
            lambda: Rational(1, self.random.randint(2, 4)),
            lambda: self.random.choice((x, c, p, n)),
            at,
            lambda: y[at()],
            lambda: y[near()],
            lambda: z[near()],
            lambda: X[at(), at()],
            lambda: X[at(), at()],
            lambda: KroneckerDelta(at(), near()),
            lambda: KroneckerDelta(at(), at()),
        ]
        if self.expecting:
            options += [lambda: B[at()], lambda: G[at()]] * 3
        return self.pick(*options)

    def bound(self, kind: Any, depth: int, scope: Sequence[Index]) -> Expr:
        """Return a sum or product over a new index."""
        ranges = [(1, n)] * 4
        ranges += [(1, n + 1), (2, n), (1, n - 1), (0, n - 1), (0, n), (0, 2)]
        ranges += [(k, n), (1, l), (t + 1, t + n)]
        if scope:
            ranges += [(1, scope[-1]), (scope[-1], n)] * 2
        self.names += 1
        i = Index(f"s{self.names}", *self.random.choice(ranges))
        return kind(self.expression(depth - 1, (*scope, i)), (i, *i.range))

    def expectation(self, depth: int, scope: Sequence[Index]) -> Expr:
        """Return a mean or variance, never one inside another."""
        if self.expecting:
            return self.expression(depth - 1, scope)
        self.expecting = True
        inside = self.polynomial(min(depth, 2), scope) + G[self.place(scope)]
        self.expecting = False
        return self.random.choice((E, E, Var))(inside)

    def polynomial(self, depth: int, scope: Sequence[Index]) -> Expr:
        """Return a polynomial in random variables and others."""
        if depth <= 0:
            return self.leaf(scope)

        def part() -> Expr:
            return self.polynomial(depth - 1, scope)

        def total() -> Expr:
            self.names += 1
            i = Index(f"s{self.names}", 1, n)
            return Sum(self.polynomial(depth - 1, (*scope, i)), (i, 1, n))

        return self.pick(
            lambda: part() + part(),
            lambda: part() * part(),
            lambda: part() ** 2,
            total,
            total,
        )

    def derivative(self, depth: int, scope: Sequence[Index]) -> Expr:
        """Return the derivative of something by what occurs in it."""
        inside = self.expression(depth - 1, scope)
        variable = self.random.choice((x, c, p, y[k], z[l], X[k, l]))
        if self.expecting or not variable.free_symbols & inside.free_symbols:
            return inside
        return Derivative(inside, variable)

    def expression(self, depth: int, scope: Sequence[Index]) -> Expr:
        """Return an expression of this depth."""
        if depth <= 0:
            return self.leaf(scope)

        def part() -> Expr:
            return self.expression(depth - 1, scope)

        def total() -> Expr:
            return self.bound(Sum, depth, scope)

        def exponent() -> Expr:
            i = self.place(scope)
            return self.random.choice((t, t + 1, n - i, i))

        return self.pick(
            lambda: part() + part(),
            lambda: part() - part(),
            lambda: part() * part(),
            lambda: part() * part(),
            lambda: part() ** 2,
            *[total] * 5,
            lambda: self.bound(Product, depth, scope),
            *[lambda: self.derivative(depth, scope)] * 2,
            lambda: self.expectation(depth, scope),
            lambda: exp(part() / 5),
            lambda: log(1 + part() ** 2),
            lambda: log(1 + total() ** 2),
            lambda: log(c * p * exp(part() / 4)),
            lambda: 1 / (1 + part() ** 2),
            lambda: part() / (1 + exp(part() / 7)),
            lambda: sqrt(1 + part() ** 2),
            lambda: Abs(part(), evaluate=False),
            lambda: Max(varying(part()), varying(part())),
            lambda: c ** exponent() * part(),
            lambda: DOUBTFUL ** exponent() * part(),
            lambda: 2 ** exponent() * part(),
            lambda: binomial(n, self.shifted(scope)) * part(),
            lambda: σ(part()),
            lambda: tanh(part() / 3),
            lambda: f(part()),
        )


def varying(e: Expr) -> Expr:
    """Return e, or x + e for a number: SymPy's Max does not take every constant."""
    return x + e if e.is_number else e


def expression(seed: int) -> Expr:
    """Return the expression that belongs to a seed; beyond 1,500 they are deeper."""
    return Generator(seed).draw(*((2, 2, 3) if seed < 1_500 else (2, 3, 3, 4)))


def licence(seed: int) -> Licence:
    """Return a licence: all powers for most seeds, some of them for others."""
    random = Random(-seed)
    everything = random.random() < 0.7
    powers = [q for q in sorted(POWERS) if everything or random.random() < 0.5]
    unfold = [g for g in (σ, tanh, Var) if random.random() < 0.5]
    return Licence(frozenset(powers), frozenset(unfold))
