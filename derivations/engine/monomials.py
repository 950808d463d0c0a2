"""Terms as products of generators with exponents, and division of one by another.

A *generator* is a pair (base, kernel) that stands for base**kernel: ``x`` is (x, 1),
``x**(2*t)`` is the square of (x, t), ``exp(3*u)`` is the cube of (e, u). Exponents are
rational. A power with a sum for exponent, such as ``b**(s + t)``, is taken apart only
if b is known not to vanish: 0**(1 - 1) is 1, and 0**1 * 0**(-1) is nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import (
    Add,
    Dummy,
    Expr,
    Mul,
    Pow,
    Rational,
    S,
    default_sort_key,
    exp,
    fraction,
)

from derivations.engine.effort import together

__all__ = ["Monomials", "is_numeric", "one_fraction"]

Generator = tuple[Expr, Expr]
Exponents = dict[Generator, Rational]


class Monomials:
    """Generators, leading terms and common factors, given which bases are nonzero."""

    def __init__(self, nonzero: Callable[[Expr], bool]) -> None:
        self._nonzero = nonzero
        self._split: dict[Expr, tuple[Expr, Exponents]] = {}
        self._leading: dict[Expr, tuple[Expr, Expr]] = {}

    def generators(self, term: Expr) -> tuple[Expr, Exponents]:
        """Split a term (no sum on top) into a number and its generators' exponents."""
        if term not in self._split:
            self._split[term] = self._take_apart(term)
        return self._split[term]

    def _take_apart(self, term: Expr) -> tuple[Expr, Exponents]:
        coefficient, powers = S.One, Exponents()
        for factor in Mul.make_args(term):
            base, exponent = factor.as_base_exp()
            if base is not S.Exp1 and is_numeric(factor):
                coefficient *= factor
                continue
            parts = Add.make_args(exponent)
            if len(parts) > 1 and not (base is S.Exp1 or self._nonzero(base)):
                parts = (exponent,)
            for part in parts:
                number, kernel = part.as_coeff_Mul()
                key = (base, kernel)
                powers[key] = powers.get(key, S.Zero) + number
        return coefficient, {g: q for g, q in powers.items() if q}

    def leading(self, polynomial: Expr) -> tuple[Expr, Expr]:
        """Return the lexicographically largest term, and the rest.

        One order of the generators for all polynomials, so that rewriting leading
        terms by the rest, of several polynomials in turn, comes to an end.
        """
        if polynomial not in self._leading:
            terms = Add.make_args(polynomial)
            split = [(t, self.generators(t)[1]) for t in terms]
            order = sorted({g for _, powers in split for g in powers}, key=_key)
            best = max(split, key=lambda s: [s[1].get(g, S.Zero) for g in order])[0]
            self._leading[polynomial] = best, polynomial - best
        return self._leading[polynomial]

    def ends(self, polynomial: Expr, term: Expr) -> list[tuple[Expr, Expr]]:
        """List the terms by which term / polynomial can be split, each with the rest.

        The leading term; and, if the term divides by a generator that all terms of
        the polynomial but one contain, that one: 1/(x*(1 + x)) = 1/x - 1/(1 + x).
        """
        have = self.generators(term)[1]
        first, rest = self.leading(polynomial)
        found = []
        if all(g in have for g in self.generators(first)[1]):
            found.append((first, rest))
        terms = Add.make_args(polynomial)
        for generator, exponent in have.items():
            if exponent >= 0:
                continue
            lack = [t for t in terms if generator not in self.generators(t)[1]]
            if len(lack) == 1:
                found.append((lack[0], polynomial - lack[0]))
        return found

    def divide(self, term: Expr, divisor: Expr) -> Expr | None:
        """Return term / divisor where all generators of the divisor are in the term.

        Exponents must have the same sign and be at least as large in size: a square
        root of x does not contain an x. None where that is not so.
        """
        _, have = self.generators(term)
        coefficient, want = self.generators(divisor)
        for generator, exponent in want.items():
            found = have.get(generator, S.Zero)
            if found * exponent <= 0 or abs(found) < abs(exponent):
                return None
        return term / coefficient / Mul(*(_power(g, q) for g, q in want.items()))

    def content(self, polynomial: Expr) -> tuple[Expr, Expr]:
        """Return the common monomial of all terms (a number first), and the quotient.

        The quotient has whole coefficients without common divisor where they are
        rational; its constant term is positive, or else its leading coefficient.
        """
        terms = Add.make_args(polynomial)
        split = [self.generators(t) for t in terms]
        number = _common_number([c for c, _ in split])
        common = _common_generators([p for _, p in split])
        monomial = Mul(*(_power(g, q) for g, q in common.items()))
        quotient = Add(*(t / number / monomial for t in terms))
        constant = quotient.as_coeff_Add()[0]
        first = constant or self.generators(self.leading(quotient)[0])[0]
        if first.is_negative:
            number, quotient = -number, Add(*(-t for t in quotient.args))
        return number * monomial, quotient


def one_fraction(e: Expr) -> tuple[Expr, Expr]:
    """Return numerator and denominator of e over one denominator.

    SymPy's `together` would go on into sums and entries; they are put aside.
    """
    aside: dict[Expr, Dummy] = {}
    over, under = fraction(together(_masked(e, aside)))
    back = {dummy: atom for atom, dummy in aside.items()}
    return over.xreplace(back), under.xreplace(back)


def _masked(e: Expr, aside: dict[Expr, Dummy]) -> Expr:
    if e.is_Add or e.is_Mul:
        return e.func(*(_masked(a, aside) for a in e.args))
    if e.is_Pow and not isinstance(e, exp):
        return Pow(_masked(e.base, aside), e.exp)
    if e.is_Number or e.is_NumberSymbol or e.is_Symbol or isinstance(e, exp):
        return e
    if e not in aside:
        aside[e] = Dummy()
    return aside[e]


def is_numeric(e: Expr) -> bool:
    """Tell, fast, whether e is made of numbers by +, * and powers."""
    if e.is_Add or e.is_Mul or (e.is_Pow and e.base is not S.Exp1):
        return all(map(is_numeric, e.args))
    return bool(e.is_Number or e.is_NumberSymbol)


def _key(generator: Generator) -> tuple[object, object]:
    base, kernel = generator
    return default_sort_key(base), default_sort_key(kernel)


def _power(generator: Generator, exponent: Rational) -> Expr:
    base, kernel = generator
    if base is S.Exp1:
        return exp(kernel * exponent)
    return Pow(base, kernel * exponent)


def _common_number(coefficients: list[Expr]) -> Expr:
    """Return the largest rational that divides all coefficients to whole numbers."""
    if not all(c.is_Rational for c in coefficients):
        return S.One
    top, bottom = S.Zero, S.One
    for c in coefficients:
        top, bottom = S(top).gcd(abs(c.p)), S(bottom).lcm(c.q)
    return Rational(top, bottom)


def _common_generators(terms: list[Exponents]) -> Exponents:
    """Return what all terms share, and whatever one of them divides by."""
    common = Exponents()
    for generator in sorted({g for p in terms for g in p}, key=_key):
        exponents = [p.get(generator, S.Zero) for p in terms]
        low = min(exponents)
        if low < 0 or all(q > 0 for q in exponents):
            common[generator] = low
    return common
