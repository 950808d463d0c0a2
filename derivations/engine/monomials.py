"""Terms as products of generators with exponents, and division of one by another.

A *generator* is a pair (base, kernel) that stands for base**kernel: ``x`` is (x, 1),
``x**(2*t)`` is the square of (x, t), ``exp(3*u)`` is the cube of (e, u). Exponents are
rational. Nothing here changes an expression; it only finds its way about in one.
"""

from __future__ import annotations

from functools import lru_cache

from sympy import Add, Expr, Mul, Pow, Rational, S, default_sort_key, exp

__all__ = ["content", "divide", "generators", "leading"]

Generator = tuple[Expr, Expr]
Exponents = dict[Generator, Rational]


@lru_cache(maxsize=20_000)
def _generators(term: Expr) -> tuple[Expr, tuple[tuple[Generator, Rational], ...]]:
    coefficient, powers = S.One, Exponents()
    for factor in Mul.make_args(term):
        if factor.is_number and not isinstance(factor, exp):
            coefficient *= factor
            continue
        base, exponent = (
            (S.Exp1, factor.args[0])
            if isinstance(factor, exp)
            else factor.as_base_exp()
        )
        for part in Add.make_args(exponent):
            number, kernel = part.as_coeff_Mul()
            if not number.is_Rational:
                number, kernel = S.One, part
            key = (base, kernel)
            powers[key] = powers.get(key, S.Zero) + number
    return coefficient, tuple((g, q) for g, q in powers.items() if q)


def generators(term: Expr) -> tuple[Expr, Exponents]:
    """Split a term (no sum on top) into a number and its generators' exponents."""
    coefficient, powers = _generators(term)
    return coefficient, dict(powers)


def _key(generator: Generator) -> tuple[object, object]:
    base, kernel = generator
    return default_sort_key(base), default_sort_key(kernel)


@lru_cache(maxsize=5_000)
def leading(polynomial: Expr) -> tuple[Expr, Expr]:
    """Return the lexicographically largest term, and the rest.

    One order of the generators for all polynomials, so that rewriting leading terms
    by the rest, of several polynomials in turn, comes to an end.
    """
    terms = Add.make_args(polynomial)
    split = [(t, dict(_generators(t)[1])) for t in terms]
    order = sorted({g for _, powers in split for g in powers}, key=_key)
    best = max(split, key=lambda s: [s[1].get(g, S.Zero) for g in order])[0]
    return best, polynomial - best


def divide(term: Expr, divisor: Expr) -> Expr | None:
    """Return term / divisor where every generator of the divisor is there, else None.

    Exponents must have the same sign and be at least as large in size: a square root
    of x does not contain an x.
    """
    _, have = generators(term)
    coefficient, want = generators(divisor)
    for generator, exponent in want.items():
        found = have.get(generator, S.Zero)
        if found * exponent <= 0 or abs(found) < abs(exponent):
            return None
    return term / coefficient / Mul(*(_power(g, q) for g, q in want.items()))


def _power(generator: Generator, exponent: Rational) -> Expr:
    base, kernel = generator
    if base is S.Exp1:
        return exp(kernel * exponent)
    return Pow(base, kernel * exponent)


def content(polynomial: Expr) -> tuple[Expr, Expr]:
    """Return the common monomial of all terms (a number first), and the quotient.

    The quotient has whole coefficients without common divisor where they are rational,
    and its constant term is positive; its leading coefficient, if there is none.
    """
    terms = Add.make_args(polynomial)
    split = [generators(t) for t in terms]
    number = S.One
    if all(c.is_Rational for c, _ in split):
        top, bottom = S.Zero, S.One
        for c, _ in split:
            top, bottom = S(top).gcd(abs(c.p)), S(bottom).lcm(c.q)
        number = Rational(top, bottom)
    common: Exponents = {}
    for generator in sorted(set.intersection(*(set(p) for _, p in split)), key=_key):
        exponents = [p[generator] for _, p in split]
        low = min(exponents, key=abs)
        if all(q * low > 0 for q in exponents):
            common[generator] = low
    for generator in sorted({g for _, p in split for g in p}, key=_key):
        low = min(p.get(generator, S.Zero) for _, p in split)
        if low < 0:
            common[generator] = low
    monomial = Mul(*(_power(g, q) for g, q in common.items()))
    quotient = Add(*(t / number / monomial for t in terms))
    constant = quotient.as_coeff_Add()[0]
    first = constant or generators(leading(quotient)[0])[0]
    if first.is_negative:
        number, quotient = -number, Add(*(-t for t in quotient.args))
    return number * monomial, quotient
