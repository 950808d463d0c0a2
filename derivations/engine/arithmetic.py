"""Arithmetic of normal forms: products, powers, exponentials, logarithms, sizes.

A normal form is multiplied out. Powers of one base are gathered into one power; a power
of a sum with a whole positive exponent is expanded; what remains under a fractional or
negative exponent is primitive: no common factor, a fixed sign. Every law that fails for
some sign or for zero asks `polarity` first. (Over 300 lines: powers, logarithms and
sizes share one factorization, and each is needed by the others.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from sympy import (
    Abs,
    Add,
    Expr,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Product,
    S,
    Symbol,
    default_sort_key,
    exp,
    log,
)

from derivations.engine.effort import TERM, expand, factorized, nodes, spend
from derivations.engine.monomials import is_numeric, one_fraction
from derivations.engine.polarity import Modulus
from derivations.engine.terms import Terms

if TYPE_CHECKING:
    from derivations.engine.normal_form import Prover

__all__ = ["Arithmetic", "Prime", "expand_products"]


class Prime(Symbol):
    """A prime as the base of a symbolic power: 6*2**n and 3*2**(n+1) are one thing."""

    __slots__ = ("number",)
    number: Integer


@lru_cache(maxsize=200)
def _prime(number: int) -> Prime:
    symbol = Symbol.__xnew__(Prime, f"prime{number}", integer=True, positive=True)
    symbol.number = Integer(number)
    return symbol


class Arithmetic:
    """The arithmetic of one prover; arguments and results are normal forms."""

    def __init__(self, prover: Prover) -> None:
        self.prover = prover
        self.terms = Terms(prover)

    def add(self, terms: Iterable[Expr | None]) -> Expr:
        """Add normal forms."""
        return self.terms.tidy(Add(*(t for t in terms if t is not None)))

    def product(self, factors: Sequence[Expr]) -> Expr:
        """Multiply normal forms out."""
        terms: tuple[Expr, ...] = (S.One,)
        for f in factors:
            parts = Add.make_args(f)
            size = nodes(f) // len(parts) + sum(map(nodes, terms)) // len(terms)
            spend(len(terms) * len(parts), "terms multiplied out", each=TERM + size)
            if len(terms) == len(parts) == 1:
                terms = Add.make_args(self._times(terms[0], parts[0]))
            else:
                terms = Add.make_args(
                    Add(*(self._times(a, b) for a in terms for b in parts))
                )
        return self.terms.tidy(Add(*terms))

    def _times(self, a: Expr, b: Expr) -> Expr:
        return self.arith(Mul(a, b))

    def arith(self, e: Expr) -> Expr:
        """Multiply out whatever sums a product of normal forms has left standing."""
        if e.is_Add:
            return self.add([self.arith(t) for t in e.args])
        factors = self._gathered(Mul.make_args(e))
        open_ = [f for f in factors if self._unfinished(f)]
        if not open_:
            return Mul(*factors)
        done = Mul(*(f for f in factors if not self._unfinished(f)))
        pieces = [f if f.is_Add else self.power(*f.as_base_exp()) for f in open_]
        return self.product([done, *pieces])

    def _gathered(self, factors: Sequence[Expr]) -> Sequence[Expr]:
        """Write b**s * b**t as b**(s + t), s not a number; SymPy leaves that."""
        bases = {f.as_base_exp()[0] for f in factors if _symbolic(f)}
        if not bases or len(factors) == 1:
            return factors
        powers: dict[Expr, list[Expr]] = {b: [] for b in bases}
        rest = []
        for f in factors:
            base, x = f.as_base_exp()
            if base in bases and not (base.is_Rational and f.is_number and base != -1):
                powers[base].append(x)
            else:
                rest.append(f)
        for base, exponents in powers.items():
            x = expand(Add(*exponents)) if len(exponents) > 1 else exponents[0]
            rest.append(Pow(base, _parity(x) if base == -1 else x))
        return Mul.make_args(Mul(*rest))

    def _unfinished(self, f: Expr) -> bool:
        if f.is_Add:
            return True
        if not f.is_Pow or not f.base.is_Add or isinstance(f, exp):
            return False
        number, rest = f.exp.as_coeff_Add()
        if number < 1:
            return False
        return rest == 0 or self._whole_part_splits(f.base, f.exp)

    def power(self, b: Expr, x: Expr) -> Expr:
        """Return the normal form of b**x, both normalized."""
        if x == 0:
            return S.One
        if x == 1 or b == 1:
            return b
        if b == 0:
            return self.prover.rewrite(Pow(b, x))
        if self.prover.has("delta") and x.has(KroneckerDelta):
            cases = self._by_cases(b, x)
            if cases is not None:
                return cases
        if b.is_Add and x.is_Integer and x > 0:
            half = self.power(b, x // 2) if x > 3 else b
            return self.product(
                [half, half, *([b] if x % 2 else [])] if x > 3 else [b] * int(x)
            )
        number, factors = self.factored(b)
        if x.is_integer:
            pieces = [self._number_power(number, x)]
            pieces += [self._atom_power(f, self.product([k, x])) for f, k in factors]
        else:
            pieces = self._root(number, factors, x)
        return self.product(pieces)

    def _by_cases(self, b: Expr, x: Expr) -> Expr | None:
        """Write b**x(δ) as δ b**x(1) + (1 - δ) b**x(0), where both powers exist."""
        deltas = x.atoms(KroneckerDelta)
        delta = min(deltas, key=default_sort_key)
        one, zero = (expand(x.xreplace({delta: S(n)})) for n in (1, 0))
        shown = all(map(self.prover.ranges.nonnegative, (one, zero)))
        if not (shown or self.prover.signs.nonzero(b)):
            return None
        return self.add(
            [
                self.product([delta, self.power(b, one)]),
                self.power(b, zero),
                self.product([S.NegativeOne, delta, self.power(b, zero)]),
            ]
        )

    def _root(
        self, number: Expr, factors: list[tuple[Expr, Expr]], x: Expr
    ) -> list[Expr]:
        """Split (number * Π f**k)**x for any real x: only nonnegative factors part.

        The whole is not negative, so that of one remaining factor the same is true.
        """
        pieces, left = [self._number_power(abs(number), x)], []
        for f, k in factors:
            if self.prover.signs.nonnegative(f):
                pieces.append(self._atom_power(f, self.product([k, x])))
            elif k.is_Integer and k % 2 == 0:
                # |f| is f, or -f where that shows: a base of its own, with its sign.
                whole = self.product([k, x])
                pieces.append(self.power(self.absolute(f), whole))
            else:
                left.append((f, k))
        sign = -1 if number.is_negative else 1
        if (
            len(left) == 1
            and sign == 1
            and (left[0][1].is_Integer or left[0][1].is_Rational)
        ):
            ((f, k),) = left
            pieces.append(self._atom_power(f, self.product([k, x])))
        elif left or sign == -1:
            inside = self.product([S(sign), *(self._atom_power(f, k) for f, k in left)])
            pieces.append(Pow(inside, x))
        return pieces

    def _atom_power(self, f: Expr, x: Expr) -> Expr:
        """Return f**x for a factor f as `factored` gives it."""
        if is_numeric(f):
            return self._number_power(f, x)
        if isinstance(f, exp):
            return self.exponential(self.product([f.args[0], x]))
        if not f.is_Add:
            return self.prover.rewrite(Pow(f, x))
        number, rest = x.as_coeff_Add()
        whole = number // 1
        if whole < 1 or not (rest == 0 or self._whole_part_splits(f, x)):
            return Pow(f, x)
        part = x - whole
        spend(int(whole), "factors of a power", each=TERM)
        return self.product([f] * int(whole) + ([Pow(f, part)] if part != 0 else []))

    def _whole_part_splits(self, base: Expr, x: Expr) -> bool:
        """Tell whether base**(c + s) = base**c * base**s, c >= 1 a whole number."""
        number = x.as_coeff_Add()[0]
        rest = x - number // 1
        if rest.is_integer and self.prover.ranges.nonnegative(rest):
            return True
        if rest.is_integer:
            return self.prover.signs.nonzero(base)
        return self.prover.signs.positive(base)

    def _number_power(self, c: Expr, x: Expr) -> Expr:
        """Return c**x for a number c: primes with symbolic exponents are symbols."""
        if c == 1:
            return S.One
        if x.is_Rational or not c.is_Rational:
            return expand_products(Pow(c, x))
        if c < 0:
            sign = Pow(S.NegativeOne, _parity(x))
            return self._times(sign, self._number_power(-c, x))
        whole = x.as_coeff_Add()[0] // 1
        pieces = [Pow(c, whole)]
        for p, k in sorted(factorized(c).items()):
            pieces.append(Pow(_prime(p), expand(k * (x - whole))))
        return Mul(*pieces)

    def factored(self, e: Expr) -> tuple[Expr, list[tuple[Expr, Expr]]]:
        """Write a normal form as number * Π f**k; each sum f is primitive.

        One denominator is made of all fractions, so that the sign and the common
        monomial of what remains are the same however the fraction was written.
        """
        if e.is_Add and _has_fraction(e):
            over, under = one_fraction(e)
            n, top = self._content(self.arith(expand_products(over)))
            m, bottom = self._content(under)
            return n / m, top + [(f, -k) for f, k in bottom]
        return self._content(e)

    def _content(self, e: Expr) -> tuple[Expr, list[tuple[Expr, Expr]]]:
        if e == 0:
            return S.Zero, []
        if e.is_Add:
            common, rest = self.prover.monomials.content(e)
            if self.prover.signs.positive(-rest):
                common, rest = -common, Add(*(-t for t in rest.args))
            number, factors = self._content(common)
            return number, [*factors, (rest, S.One)]
        number, found = S.One, []
        for f in Mul.make_args(e):
            base, x = (f, S.One) if isinstance(f, exp) else f.as_base_exp()
            if f.is_Rational:
                number *= f
            elif base.is_Add:
                more, inside = self._content(base)
                if x.is_integer:
                    number *= S.One if more == 1 else Pow(more, x)
                    found += [(g, k * x) for g, k in inside]
                else:
                    found.append((base, x))
            else:
                found.append((base, x))
        return number, found

    def exponential(self, u: Expr) -> Expr:
        """Return exp(u), u normalized."""
        if self.prover.has("explog"):
            for t in Add.make_args(u):
                logs = [f for f in Mul.make_args(t) if isinstance(f, log)]
                if len(logs) == 1 and self.prover.signs.positive(logs[0].args[0]):
                    rest = self.exponential(self.add([u, -t]))
                    return self.product(
                        [self.power(logs[0].args[0], self._times(t, 1 / logs[0])), rest]
                    )
        return self.rewrite_terms(exp(u))

    def rewrite_terms(self, e: Expr) -> Expr:
        """Tidy a product that SymPy made of one function, such as exp(a + log b)."""
        return self.arith(e) if e.is_Mul or e.is_Add else self.prover.rewrite(e)

    def logarithm(self, u: Expr) -> Expr:
        """Return log(u), u normalized; its parts come out only under ``explog``."""
        if not self.prover.has("explog") or (u.is_number and not u.is_Rational):
            return self.prover.rewrite(log(u))
        number, factors = self.factored(u)
        pieces, left = [], []
        for f, k in factors:
            if self.prover.signs.positive(f):
                pieces.append(self.product([k, self._log_of_factor(f)]))
            elif k.is_Integer and k % 2 == 0:
                size_ = self.absolute(f)
                pieces.append(self.product([k, self.prover.rewrite(log(size_))]))
            else:
                left.append((f, k))
        if len(left) == 1 and number > 0 and left[0][1].is_Rational:
            ((f, k),) = left
            pieces.append(self.product([k, self._log_of_factor(f)]))
        elif left or number < 0:
            sign = S.NegativeOne if number < 0 else S.One
            rest = self.product([sign, *(self._atom_power(f, k) for f, k in left)])
            pieces.append(self.prover.rewrite(log(rest)))
        for p, k in sorted(factorized(abs(number)).items()):
            pieces.append(k * log(p))
        return self.add(pieces)

    def _log_of_factor(self, f: Expr) -> Expr:
        if isinstance(f, exp):
            return f.args[0]
        if isinstance(f, Prime):
            return log(f.number)
        if isinstance(f, Product):
            limits, body = self.prover.sums.opened(f)
            if self.prover.signs.positive(body):
                return self.prover.sums.over(self.prover.nf(log(body)), limits)
        return self.prover.rewrite(log(f))

    def absolute(self, u: Expr) -> Expr:
        """Return |u|, u normalized: |ab| = |a||b|, |a|**2 = a**2, |a| = a if a >= 0."""
        if u.is_number:
            return Abs(u)
        number, factors = self.factored(u)
        pieces = [abs(number)]
        for f, k in factors:
            even = k.is_Integer and k % 2 == 0
            root = k.is_Rational and not k.is_Integer
            if even or root or self.prover.signs.nonnegative(f):
                pieces.append(self._atom_power(f, k))
            elif k.is_Integer and self.prover.signs.nonnegative(-f):
                pieces += [S.NegativeOne**k, self._atom_power(f, k)]
            else:
                pieces.append(self.arith(Pow(self._absolute_of_factor(f), k)))
        return self.product(pieces)

    def _absolute_of_factor(self, f: Expr) -> Expr:
        if isinstance(f, Product):
            limits, body = self.prover.sums.opened(f)
            return self.prover.nf(Product(Modulus(body), *reversed(limits)))
        return self.prover.rewrite(Modulus(f))


def expand_products(e: Expr) -> Expr:
    """Multiply out; no logarithm, root or function is opened."""
    return expand(
        e,
        log=False,
        power_base=False,
        power_exp=False,
        trig=False,
        func=False,
        complex=False,
    )


def _has_fraction(e: Expr) -> bool:
    """Tell whether some term is divided by a sum of terms."""
    return any(
        f.is_Pow and f.base.is_Add and f.exp.as_coeff_Mul()[0].is_negative
        for t in Add.make_args(e)
        for f in Mul.make_args(t)
    )


def _symbolic(f: Expr) -> bool:
    """Tell whether f is a power with a symbolic exponent, or any power of e."""
    return isinstance(f, exp) or bool(f.is_Pow and not f.exp.is_number)


def _parity(x: Expr) -> Expr:
    """Return an exponent of -1 with every even whole part dropped."""
    terms = []
    for t in Add.make_args(expand(x)):
        number, rest = t.as_coeff_Mul()
        whole = number.is_Integer and rest.is_integer
        terms.append(number % 2 * rest if whole else t)
    return Add(*terms)
