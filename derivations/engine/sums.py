"""Normal form of indexed sums, products and integrals.

A sum over several indices is brought to one shape, whatever way it was written:

1. an inner sum that depends on an outer index joins it (sums become multi-index);
2. a Kronecker delta removes an index, if its other side is *shown* to be in range;
3. factors free of the indices come out; an idle index becomes the length of its range;
4. groups of factors that share no index become separate factors;
   triangles become squares less a diagonal, Σ i^m a polynomial;
5. the index of a sum is shifted, or reversed, so that the arrays are read at i;
6. with the power ``peel``, the ends of the ranges are evened out;
7. names are canonical, from the inside out, smallest of all orders.

(Over 300 lines, because every step calls the others: collapsing a delta can merge
sums, merging can free a factor, peeling starts again from the first step.)

Canonical names are of a private class, and carry the height of their sum above the
sums inside it. Without the heights Σ_i log Σ_j x[i,j] would become Σ log Σ x[j,j].
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sympy import (
    Add,
    Dummy,
    Expr,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Product,
    S,
    Sum,
    Symbol,
    bernoulli,
    default_sort_key,
    exp,
    nan,
    zoo,
)

from derivations.engine.alignment import falling, slot_of
from derivations.engine.bound import Bound, bound_name
from derivations.engine.effort import expand, pay_for_numbers
from derivations.engine.orders import Limit, ends_of, is_box, orders
from derivations.engine.substitution import substitute
from derivations.engine.triangles import Triangles

if TYPE_CHECKING:
    from derivations.engine.normal_form import Prover

__all__ = ["Cores", "Sums"]

#: A sum over a known small range is written out up to this many terms.
EXPLICIT = 12

#: Sums of powers of an index are written in closed form up to this power.
HIGHEST = 8


#: The symbolic ends of ranges, and two numbers to add to them.
Ends = dict[tuple[Expr, Expr], tuple[Integer, Integer]]


class Cores:
    """The common core of all ranges with the same symbolic ends, for ``peel``.

    Σ to n+1 and Σ to n both become Σ to n, plus a term: fewer terms inside, so that no
    term outside its own range is written down. Only where the core may be reversed, as
    1..t-1 is for 1..t and 0..t-1, their common hull is used, if the terms exist there.
    """

    def __init__(self) -> None:
        self._seen: Ends = {}
        self._outer: Ends = {}

    def record(self, lo: Expr, hi: Expr) -> None:
        """Take note of a range that occurs."""
        (a, first), (b, last) = lo.as_coeff_Add(), hi.as_coeff_Add()
        if not (a.is_Integer and b.is_Integer):
            return
        low, high = self._seen.get((first, last), (a, b))
        self._seen[first, last] = (max(low, a), min(high, b))
        low, high = self._outer.get((first, last), (a, b))
        self._outer[first, last] = (min(low, a), max(high, b))

    def core(self, lo: Expr, hi: Expr) -> tuple[Expr, Expr]:
        """Return the part of lo..hi that all such ranges share."""
        return self._ends(self._seen, lo, hi)

    def hull(self, lo: Expr, hi: Expr) -> tuple[Expr, Expr]:
        """Return the smallest range that all such ranges are part of."""
        return self._ends(self._outer, lo, hi)

    @staticmethod
    def _ends(seen: Ends, lo: Expr, hi: Expr) -> tuple[Expr, Expr]:
        first, last = lo.as_coeff_Add()[1], hi.as_coeff_Add()[1]
        low, high = seen.get((first, last), (None, None))
        if low is None:
            return lo, hi
        return first + low, last + high


class Sums:
    """The sums, products and integrals of one prover."""

    def __init__(self, prover: Prover) -> None:
        self.prover = prover
        self.arithmetic, self.ranges = prover.arithmetic, prover.ranges
        self.cores = Cores()
        self.peeling = False
        self.triangles = Triangles(self)

    # ---------------------------------------------------------------- entering

    def bind(self, e: Any) -> tuple[list[Limit], Expr]:
        """Rename what e binds to private names; return the limits, outermost first."""
        names: dict[Symbol, Expr] = {}
        limits = []
        for v, *ends in reversed(e.limits):
            lo, hi = (self.prover.nf(substitute(end, names)) for end in ends)
            names[v] = self.ranges.bind(v, lo, hi)
            limits.append((names[v], lo, hi))
        return limits, substitute(e.function, names)

    def opened(self, e: Any) -> tuple[list[Limit], Expr]:
        """Give the names that a normal form binds private names; see `bind`.

        The names of the sums inside are lower ones, and stay: the body is normal.
        """
        names: dict[Symbol, Expr] = {}
        limits = []
        for v, lo, hi in reversed(e.limits):
            lo, hi = lo.xreplace(names), hi.xreplace(names)
            names[v] = self.ranges.bind(v, lo, hi)
            limits.append((names[v], lo, hi))
        return limits, e.function.xreplace(names)

    def of_sum(self, e: Sum) -> Expr:
        """Return the normal form of a sum as written."""
        limits, body = self.bind(e)
        body = self.prover.nf(body)
        for limit in reversed(limits):
            body = self.over(body, [limit])
        return body

    def over(self, body: Expr, limits: list[Limit]) -> Expr:
        """Sum a normalized body; the limits stand outermost first."""
        if not limits:
            return body
        *outer, (v, lo, hi) = limits
        count = expand(hi - lo + 1)
        if count.is_Integer and 0 <= count <= EXPLICIT and is_box(v, lo, hi, limits):
            terms = [self.put(body, {v: lo + m}) for m in range(int(count))]
            if None not in terms:
                return self.over(self.arithmetic.add(terms), outer)
        return self.arithmetic.add([self._term(t, limits) for t in Add.make_args(body)])

    def put(self, e: Expr, at: dict[Symbol, Expr]) -> Expr | None:
        """Put values for private names and normalize; None if that is undefined.

        Inner sums bind canonical names, which never occur in a value: no capture.
        """
        pay_for_numbers(e, at)
        new = self.prover.nf(e.xreplace(at))
        return None if new.has(zoo, nan) else new

    # ---------------------------------------------------------------- one term

    def _term(self, t: Expr, limits: list[Limit]) -> Expr:
        if t == 0:
            return S.Zero
        found = self._flatten(t, limits)
        if found is not None:
            return found
        factors = list(Mul.make_args(t))
        for simplify in (self._collapse, self._absorb, self.prover.binomials.theorem):
            found = simplify(factors, limits)
            if found is not None:
                return found
        return self._separate(factors, limits)

    def _flatten(self, t: Expr, limits: list[Limit]) -> Expr | None:
        """Join inner sums that depend on these indices; None if there are none."""
        names = {v for v, _, _ in limits}
        factors = list(Mul.make_args(t))
        for m, f in enumerate(factors):
            base, power = f.as_base_exp()
            if not (isinstance(base, Sum) and names & base.free_symbols):
                continue
            if not (power.is_Integer and power > 0):
                continue
            inner, body = self.opened(base)
            rest = Mul(*factors[:m], *factors[m + 1 :], Pow(base, power - 1))
            return self.over(self.arithmetic.product([rest, body]), [*limits, *inner])
        return None

    def _collapse(self, factors: list[Expr], limits: list[Limit]) -> Expr | None:
        """Use Σ_u δ(u, v) f(u) = f(v), where v is shown to lie in the range of u."""
        if not self.prover.has("delta"):
            return None
        for m, f in enumerate(factors):
            if not isinstance(f, KroneckerDelta):
                continue
            rest = factors[:m] + factors[m + 1 :]
            for limit in reversed(limits):
                v, lo, hi = limit
                value = _solve(f, v)
                if value is None or any(v in ends_of(o) for o in limits):
                    continue
                known = self.ranges.nonnegative(hi - lo + 1)
                if known and self.ranges.outside(value, lo, hi):
                    return S.Zero
                if self.ranges.inside(value, lo, hi):
                    new = self.put(Mul(*rest), {v: value})
                    if new is not None:
                        return self.over(new, [o for o in limits if o is not limit])
        return None

    def _absorb(self, factors: list[Expr], limits: list[Limit]) -> Expr | None:
        """Find one sum within: Σ_ij f(j) / Σ_k f(k) is Σ_i 1, and hypotheses on Σ_j.

        Only the innermost sums matter, and only where the sum over one index alone
        occurs as a denominator or on the left of a hypothesis.
        """
        targets = {
            b for f in factors for b, _ in (f.as_base_exp(),) if isinstance(b, Sum)
        }
        if len(limits) < 2 or not (targets or self.prover.rewriting.rewrites_sums()):
            return None
        for limit in reversed(limits):
            v = limit[0]
            if any(v in ends_of(o) for o in limits):
                continue
            inside = [f for f in factors if v in f.free_symbols]
            outside = [f for f in factors if v not in f.free_symbols]
            alone = self._separate(inside, [limit])
            plain = alone.as_coeff_Mul()[1]
            names = {o[0] for o in limits}
            if plain in targets or not any(
                names & s.free_symbols for s in alone.atoms(Sum)
            ):
                rest = [o for o in limits if o is not limit]
                return self.over(self.arithmetic.product([*outside, alone]), rest)
        return None

    def _separate(self, factors: list[Expr], limits: list[Limit]) -> Expr:
        """Pull out what is free of the indices, and split into connected groups."""
        names = {v for v, _, _ in limits}
        parts = [p for f in factors for p in self._split(f, names)]
        out = [p for p in parts if not p.free_symbols & names]
        inside = [p for p in parts if p.free_symbols & names]
        pieces = []
        for group, own in _components(inside, limits):
            if group:
                pieces.append(self._group(group, own))
            elif len(own) == 1:
                pieces.append(self._length(own[0]))
            else:
                pieces.append(self.canonical(Sum, S.One, own))
        return self.arithmetic.product([*out, *pieces])

    def _length(self, limit: Limit) -> Expr:
        """Return Σ 1: the length of the range, where that is shown not negative."""
        _, lo, hi = limit
        count = expand(hi - lo + 1)
        if self.ranges.nonnegative(count):
            return count
        return self.canonical(Sum, S.One, [limit])

    def _split(self, f: Expr, names: set[Symbol]) -> list[Expr]:
        """Split a power into the part that varies with the indices and the rest."""
        base, exponent = f.as_base_exp()
        if isinstance(f, exp):
            base, exponent = S.Exp1, f.args[0]
        if not exponent.is_Add or base.free_symbols & names:
            return [f]
        for fixed, moving in _ways(exponent, names):
            if fixed != 0 and moving != 0 and self._may_split(base, fixed, moving):
                if isinstance(f, exp):
                    return [exp(fixed), exp(moving)]
                return [
                    self.arithmetic.power(base, fixed),
                    self.arithmetic.power(base, moving),
                ]
        return [f]

    def _may_split(self, base: Expr, first: Expr, second: Expr) -> bool:
        """Tell whether base**(first + second) = base**first * base**second."""
        if base is S.Exp1 or self.prover.signs.positive(base):
            return True
        whole = first.is_integer and second.is_integer
        if whole and self.prover.signs.nonzero(base):
            return True
        return bool(whole) and all(map(self.ranges.nonnegative, (first, second)))

    # ------------------------------------------------------- one connected group

    def _group(self, factors: list[Expr], limits: list[Limit]) -> Expr:
        """Bring one connected group into its place: shift, peel, name."""
        body = Mul(*factors)
        for law in (self._power_sum, self.triangles.split):
            found = law(body, limits)
            if found is not None:
                return found
        for limit in limits:
            v, lo, hi = limit
            if not is_box(v, lo, hi, limits):
                continue
            moved = self._align(body, limit)
            if moved is not None:
                w, new = moved
                rest = [w if o is limit else o for o in limits]
                return self.over(new, rest)
            peeled = self._peel(body, limit, -body)
            if peeled is not None:
                core, inside, extra = peeled
                rest = [o for o in limits if o is not limit]
                inner = [core if o is limit else o for o in limits]
                return self.arithmetic.add(
                    [self.over(inside, inner), *(self.over(x, rest) for x in extra)]
                )
        return self.canonical(Sum, body, limits)

    def _power_sum(self, body: Expr, limits: list[Limit]) -> Expr | None:
        """Return Σ i^m by Bernoulli's polynomials, where the range is not reversed."""
        (v, lo, hi), *more = limits
        base, m = body.as_base_exp()
        if more or base != v or not (m.is_Integer and 0 < m <= HIGHEST):
            return None
        if not self.ranges.nonnegative(hi - lo + 1):
            return None
        ends = bernoulli(m + 1, hi + 1) - bernoulli(m + 1, lo)
        return self.put(ends / (m + 1), {})

    def _align(self, body: Expr, limit: Limit) -> tuple[Limit, Expr] | None:
        """Shift or reverse one index so that the first array is read at the index."""
        v, lo, hi = limit
        slot = slot_of(body, v) or self._exponent(body, v)
        if slot is None:
            # No array to go by: start at 1, and let powers rise.
            flip = falling(body, v)
            if not lo.is_Integer or (lo == 1 and not flip):
                return None
            first, last = S.One, expand(hi - lo + 1)
            at = (lambda w: hi - w + 1) if flip else (lambda w: w + lo - 1)
        else:
            sign, offset = slot
            if sign == 1 and offset == 0:
                return None
            first, last = (lo, hi) if sign == 1 else (-hi, -lo)
            first, last = expand(first + offset), expand(last + offset)
            at = lambda w: sign * (w - offset)  # noqa: E731 - one of three maps
        w = self.ranges.bind(v, first, last)
        new = self.put(body, {v: expand(at(w))})
        return None if new is None else ((w, first, last), new)

    def _exponent(self, body: Expr, v: Symbol) -> tuple[int, Expr] | None:
        """Return (sign, offset) of the exponent of a base that may vanish, or None.

        Such a power cannot be split, so that its exponent decides, for want of arrays.
        """
        found = []
        for f in Mul.make_args(body):
            base, x = f.as_base_exp()
            slope = x.coeff(v, 1)
            offset = expand(x - slope * v)
            free = v not in base.free_symbols | offset.free_symbols
            if slope in (1, -1) and free and not self._may_split(base, v, -S.One):
                found.append((default_sort_key(base), (int(slope), offset)))
        return min(found)[1] if found else None

    def _peel(
        self, body: Expr, limit: Limit, undone: Expr
    ) -> tuple[Limit, Expr, list[Any]] | None:
        """Split off the terms at the ends that other sums of this kind lack.

        Or add those that they have, and undo that outside. The body is normalized
        again: in a smaller range more may be known of it.
        """
        v, lo, hi = limit
        self.cores.record(lo, hi)
        if not self.peeling:
            return None
        ends = self._hull((body, undone), limit) or self._core(lo, hi)
        if ends == (lo, hi):
            return None
        low, high = ends
        more = [*_places(lo, low), *_places(high + 1, hi + 1)]
        less = [*_places(low, lo), *_places(hi + 1, high + 1)]
        extra = [self.put(body, {v: p}) for p in more]
        extra += [self.put(undone, {v: p}) for p in less]
        w = self.ranges.bind(v, low, high)
        inside = self.put(body, {v: w})
        if inside is None or None in extra:
            return None
        return (w, low, high), inside, extra

    def _hull(self, parts: tuple[Expr, ...], limit: Limit) -> tuple[Expr, Expr] | None:
        """Return the common hull of the range, where the core may be reversed.

        None where the range itself may be, or where one of the parts has no value.
        """
        v, lo, hi = limit
        first, last = self.cores.core(lo, hi)
        # Without an array to go by, a sum starts at 1; see `_align`.
        if self.ranges.nonnegative(last - first + 1) or not slot_of(parts[0], v):
            return None
        w = self.ranges.bind(v, *self.cores.hull(lo, hi))
        total = all(self.triangles.total(e.xreplace({v: w}), {w}) for e in parts)
        shown = total and self.ranges.nonnegative(hi - lo + 1)
        return self.cores.hull(lo, hi) if shown else None

    def _core(self, lo: Expr, hi: Expr) -> tuple[Expr, Expr]:
        """Return the common core of the range, if it is shown not to be reversed."""
        low, high = self.cores.core(lo, hi)
        for ends in ((low, high), (lo, high), (low, hi)):
            if self.ranges.nonnegative(ends[1] - ends[0] + 1):
                return ends
        return lo, hi

    def shifted_powers(self, t: Expr) -> Expr | None:
        """Use b Σ b^i = Σ b^i - b^lo + b^(hi+1), a shift with its ends peeled off."""
        if not self.peeling:
            return None
        factors = Mul.make_args(t)
        for s in factors:
            if not (isinstance(s, Sum) and len(s.limits) == 1):
                continue
            ((i, lo, hi),) = s.limits
            base, x = s.function.as_base_exp()
            if x != i or i in base.free_symbols or s.function.is_Add:
                continue
            others = Mul(*(f for f in factors if f is not s))
            found = self._shift_powers(others, s, base, lo, hi)
            if found is not None and self.ranges.nonnegative(hi - lo + 1):
                return found
        return None

    def _shift_powers(
        self, others: Expr, s: Sum, base: Expr, lo: Expr, hi: Expr
    ) -> Expr | None:
        multiply, power = self.arithmetic.product, self.arithmetic.power
        quotient = self.prover.monomials.divide(others, Pow(base, -1))
        if quotient is not None:
            ends = [power(base, expand(lo - 1)), -power(base, hi)]
            return multiply([quotient, Add(s, *ends)])
        if not (self.prover.signs.nonzero(base) or self.ranges.nonnegative(lo)):
            return None
        first, rest = (
            self.prover.monomials.leading(base) if base.is_Add else (base, S.Zero)
        )
        quotient = self.prover.monomials.divide(others, first)
        if quotient is None:
            return None
        ends = [-power(base, lo), power(base, expand(hi + 1)), -multiply([rest, s])]
        return multiply([quotient, self.arithmetic.add([s, *ends])])

    # ------------------------------------------------------------- canonical names

    def canonical(self, kind: Any, body: Expr, limits: list[Limit]) -> Expr:
        """Return the sum (or product, or integral) under its canonical names."""
        height = self.height(body, limits)

        def named(order: list[Limit]) -> Expr:
            names = {
                v: bound_name(height, m, *_kind(v)) for m, (v, _, _) in enumerate(order)
            }
            ends = [tuple(part.xreplace(names) for part in limit) for limit in order]
            return kind(body.xreplace(names), *reversed(ends))

        tried = orders(body, limits, self.ranges)
        return self.prover.rewrite(min(map(named, tried), key=default_sort_key))

    @staticmethod
    def height(body: Expr, limits: Sequence[Limit]) -> int:
        """Return one more than the height of every sum inside."""
        inside = [body, *(end for limit in limits for end in limit[1:])]
        return 1 + max((b.height for e in inside for b in e.atoms(Bound)), default=0)

    # -------------------------------------------------------- products, integrals

    def of_product(self, e: Product) -> Expr:
        """Return the normal form of a product: one factor of the body at a time."""
        limits, body = self.bind(e)
        body = self.prover.nf(body)
        for limit in reversed(limits):
            body = self._product_over(body, limit)
        return body

    def _product_over(self, body: Expr, limit: Limit) -> Expr:
        v, lo, hi = limit
        count = expand(hi - lo + 1)
        if count.is_Integer and 0 <= count <= EXPLICIT:
            terms = [self.put(body, {v: lo + m}) for m in range(int(count))]
            if None not in terms:
                return self.arithmetic.product(terms)
        if not self.ranges.nonnegative(count):
            return self.canonical(Product, body, [limit])
        number, factors = self.arithmetic.factored(body)
        pieces = [self.arithmetic.power(number, count)]
        left = S.One
        for f, k in factors:
            if v not in f.free_symbols | k.free_symbols:
                pieces.append(self.arithmetic.power(self.arithmetic.power(f, k), count))
            elif v not in f.free_symbols and self.prover.signs.nonzero(f):
                total = self.over(self.prover.nf(k), [limit])
                pieces.append(self.arithmetic.power(f, total))
            elif isinstance(f, exp):
                pieces.append(
                    self.arithmetic.exponential(
                        self.over(self.arithmetic.product([f.args[0], k]), [limit])
                    )
                )
            elif v not in k.free_symbols and (
                k.is_integer or self.prover.signs.nonnegative(f)
            ):
                one = self._one_product(f, limit)
                pieces.append(self.arithmetic.power(one, k))
            else:
                left *= Pow(f, k)
        if left != 1:
            pieces.append(self._one_product(left, limit))
        return self.arithmetic.product(pieces)

    def _one_product(self, body: Expr, limit: Limit) -> Expr:
        """Return Π of a body that does not factor further: shift, peel, name."""
        moved = self._align(body, limit)
        if moved is not None and slot_of(body, limit[0]) is not None:
            return self._product_over(moved[1], moved[0])
        peeled = self._peel(body, limit, Pow(body, -1))
        if peeled is not None:
            core, inside, extra = peeled
            return self.arithmetic.product([self._product_over(inside, core), *extra])
        return self.canonical(Product, body, [limit])

    def of_integral(self, e: Any) -> Expr:
        """Return the normal form of an integral; its body is never split.

        Parts of a convergent integral may diverge, so only factors that do not vary
        come out. No hypothesis can reach the variable: it has a private name.
        """
        if any(len(limit) != 3 for limit in e.limits):
            return e
        body, limits = e.function, []
        names: dict[Symbol, Symbol] = {}
        for v, *ends in reversed(e.limits):
            lo, hi = (self.prover.nf(substitute(end, names)) for end in ends)
            names[v] = Dummy(v.name, **v._assumptions_orig)
            limits.append((names[v], lo, hi))
        number, factors = self.arithmetic.factored(
            self.prover.nf(substitute(body, names))
        )
        moving = set(names.values())
        powers = [Pow(f, k) for f, k in factors]
        out = [power for power in powers if not power.free_symbols & moving]
        rest = [power for power in powers if power.free_symbols & moving]
        inner = self.canonical(type(e), Mul(*rest), limits)
        return self.arithmetic.product(
            [number, *map(self.arithmetic.arith, out), inner]
        )


