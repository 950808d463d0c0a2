"""What the prover knows of signs, to decide which laws of powers and logarithms hold.

A sign is a pair: +1 or -1 (0 when it is not shown), and whether zero is excluded. It
is read off the structure of an expression, from the declarations of its symbols and
from the hypotheses; SymPy's own assumptions are asked about single symbols only.
Every expression is taken to be real and defined: that is for the audit to establish.

The audit has a sign walker of its own, `signs`. It is asked once per denominator and
tries hard; this one is asked at every node that is normalized, and must be quick.
(Over 300 lines: one walk over expressions, a short method for each kind.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sympy import (
    Abs,
    Add,
    Expr,
    Function,
    Indexed,
    KroneckerDelta,
    Max,
    Mul,
    Pow,
    Product,
    Sum,
    Symbol,
    Unequality,
    binomial,
    exp,
    factorial,
    log,
)
from sympy.core.relational import (
    GreaterThan,
    LessThan,
    Relational,
    StrictGreaterThan,
    StrictLessThan,
)

from derivations.engine.effort import expand, spend
from derivations.engine.language import Defined, E, Each, Probability, Var
from derivations.engine.monomials import one_fraction
from derivations.engine.ranges import Ranges
from derivations.engine.substitution import opened, substitute

__all__ = ["Modulus", "Sign", "Signs"]


class Modulus(Function):
    """The absolute value inside normal forms.

    SymPy's Abs takes its argument apart, by rules of its own; this one evaluates
    nothing but its powers.
    """

    nargs = 1
    is_real = True

    @classmethod
    def eval(cls, _u: Expr) -> None:
        """Stay as written."""
        return

    def _eval_power(self, x: Expr) -> Expr | None:
        """Return |u|**x for whole x > 1: a power of u, times |u| if x is odd."""
        if not (x.is_Integer and x > 1):
            return None
        if x % 2 == 0:
            return Pow(self.args[0], x)
        return Pow(self.args[0], x - 1) * self


Sign = tuple[int, bool]
Line = tuple[Expr, Expr, Expr]
UNKNOWN: Sign = (0, False)
POSITIVE: Sign = (1, True)
NONNEGATIVE: Sign = (1, False)
NEGATIVE: Sign = (-1, True)


class Signs:
    """Answers about signs, given the ranges of indices and the hypotheses."""

    def __init__(self, ranges: Ranges, facts: Iterable[Relational | Each]) -> None:
        self._ranges = ranges
        self._bounds: list[tuple[Line, bool]] = []
        self._nonzero: list[Expr] = []
        self._each: list[Each] = []
        for h in facts:
            self._learn(h)
        self._known: dict[Expr, Sign] = {}
        self._rules: tuple[tuple[Any, Callable[[Any], Sign]], ...] = (
            (Symbol, self._of_symbol),
            (Indexed, self._of_entry),
            ((exp, factorial), lambda _: POSITIVE),
            (Add, self._of_sum_of_terms),
            (Mul, self._of_product_of_factors),
            (Sum, self._of_sum),
            (Product, self._of_product),
            ((Abs, Modulus), lambda e: (1, self.nonzero(e.args[0]))),
            (Max, self._of_maximum),
            (log, self._of_logarithm),
            (E, lambda e: self._weak(e.args[0])),
            ((Var, KroneckerDelta, binomial), lambda _: NONNEGATIVE),
            (Defined, lambda e: self.sign(opened(e))),
        )

    def _learn(self, h: Relational | Each) -> None:
        if isinstance(h, Each):
            self._each.append(h)
            return
        gap = expand(h.lhs - h.rhs)
        if isinstance(h, Unequality):
            self._nonzero.append(gap)
        if isinstance(h, StrictGreaterThan | GreaterThan):
            self._bounds.append((_line(gap), isinstance(h, StrictGreaterThan)))
        if isinstance(h, StrictLessThan | LessThan):
            self._bounds.append((_line(-gap), isinstance(h, StrictLessThan)))

    def positive(self, e: Expr) -> bool:
        """Tell whether e > 0 is shown."""
        return self.sign(e) == POSITIVE

    def nonnegative(self, e: Expr) -> bool:
        """Tell whether e >= 0 is shown."""
        return self.sign(e)[0] == 1

    def nonzero(self, e: Expr) -> bool:
        """Tell whether e != 0 is shown."""
        sign, strict = self.sign(e)
        if sign and strict:
            return True
        if e.is_Mul:
            return all(self.nonzero(f) for f in e.args)
        flat = expand(e)
        return any(
            expand(flat - f) == 0 or expand(flat + f) == 0 for f in self._nonzero
        )

    def sign(self, e: Expr) -> Sign:
        """Return the sign of e as far as it is shown."""
        if e not in self._known:
            spend(1, "signs to find", each=200)
            self._known[e] = UNKNOWN
            self._known[e] = self._find(e)
        return self._known[e]

    def _find(self, e: Expr) -> Sign:
        if e.is_number:
            answers = (POSITIVE, e.is_positive), (NEGATIVE, e.is_negative)
            return next((sign for sign, is_so in answers if is_so), UNKNOWN)
        self._instantiate(e)
        by_fact = self._by_fact(e)
        if by_fact in (POSITIVE, NEGATIVE):
            return by_fact
        found = UNKNOWN
        if e.is_Pow and not isinstance(e, exp):
            found = self._of_power(e)
        else:
            for kind, rule in self._rules:
                if isinstance(e, kind):
                    found = rule(e)
                    break
        return found if found[0] else by_fact

    def _instantiate(self, e: Expr) -> None:
        """Learn what holds for each index, at the index of an entry."""
        if not isinstance(e, Indexed):
            return
        for h in self._each:
            for value in e.indices:
                if self._ranges.inside(value, *h.index.range):
                    self._learn(substitute(h.hypothesis, {h.index: value}))

    def _by_fact(self, e: Expr) -> Sign:
        best = UNKNOWN
        for sign in (1, -1):
            number, content, shape = _line(sign * e)
            for (known, scale, of), strict in self._bounds:
                surplus = number - known * content / scale
                if shape != of or not surplus.is_nonnegative:
                    continue
                strict = strict or bool(surplus.is_positive)
                if strict or not best[0]:
                    best = (sign, strict)
        if best == NONNEGATIVE and any(
            expand(e - f) == 0 or expand(e + f) == 0 for f in self._nonzero
        ):
            return POSITIVE
        return best

    # ------------------------------------------------------------ by structure

    def _of_symbol(self, e: Symbol) -> Sign:
        found = self._of_integer(e) if e.is_integer else UNKNOWN
        return found if found[0] else _declared(e)

    def _of_integer(self, e: Expr) -> Sign:
        """Read a sign off the ranges of indices and sizes."""
        for sign in (1, -1):
            if self._ranges.nonnegative(sign * e - 1):
                return sign, True
            if self._ranges.nonnegative(sign * e):
                return sign, False
        return UNKNOWN

    def _of_entry(self, e: Indexed) -> Sign:
        return _declared(e.base.label)

    def _of_power(self, e: Expr) -> Sign:
        sign, strict = self.sign(e.base)
        if sign == 1:
            return 1, strict
        if e.exp.is_Integer:
            strict = strict or self.nonzero(e.base)
            return (1, strict) if e.exp.is_even else (sign, strict)
        return UNKNOWN

    def _of_product_of_factors(self, e: Expr) -> Sign:
        sign, strict = 1, True
        for f in e.args:
            one, sure = self.sign(f)
            sign, strict = sign * one, strict and sure
        return (sign, strict) if sign else UNKNOWN

    def _of_sum_of_terms(self, e: Expr) -> Sign:
        found = self._same_sign(e.args)
        if found[0]:
            return found
        if e.is_integer:
            found = self._of_integer(e)
            if found[0]:
                return found
        return self._one_minus(e) or self._by_fraction(e)

    def _same_sign(self, terms: Iterable[Expr]) -> Sign:
        signs = [self.sign(t) for t in terms]
        for sign in (1, -1):
            if all(s == sign for s, _ in signs):
                return sign, any(strict for _, strict in signs)
        return UNKNOWN

    def _one_minus(self, e: Expr) -> Sign | None:
        """Bound each probability p by 1: e falls in p and is >= 0 at p = 1, or so."""
        for p in sorted(e.atoms(Probability), key=str):
            slope = e.coeff(p, 1)
            at_one = expand(e - slope * p) + slope
            if p in at_one.free_symbols or self.sign(slope)[0] != -1:
                continue
            if at_one.is_zero or self.nonnegative(at_one):
                return 1, self.sign(slope)[1]
        return None

    def _by_fraction(self, e: Expr) -> Sign:
        """Open every definition and put the sum over one denominator."""
        whole = e.replace(lambda f: isinstance(f, Defined), opened)
        over, under = one_fraction(whole)
        if under == 1 and whole == e:
            return UNKNOWN
        over = expand(over)
        top = self._same_sign(Add.make_args(over))
        sign, strict = self.sign(under)
        if not top[0] or not (sign and strict):
            return UNKNOWN
        return top[0] * sign, top[1]

    def _of_sum(self, e: Sum) -> Sign:
        names: dict[Symbol, Expr] = {}
        full = True
        for v, *ends in reversed(e.limits):
            lo, hi = (substitute(end, names) for end in ends)
            full = full and self._ranges.nonnegative(hi - lo)
            names[v] = self._ranges.bind(v, lo, hi)
        sign, strict = self.sign(substitute(e.function, names))
        return sign, strict and full

    def _of_product(self, e: Product) -> Sign:
        sign, strict = self._of_sum(Sum(*e.args))
        if sign != 1:
            return UNKNOWN
        whole = self._ranges
        full = all(whole.nonnegative(hi - lo) for _, lo, hi in e.limits)
        return 1, strict or (not full and self.positive(e.function))

    def _of_maximum(self, e: Max) -> Sign:
        signs = [self.sign(a) for a in e.args]
        if POSITIVE in signs:
            return POSITIVE
        return NONNEGATIVE if NONNEGATIVE in signs else UNKNOWN

    def _of_logarithm(self, e: Expr) -> Sign:
        return self.sign(expand(e.args[0] - 1))

    def _weak(self, e: Expr) -> Sign:
        return self.sign(e)[0], False


def _line(e: Expr) -> Line:
    """Write e as number + content * shape: of two with one shape, one bounds both."""
    number, rest = expand(e).as_coeff_Add()
    return number, *rest.primitive()


def _declared(symbol: Any) -> Sign:
    for sign, weak, strong in (
        (1, symbol.is_nonnegative, symbol.is_positive),
        (-1, symbol.is_nonpositive, symbol.is_negative),
    ):
        if weak:
            return sign, bool(strong)
    return UNKNOWN
