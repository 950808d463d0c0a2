"""Random variables: what is known of their laws, and expectation over them.

A statement about a family holds for every law with the moments that are declared, and
with as many moments as the statement speaks of. A `stand_in` is one finite law with
these moments: the refuter computes with it.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Basic,
    Expr,
    Function,
    Indexed,
    IndexedBase,
    Rational,
    S,
    Sum,
    Symbol,
    sqrt,
    sympify,
)

from derivations.engine.symbols import Label

__all__ = [
    "Bernoulli",
    "E",
    "Family",
    "Law",
    "Moments",
    "Normal",
    "Var",
    "polynomial_in_randoms",
    "randoms",
]


class Law(Basic):
    """What is known of the distribution of a random variable."""

    def moment(self, order: int) -> Expr | None:
        """Return the raw moment E X^order, or None when it is not known."""
        raise NotImplementedError

    def conditions(self) -> tuple[Expr, ...]:
        """Return what must be nonnegative for such a law to exist."""
        raise NotImplementedError

    def stand_in(self) -> tuple[tuple[Expr, Expr], ...]:
        """Return one finite law with these moments: pairs (value, probability)."""
        raise NotImplementedError


class Bernoulli(Law):
    """1 with probability p, else 0."""

    def __new__(cls, p: Any) -> Bernoulli:
        """Check p when it is a number."""
        p = sympify(p)
        if p.is_number and not 0 <= p <= 1:
            msg = f"Bernoulli: p must lie in [0, 1], got {p}"
            raise ValueError(msg)
        return Basic.__new__(cls, p)

    def moment(self, order: int) -> Expr | None:
        """Return p: every power of 0 or 1 is itself."""
        return self.args[0] if order else S.One

    def conditions(self) -> tuple[Expr, ...]:
        """Return p and 1 - p."""
        return self.args[0], 1 - self.args[0]

    def stand_in(self) -> tuple[tuple[Expr, Expr], ...]:
        """Return the law itself."""
        return (S.One, self.args[0]), (S.Zero, 1 - self.args[0])


class Moments(Law):
    """Any law with this mean and this mean square; no further moment is known."""

    def __new__(cls, mean: Any, square: Any) -> Moments:
        """Check the variance when it is a number."""
        mean, square = sympify(mean), sympify(square)
        spread = square - mean**2
        if spread.is_number and spread < 0:
            msg = (
                f"Moments: the mean square must be at least the squared mean, "
                f"got {square} < ({mean})**2"
            )
            raise ValueError(msg)
        return Basic.__new__(cls, mean, square)

    def moment(self, order: int) -> Expr | None:
        """Return 1, the mean, the mean square; nothing beyond."""
        return (S.One, *self.args)[order] if order <= 2 else None

    def conditions(self) -> tuple[Expr, ...]:
        """Return the variance."""
        return (self.args[1] - self.args[0] ** 2,)

    def stand_in(self) -> tuple[tuple[Expr, Expr], ...]:
        """Return a skewed three-point law, so that no higher moment is a round one."""
        mean, square = self.args
        deviation = sqrt(square - mean**2)
        # Values 2, 0, -1 with weights 1/6, 1/2, 1/3: mean 0, variance 1, skewness 1.
        return (
            (mean + 2 * deviation, Rational(1, 6)),
            (mean, Rational(1, 2)),
            (mean - deviation, Rational(1, 3)),
        )


class Normal(Law):
    """Any law whose first five moments are those of N(mean, variance)."""

    def __new__(cls, mean: Any, variance: Any) -> Normal:
        """Check the variance when it is a number."""
        mean, variance = sympify(mean), sympify(variance)
        if variance.is_number and variance < 0:
            msg = f"Normal: the variance must not be negative: {variance}"
            raise ValueError(msg)
        return Basic.__new__(cls, mean, variance)

    def moment(self, order: int) -> Expr | None:
        """Return the raw moment of the normal law, up to the fifth."""
        m, v = self.args
        known = (
            S.One,
            m,
            m**2 + v,
            m**3 + 3 * m * v,
            m**4 + 6 * m**2 * v + 3 * v**2,
            m**5 + 10 * m**3 * v + 15 * m * v**2,
        )
        return known[order] if order < len(known) else None

    def conditions(self) -> tuple[Expr, ...]:
        """Return the variance."""
        return (self.args[1],)

    def stand_in(self) -> tuple[tuple[Expr, Expr], ...]:
        """Return the three-point Gauss-Hermite law: five equal moments."""
        mean, variance = self.args
        reach = sqrt(3 * variance)
        return (
            (mean - reach, Rational(1, 6)),
            (mean, Rational(2, 3)),
            (mean + reach, Rational(1, 6)),
        )


class Family(IndexedBase):
    """Independent copies X_1, X_2, … of one random variable; the law is in ``args``.

    Because the law is an argument, substituting a number for a parameter changes the
    law as well, and the parameters of the law count among the free symbols.
    """

    def __new__(cls, label: Any, law: Law) -> Family:
        """Attach the law to the label."""
        self = Expr.__new__(cls, label, law)
        self._shape, self._offset, self._strides = None, S.Zero, None
        self._name = str(label)
        IndexedBase._set_assumptions(self, label.assumptions0)
        return self

    @property
    def law(self) -> Law:
        """The common law of the copies."""
        return self.args[1]

    @property
    def free_symbols(self) -> set[Symbol]:
        """The label and every parameter of the law."""
        return self.label.free_symbols | self.law.free_symbols


def randoms(name: str, law: Any) -> Family:
    """Make independent copies of a random variable; families are independent too."""
    if not isinstance(law, Law):
        msg = f"randoms {name}: the law must be a Law, got {law!r}"
        raise ValueError(msg)
    return Family(Label(name, real=True), law)


class E(Function):
    """Expectation over every random variable inside; inert."""

    nargs = 1

    def _eval_is_real(self) -> bool | None:
        return self.args[0].is_real

    def _eval_derivative(self, x: Any) -> Expr | None:
        """Differentiate under E where that is licensed, else leave it (None).

        It is licensed when the law does not depend on the variable and the random
        variables occur as a polynomial: then E is a finite sum of moments.
        """
        inside = self.args[0]
        if any(x in family.free_symbols for family in inside.atoms(Family)):
            return None
        return E(inside.diff(x)) if polynomial_in_randoms(inside) else None


def polynomial_in_randoms(e: Expr) -> bool:
    """Tell whether random variables enter by +, *, whole powers, finite sums only."""
    if not e.atoms(Family) or isinstance(e, Indexed):
        return True
    if isinstance(e, Sum):
        return polynomial_in_randoms(e.function)
    if e.is_Pow:
        whole = e.exp.is_Integer and e.exp > 0
        return whole and polynomial_in_randoms(e.base)
    return (e.is_Add or e.is_Mul) and all(map(polynomial_in_randoms, e.args))


class Var(Function):
    """Variance over every random variable inside; inert."""

    nargs = 1

    def _eval_is_real(self) -> bool | None:
        return self.args[0].is_real

    def _eval_derivative(self, _x: Any) -> None:
        return None