def _kind(v: Symbol) -> list[tuple[str, bool]]:
    return sorted((k, x) for k, x in v._assumptions_orig.items() if k != "commutative")


def _places(first: Expr, end: Expr) -> list[Expr]:
    """Return the places from the first up to the end, without it; or none."""
    return [first + m for m in range(int(expand(end - first)))]


def _solve(delta: Expr, v: Symbol) -> Expr | None:
    """Return the value of v at which the delta is 1, if it is linear in v."""
    gap = expand(delta.args[0] - delta.args[1])
    slope = gap.coeff(v, 1)
    rest = expand(gap - slope * v)
    if slope not in (1, -1) or v in rest.free_symbols or len(delta.args) > 2:
        return None
    return expand(-rest / slope)


def _ways(exponent: Expr, names: set[Symbol]) -> Iterator[tuple[Expr, Expr]]:
    """List the ways to cut an exponent in two: by dependence, by its whole number."""
    fixed, moving = exponent.as_independent(*names, as_Add=True)
    yield fixed, moving
    number, rest = exponent.as_coeff_Add()
    if number.is_Integer and rest != moving:
        yield number, rest


def _components(
    factors: list[Expr], limits: list[Limit]
) -> list[tuple[list[Expr], list[Limit]]]:
    """Group factors and limits that share an index, directly or in turn."""
    groups: list[tuple[set[Symbol], list[Expr], list[Limit]]]
    groups = [({limit[0]}, [], [limit]) for limit in limits]

    def join(names: set[Symbol], factor: list[Expr]) -> None:
        hit = [g for g in groups if g[0] & names]
        merged = (
            set().union(*(g[0] for g in hit)),
            [f for g in hit for f in g[1]] + factor,
            [o for g in hit for o in g[2]],
        )
        groups[:] = [g for g in groups if not any(g is h for h in hit)] + [merged]

    own = {limit[0] for limit in limits}
    for limit in limits:
        join(({limit[0]} | ends_of(limit)) & own, [])
    for f in factors:
        join(f.free_symbols & own, [f])
    rank = {limit[0]: m for m, limit in enumerate(limits)}
    return [
        (factors, sorted(ours, key=lambda o: rank[o[0]])) for _, factors, ours in groups
    ]
