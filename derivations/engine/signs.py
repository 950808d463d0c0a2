"""The sign walker finds which signs an expression can take.

The answer is a set of signs, always large enough: ``{+1}`` means visibly positive,
``{0, +1}`` visibly nonnegative, ``{-1, +1}`` visibly nonzero. Structure decides (a
square is nonnegative, an exponential positive, a sum of positives positive), helped by
the hypotheses that are inequalities and by the ranges of indices and probabilities.
A hypothesis speaks of its multiples, too, and of sums with it (`multiples`).
SymPy's own assumptions are consulted for declared symbols and for numbers, never for
compound expressions.

Facts about a defined function come from its body, not from its name: 0 < σ(x) < 1
because 1/(1 + e⁻ˣ) and 1 - 1/(1 + e⁻ˣ) = e⁻ˣ/(1 + e⁻ˣ) are visibly positive.

This module is longer than most: one walk over expressions, with all that it may use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from itertools import product as pairs
from typing import Any

from sympy import (
    Abs,
    Add,
    Dummy,
    Equality,
    Expr,
    Indexed,
    Integer,
    Integral,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Pow,
    Product,
    S,
    StrictGreaterThan,
    StrictLessThan,
    Sum,
    Symbol,
    Unequality,
    binomial,
    cosh,
    erf,
    exp,
    factorial,
    fraction,
    log,
    sinh,
    tanh,
)
from sympy.core.relational import Relational

from derivations.engine.effort import expand, factor, spend, together
from derivations.engine.language import (
    Bernoulli,
    Defined,
    E,
    Each,
    Family,
    Index,
    Probability,
    Time,
    Var,
)
from derivations.engine.multiples import Multiples
from derivations.engine.substitution import bound_names, opened, substitute

__all__ = ["Facts", "admissible"]

#: How many hypotheses are used one after another to find a sign.
MOST = 3

Signs = frozenset[int]
ANY, PLUS, ZERO = frozenset({-1, 0, 1}), frozenset({1}), frozenset({0})
NOT_NEGATIVE, NOT_ZERO = frozenset({0, 1}), frozenset({-1, 1})


def _negate(signs: Signs) -> Signs:
    return frozenset(-s for s in signs)


def _times(one: Signs, other: Signs) -> Signs:
    return frozenset(a * b for a, b in pairs(one, other))


def _plus(one: Signs, other: Signs) -> Signs:
    """Add: opposite signs can give anything."""
    both = set[int]()
    for a, b in pairs(one, other):
        both |= ANY if a * b < 0 else {a or b}
    return frozenset(both)


def _maximum(one: Signs, other: Signs) -> Signs:
    return frozenset(max(a, b) for a, b in pairs(one, other))


class Facts:
    """Inequalities that may be taken for granted, and the questions they answer.

    Parameters
    ----------
    given : iterable of Relational or Each
        The hypotheses. Equations are not used: they say nothing about a sign.
    ranges : mapping of Symbol to (Expr, Expr), optional
        Ranges of bound or free names, both ends included. An `Index` brings its own.
    """

    def __init__(
        self,
        given: Iterable[Relational | Each] = (),
        ranges: Mapping[Symbol, tuple[Expr, Expr]] | None = None,
    ) -> None:
        self.given = tuple(given)
        self.ranges = dict(ranges or {})
        self._known = [f for h in self.given for f in _fact(h)]
        self._each = [h for h in self.given if isinstance(h, Each)]
        self._memo: dict[tuple[Expr, bool], Signs] = {}
        self._below: dict[Any, Facts] = {}
        self._bare: Facts | None = None
        self._ranged: Facts | None = None
        self._instance: dict[tuple[Each, Expr], list[tuple[Expr, Signs]]] = {}
        self._used = 0
        self._subsets: dict[tuple[Relational | Each, ...], Facts] = {}
        self._multiples: dict[frozenset[Index], Multiples] = {}

    # ------------------------------------------------------------------- questions

    def positive(self, e: Any) -> bool:
        """Tell whether e is visibly greater than 0."""
        return self.signs(e) <= PLUS

    def nonnegative(self, e: Any) -> bool:
        """Tell whether e is visibly at least 0."""
        return self.signs(e) <= NOT_NEGATIVE

    def nonzero(self, e: Any) -> bool:
        """Tell whether e is visibly different from 0."""
        return self.signs(e) <= NOT_ZERO

    def within(self, e: Expr, lo: Expr, hi: Expr) -> bool:
        """Tell whether lo <= e <= hi, visibly."""
        return self.nonnegative(e - lo) and self.nonnegative(hi - e)

    def under(self, limits: Iterable[tuple[Symbol, Expr, Expr]]) -> Facts:
        """Return the facts that hold for every value of bound names in their range."""
        more = tuple((v, (lo, hi)) for v, lo, hi in limits)
        if not more:
            return self
        if more not in self._below:
            self._below[more] = Facts(self.given, {**self.ranges, **dict(more)})
            self._below[more]._bare = self._without_hypotheses()
        return self._below[more]

    def _without_hypotheses(self) -> Facts:
        """Return the facts that declarations alone give."""
        if self._bare is None:
            self._bare = Facts()
            self._bare._bare = self._bare
        return self._bare

    def signs(self, e: Any) -> Signs:
        """Return a set that contains the sign of e in every admissible case."""
        if isinstance(e, int):
            e = Integer(e)
        key = (e, True)
        if key not in self._memo:
            found = self._seen(e) & self._inferred(e)
            if len(found) > 1 and e.is_Add:
                found &= self._compared_powers(e) & self._rearranged(e)
            if len(found) > 1:
                found &= self._by_a_fact(e)
            self._memo[key] = found
        return self._memo[key]

    # ------------------------------------------------------------------- structure

    def _seen(self, e: Expr) -> Signs:
        """Read the signs off the outermost operation and those below it."""
        key = (e, False)
        if key not in self._memo:
            spend(1, "signs to find", each=200)
            self._memo[key] = ANY  # an answer for questions that lead back here
            self._memo[key] = self._structure(e)
        return self._memo[key]

    def _structure(self, e: Expr) -> Signs:
        if e.is_number and e.is_comparable and not e.has(Sum, Product, Integral):
            return frozenset({1 if e > 0 else -1 if e < 0 else 0})
        for kind, rule in _RULES:
            if isinstance(e, kind):
                return rule(self, e)
        if e.is_Add:
            return reduce(_plus, map(self._part, e.args))
        if e.is_Mul:
            return reduce(_times, map(self._part, e.args))
        return ANY

    def _part(self, e: Expr) -> Signs:
        found = self._seen(e) & self._inferred(e)
        # A sum inside a product deserves a second look: p*(1 - σ(x)).
        if len(found) > 1 and e.is_Add:
            return self.signs(e)
        return found if len(found) == 1 else found & self._by_a_fact(e)

    def _symbol(self, e: Any) -> Signs:
        found = _declared(e)
        own = self.ranges.get(e) or getattr(e, "range", None)
        if own is not None:
            low, high = map(self._seen, own)
            for kind in (PLUS, NOT_NEGATIVE):
                if low <= kind:
                    found &= kind
                if _negate(high) <= kind:
                    found &= _negate(kind)
        return found

    def _power(self, e: Any) -> Signs:
        base, power = self._part(e.base), e.exp
        if base <= PLUS:
            return PLUS
        if power.is_integer and power.is_even:
            return PLUS if base <= NOT_ZERO else NOT_NEGATIVE
        if base <= NOT_NEGATIVE or power.is_integer is False:
            return NOT_NEGATIVE
        if power.is_odd:
            return base
        return NOT_ZERO if base <= NOT_ZERO else ANY

    def _sum(self, e: Any) -> Signs:
        inside = self.under(e.limits).signs(e.function)
        if inside <= NOT_NEGATIVE or _negate(inside) <= NOT_NEGATIVE:
            return inside if self._never_empty(e) else inside | ZERO
        return ANY

    def _product(self, e: Any) -> Signs:
        inside = self.under(e.limits).signs(e.function)
        for kind in (PLUS, NOT_NEGATIVE, NOT_ZERO):
            if inside <= kind:
                return kind
        return ANY

    def _never_empty(self, e: Any) -> bool:
        outer = self
        for v, lo, hi in reversed(e.limits):
            if not outer.nonnegative(expand(hi - lo)):
                return False
            outer = outer.under([(v, lo, hi)])
        return True

    def _integral(self, e: Any) -> Signs:
        (u, lo, hi), *rest = e.limits
        infinite = hi is S.Infinity or lo is S.NegativeInfinity
        if rest or not (infinite or self.nonnegative(hi - lo)):
            return ANY
        inside = self.under([(u, lo, hi)]).signs(e.function)
        return inside | ZERO if len(inside | ZERO) < 3 else ANY

    def _absolute(self, e: Any) -> Signs:
        return frozenset(abs(s) for s in self._part(e.args[0]))

    def _logarithm(self, e: Any) -> Signs:
        return self._part(expand(e.args[0] - 1))

    def _same_as_argument(self, e: Any) -> Signs:
        return self._part(e.args[0])

    def _expectation(self, e: Any) -> Signs:
        inside = self._part(e.args[0])
        return inside if len(inside) == 1 or NOT_NEGATIVE >= inside else ANY

    def _entry(self, e: Any) -> Signs:
        if isinstance(e.base, Family):
            return NOT_NEGATIVE if isinstance(e.base.law, Bernoulli) else ANY
        return _declared(e.base.label)

    # -------------------------------------------------------------- hypotheses

    def _inferred(self, e: Expr) -> Signs:
        """Use the hypotheses: f > 0 and e - f >= 0 give e > 0, and so on."""
        found, may_shift = ANY, isinstance(e, Add | Symbol | Indexed)
        if self._bare is self or not (e.is_Add or self.given):
            return found
        instances = self._instances(e, self._each)
        for f, signs in [*self._known, *instances, *self._range_facts(e)]:
            if not f.free_symbols & e.free_symbols:
                continue
            for one, sign_of_f in ((f, signs), (-f, _negate(signs))):
                gap = expand(e - one)
                if gap.is_zero:
                    found &= sign_of_f
                elif may_shift and sign_of_f <= NOT_NEGATIVE:
                    # Without hypotheses, so that inference ends.
                    rest = self._without_hypotheses()._seen(gap)
                    found &= _plus(sign_of_f, rest)
        return found

    def _instances(self, e: Expr, known: Iterable[Each]) -> list[tuple[Expr, Signs]]:
        """Instantiate ``each(k, h)`` at the indices that occur in e."""
        places = [(h, position) for h in known for position in _places(e)]
        for h, position in places:
            if (h, position) not in self._instance:
                found = []
                if self._in_range(position, *h.index.range):
                    found = _fact(substitute(h.hypothesis, {h.index: position}))
                self._instance[h, position] = found
        return [fact for place in places for fact in self._instance[place]]

    def _in_range(self, position: Expr, lo: Expr, hi: Expr) -> bool:
        if isinstance(position, Symbol):
            own = self.ranges.get(position) or getattr(position, "range", None)
            if own == (lo, hi):
                return True
        if self._ranged is None:
            self._ranged = Facts(ranges=self.ranges)
        return self._ranged.within(position, lo, hi)

    def _by_a_fact(self, e: Expr) -> Signs:
        """Use a hypothesis about f where e = r f or e = f + r; the others know of r."""
        found = ANY
        for h in self.given if self._used < MOST else ():
            each = isinstance(h, Each)
            for f, signs in self._instances(e, [h]) if each else _fact(h):
                # Of a name and of an entry the structure of e knows already.
                needed = {v for v in _names(f) if not v.is_positive}
                if needed <= _names(e) and not isinstance(f, Symbol | Indexed):
                    found &= _times(signs, self._quotient(e, f, h))
                    if e.is_Add and len(found) == 3:
                        found &= self._beyond(e, f, signs, h)
        return found

    def _beyond(self, e: Expr, f: Expr, signs: Signs, h: Relational | Each) -> Signs:
        """Return the signs of e = f + r, where r has fewer terms than e."""
        found = ANY
        for one, sign in ((f, signs), (-f, _negate(signs))):
            rest = self._compared(e).rest(e, one)
            if rest is not None:
                found &= _plus(sign, self._others(h).signs(rest))
        return found

    def _compared(self, e: Expr) -> Multiples:
        """Return what compares normal forms, for the free indices of e."""
        free = frozenset(v for v in e.free_symbols if isinstance(v, Index))
        if free not in self._multiples:
            ends = {**{i: i.range for i in free}, **self.ranges}
            whole = {v: range_ for v, range_ in ends.items() if v.is_integer}
            self._multiples[free] = Multiples(whole)
        return self._multiples[free]

    def _others(self, h: Relational | Each) -> Facts:
        """Return the facts that the hypotheses other than h give, made once."""
        left = tuple(other for other in self.given if other is not h)
        if left not in self._subsets:
            others = self._subsets[left] = Facts(left, self.ranges)
            others._subsets, others._ranged = self._subsets, self._ranged
            others._used = self._used + 1
        return self._subsets[left]

    def _quotient(self, e: Expr, f: Expr, h: Relational | Each) -> Signs:
        """Return the signs of r in e = r f, as far as hypotheses other than h know."""
        quotient = self._compared(e).quotient(e, f)
        if quotient is None:
            return ANY
        others, (number, powers) = self._others(h), quotient
        for base, k in powers.items():
            if not (k.is_positive or others.nonzero(base)):
                return ANY
        return others.signs(Mul(number, *(Pow(base, k) for base, k in powers.items())))

    def _range_facts(self, e: Expr) -> list[tuple[Expr, Signs]]:
        found = []
        for v in (t.as_coeff_Mul()[1] for t in e.args if e.is_Add):
            own = self.ranges.get(v) or getattr(v, "range", None)
            if own is None:
                continue
            lo, hi = own
            found += [(v - lo, NOT_NEGATIVE)] * (not lo.is_infinite)
            found += [(hi - v, NOT_NEGATIVE)] * (not hi.is_infinite)
        return found

    # ----------------------------------------------------------- rearrangement

    def _compared_powers(self, e: Expr) -> Signs:
        """Compare a b^u with a b^v: for b > 1 powers rise, so e has the sign of u - v.

        So exp(u) - 1 has the sign of u; and for b < 1 powers fall.
        """
        terms = expand(e).args
        if len(terms) != 2:
            return ANY
        one, other = terms
        powers = [f.as_base_exp() for f in Mul.make_args(-one / other)]
        base, power = powers[0][0], expand(Add(*(x for _, x in powers)))
        alone = all(b == base for b, _ in powers) and power not in (1, -1)
        if not (alone and self.positive(base)):
            return ANY
        rises = _times(self.signs(base - 1), self.signs(power))
        return _times(_negate(self._part(other)), rises)

    def _rearranged(self, e: Expr) -> Signs:
        """Open definitions, put bounded names in terms of positive ones, factor.

        With p = a/(a + b) for 0 < p < 1, with n = 1 + m for a size, and everything over
        one denominator, 1 - p², 1 - A/(A + B) or n - 1 show their sign.
        """
        plain = _opened_everywhere(e)
        found = self._sum_without_a_term(*fraction(together(plain)))
        top, bottom = fraction(together(self._parametrized(plain)))
        for shape in (expand, factor):
            if len(found) > 1:
                found &= _times(self._shown(shape(top)), self._shown(shape(bottom)))
        return found

    def _shown(self, e: Expr) -> Signs:
        return self._seen(e) & self._inferred(e)

    def _parametrized(self, e: Expr) -> Expr:
        bounded = {}
        free = {v for v in e.free_symbols if isinstance(v, Symbol)}
        entries = {a for a in e.atoms(Indexed) if _positions(a) <= free}
        powers = {q for q in e.atoms(Pow) if not q.exp.is_number}
        for atom in (free | entries | powers) - set(self.ranges):
            lo, hi = self._bounds(atom)
            if hi is not None:
                a, b = Dummy("a", positive=True), Dummy("b", positive=True)
                if atom.is_Pow and not self.positive(atom.exp):
                    a = Dummy("a", nonnegative=True)  # b**0 reaches 1
                bounded[atom] = (lo * a + hi * b) / (a + b)
            elif lo is not None:
                bounded[atom] = lo + Dummy("m", nonnegative=True)
        return e.xreplace(bounded)

    def _bounds(self, atom: Expr) -> tuple[Expr | None, Expr | None]:
        """Return open bounds (lo, hi), or a closed lower bound (lo, None)."""
        if isinstance(atom, Probability) or self._power_below_one(atom):
            return S.Zero, S.One
        if atom.is_positive:
            for f, signs in [*self._known, *self._instances(atom, self._each)]:
                hi = expand(f + atom)
                if signs <= PLUS and not hi.has(atom) and hi.is_number:
                    return S.Zero, hi
        if isinstance(atom, Symbol) and atom.is_integer and not isinstance(atom, Index):
            if atom.is_positive:
                return S.One, None
            if isinstance(atom, Time):
                return S.Zero, None
        return None, None

    def _power_below_one(self, atom: Expr) -> bool:
        """Recognize b**t with 0 < b < 1 and t >= 0."""
        return bool(
            atom.is_Pow
            and self.nonnegative(atom.exp)
            and self.positive(atom.base)
            and self.positive(1 - atom.base)
        )

    def _sum_without_a_term(self, e: Expr, bottom: Expr) -> Signs:
        """Recognize a sum of nonnegative terms minus one of them, over a positive."""
        e = expand(e)
        if not self._shown(bottom) <= PLUS:
            return ANY
        for whole in e.args if e.is_Add else ():
            if not (isinstance(whole, Sum) and len(whole.limits) == 1):
                continue
            (v, lo, hi), rest = whole.limits[0], -(e - whole)
            if not self.under(whole.limits).nonnegative(whole.function):
                continue
            for position in _places(rest):
                term = substitute(whole.function, {v: position})
                if expand(term - rest) == 0 and self._in_range(position, lo, hi):
                    return NOT_NEGATIVE
        return ANY


def admissible(value: Expr, u: Symbol, facts: Facts) -> bool:
    """Tell whether a value has the sign that a symbol declares."""
    if isinstance(u, Probability):
        return facts.positive(value) and facts.positive(1 - value)
    if u.is_positive:
        return facts.positive(value)
    return facts.nonnegative(value) if u.is_nonnegative else True


_RULES: tuple[tuple[Any, Callable[[Facts, Any], Signs]], ...] = (
    (Symbol, Facts._symbol),
    (Indexed, Facts._entry),
    ((exp, cosh, factorial), lambda _facts, _e: PLUS),
    (Pow, Facts._power),
    ((KroneckerDelta, Var, binomial), lambda _facts, _e: NOT_NEGATIVE),
    (Abs, Facts._absolute),
    ((tanh, erf, sinh), Facts._same_as_argument),
    (log, Facts._logarithm),
    (Max, lambda facts, e: reduce(_maximum, map(facts._part, e.args))),
    (
        Min,
        lambda facts, e: _negate(
            reduce(_maximum, (_negate(facts._part(a)) for a in e.args))
        ),
    ),
    (E, Facts._expectation),
    (Defined, lambda facts, e: facts.signs(opened(e))),
    (Sum, Facts._sum),
    (Product, Facts._product),
    (Integral, Facts._integral),
)


def _declared(e: Any) -> Signs:
    """Read the declaration of a symbol."""
    if e.is_positive:
        return PLUS
    if e.is_nonnegative:
        return NOT_NEGATIVE
    return ANY


def _fact(h: Relational | Each) -> list[tuple[Expr, Signs]]:
    """Turn a hypothesis into (expression, its signs)."""
    if isinstance(h, Each | Equality):
        return []
    gap = expand(h.lhs - h.rhs)
    if isinstance(h, Unequality):
        return [(gap, NOT_ZERO)]
    strict = isinstance(h, StrictGreaterThan | StrictLessThan)
    larger = gap if h.rel_op in (">", ">=") else expand(-gap)
    if strict and larger.is_integer:
        return [(larger, PLUS), (larger - 1, NOT_NEGATIVE)]
    return [(larger, PLUS if strict else NOT_NEGATIVE)]


def _places(e: Expr) -> set[Expr]:
    """Return the places where e names an entry, for certain.

    Those that mention a bound name are none: its range may be empty.
    """
    bound = bound_names(e)
    places = {i for entry in e.atoms(Indexed) for i in entry.indices}
    return {i for i in places if not i.free_symbols & bound}


def _names(e: Expr) -> set[Symbol]:
    """Return the free names of an expression, arrays among them."""
    return {v for v in e.free_symbols if isinstance(v, Symbol)}


def _positions(entry: Indexed) -> set[Symbol]:
    """Return the symbols in the indices of an entry."""
    return set().union(*(i.free_symbols for i in entry.indices))


def _opened_everywhere(e: Expr) -> Expr:
    """Unfold every defined function outside binders, and tanh by exponentials."""
    while True:
        applied = {a for a in e.atoms(Defined) if a.free_symbols <= e.free_symbols}
        if not applied:
            break
        e = e.xreplace({a: opened(a) for a in applied})
    return e.rewrite(tanh, exp) if e.has(tanh) else e
