"""The prover: equality of indexed expressions, for every size at once.

An equation ``left = right`` holds when the normal form of ``left - right`` is 0. Two
expressions with equal normal forms are equal wherever both are defined; nothing is
said about expressions whose normal forms differ. What may be rewritten is decided by
the rule that a step names: its `Licence` lists the powers it switches on.

Always on (the rule *algebra*): the laws of commutative rings, of powers, of absolute
values; renaming of bound names; linearity of sums; Fubini; constants out of sums;
sums over a known number of terms; Abs for Max and Min of two.

====================  =================================================================
power                 what it adds
====================  =================================================================
``explog``            log of products, quotients, powers, where the parts are positive
``diff``              derivatives are carried out
``delta``             Σ_u δ(u, v) f(u) = f(v), v shown in range; δ(u, v) f(u) = δ f(v)
``linear_E``          expectation is linear, and commutes with finite sums
``moments``           the expectation of a power of one variable is its declared moment
``independence``      expectations of products of independent variables
``peel``              Σ to n+1 is Σ to n plus a term; likewise below, and for products
``binomial``          Pascal, absorption, symmetry, the binomial theorem
====================  =================================================================

Definitions are opened by ``Licence.unfold`` (and only those), hypotheses and theorems
used by ``Licence.rewrites``, derivatives proved as theorems by ``Licence.lemmas``.

**Division.** Numerator and denominator are compared after clearing denominators, and
fractions are split (x/(1 + x) = 1 - 1/(1 + x)). This is valid where the denominators
do not vanish: the audit shows that for every denominator of the expressions compared.
No power of a base is split in two unless the base is shown nonzero or both exponents
shown not negative. No logarithm is split unless all parts but one are shown positive.

**Hypotheses** rewrite a node of the tree, never a leaf under something that makes it
another thing: names bound by sums and integrals are private inside them, so that no
hypothesis can mention them; under a derivative that is not carried out, hypotheses
about what it varies are switched off.

The work is split over `ranges` (integers), `polarity`, `monomials`, `sums`, `calculus`,
`moments` and `binomials`; this module holds the arithmetic and the question itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sympy import (
    Abs,
    Add,
    Derivative,
    Dummy,
    Expr,
    Indexed,
    Integer,
    Integral,
    KroneckerDelta,
    Lambda,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    S,
    Subs,
    Sum,
    Symbol,
    Trace,
    Tuple,
    binomial,
    default_sort_key,
    exp,
    expand,
    factorrat,
    log,
    tanh,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import (
    Relational,
    StrictGreaterThan,
    StrictLessThan,
    Unequality,
)
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from derivations.engine.binomials import Binomials
from derivations.engine.calculus import (
    Differentiation,
    NoRule,
    dependencies,
    maximum,
)
from derivations.engine.entries import entry
from derivations.engine.language import Defined, E, Each, Var
from derivations.engine.moments import families, joint_moment
from derivations.engine.monomials import Monomials, is_numeric, one_fraction
from derivations.engine.polarity import Modulus, Signs
from derivations.engine.ranges import Ranges
from derivations.engine.substitution import opened, substitute
from derivations.engine.sums import Bound, Sums, bound_name

__all__ = ["POWERS", "Licence", "Prover", "TooLarge"]

#: Everything that `Licence.powers` may contain.
POWERS = frozenset(
    [
        "explog",
        "diff",
        "delta",
        "linear_E",
        "moments",
        "independence",
        "peel",
        "binomial",
    ]
)

#: A height above every sum.
_ABOVE = 1_000_000

#: Terms looked at before a question is given up as too large (usual: a few hundred).
EFFORT = 100_000

#: How often sums are merged and denominators cleared before giving up.
ROUNDS = 3


class TooLarge(Exception):  # noqa: N818 - an answer: not proved
    """A normal form is too large to be computed."""


@dataclass(frozen=True)
class Licence:
    """What a rule may rewrite.

    Attributes
    ----------
    powers : frozenset of str
        Switches out of `POWERS`.
    unfold : frozenset
        Defined functions whose bodies may be opened; `Var` and `tanh` too.
    rewrites : tuple of (left, right) or (left, right, indices)
        Equations to use from left to right; each holds for all values of the indices
        given with it, for those of the free ones otherwise.
    lemmas : tuple of (function, Lambda)
        Derivatives of defined functions, proved as theorems for every argument.
    """

    powers: frozenset[str] = frozenset()
    unfold: frozenset[Any] = frozenset()
    rewrites: tuple[tuple[Any, ...], ...] = ()
    lemmas: tuple[tuple[Any, Lambda], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a power that does not exist."""
        unknown = self.powers - POWERS
        if unknown:
            msg = f"Licence: no such power: {', '.join(sorted(unknown))}"
            raise ValueError(msg)


@dataclass(frozen=True)
class _Rule:
    """One equation in use: a monomial, what it is equal to, what it may speak of."""

    left: Expr
    right: Expr
    symbols: frozenset[Any]
    indices: tuple[Symbol, ...] = ()


@dataclass
class _Scope:
    """The rules and facts in force at a place, and what is already normalized there."""

    rules: tuple[_Rule, ...]
    facts: tuple[Relational | Each, ...]
    signs: Signs
    memo: dict[Expr, Expr] = field(default_factory=dict)


class Prime(Symbol):
    """A prime as the base of a symbolic power: 6*2**n and 3*2**(n+1) are one thing."""

    __slots__ = ("number",)
    number: Integer


@lru_cache(maxsize=200)
def _prime(number: int) -> Prime:
    symbol = Symbol.__xnew__(Prime, f"prime{number}", integer=True, positive=True)
    symbol.number = Integer(number)
    return symbol


class Prover:
    """Normal forms under one licence; make a new one for each question.

    Parameters
    ----------
    licence : Licence
        What may be rewritten.
    ranges : mapping of Symbol to (lo, hi)
        The ranges of the free indices.
    facts : iterable of Relational or Each
        Hypotheses that may settle a sign: inequalities and `Ne`, or `each` of them.
    hidden : mapping of IndexedBase to set of symbols and arrays
        Sequences given by a recurrence, and what their terms depend on.
    """

    def __init__(
        self,
        licence: Licence,
        ranges: Mapping[Symbol, tuple[Expr, Expr]] | None = None,
        facts: Iterable[Relational | Each] = (),
        hidden: Mapping[Any, frozenset[Any]] | None = None,
    ) -> None:
        facts = tuple(facts)
        ends = {i: (S(lo), S(hi)) for i, (lo, hi) in (ranges or {}).items()}
        self.licence = licence
        self.ranges = Ranges(ends, facts)
        self._effort = 0
        self._scopes: dict[Any, _Scope] = {}
        self._enter((), facts)
        self.monomials = Monomials(self.signs.nonzero)
        self.binomials = Binomials(self)
        self.sums = Sums(self)
        self.calculus = Differentiation(
            self.signs, dict(licence.lemmas), dependencies(hidden or {})
        )
        self._enter(tuple(self._oriented(licence.rewrites)), facts)

    @property
    def signs(self) -> Signs:
        """What is known of signs at the present place."""
        return self._scope.signs

    def has(self, power: str) -> bool:
        """Tell whether the licence switches a power on."""
        return power in self.licence.powers

    # ------------------------------------------------------------- the question

    def normal(self, e: Expr) -> Expr:
        """Return the normal form of e, or raise `TooLarge`."""
        return _plain(self._settled(e))

    def equal(self, left: Any, right: Any) -> bool:
        """Tell whether left = right is proved; matrices are compared by entries.

        A question that is too large counts as not proved. So does one on which SymPy
        does not come to an end: its Abs, which many of its functions ask for the size
        of a number, calls itself on Abs(-n - 1) while products are kept as written.
        """
        try:
            if isinstance(left, MatrixExpr) or isinstance(right, MatrixExpr):
                return self._equal_matrices(left, right)
            return self._vanishes(left - right)
        except (TooLarge, RecursionError):
            return False

    def _equal_matrices(self, left: Any, right: Any) -> bool:
        if not (isinstance(left, MatrixExpr) and isinstance(right, MatrixExpr)):
            return False
        shapes = zip(left.shape, right.shape, strict=True)
        if any(expand(a - b) != 0 for a, b in shapes):
            return False
        rows, columns = left.shape
        i = self.ranges.bind(Symbol("i"), S.Zero, rows - 1)
        j = self.ranges.bind(Symbol("j"), S.Zero, columns - 1)
        return self._vanishes(entry(left, i, j) - entry(right, i, j))

    def _settled(self, e: Expr) -> Expr:
        """Normalize once to see which ranges occur, and again to even them out."""
        first = self.nf(e)
        if not (self.has("peel") or self.has("binomial")):
            return first
        self.sums.peeling = self.has("peel")
        self.binomials.settle(first)
        for scope in self._scopes.values():
            scope.memo.clear()
        return self.nf(first)

    def _vanishes(self, e: Expr) -> bool:
        e = self._settled(e)
        for _ in range(ROUNDS):
            if e == 0:
                return True
            over = self.arith(expand_products(one_fraction(e)[0]))
            if over == 0:
                return True
            merged = self._merged(over)
            if merged == 0:
                return True
            if merged == e:
                return False
            e = merged
        return False

    def _merged(self, e: Expr) -> Expr:
        """Drop sums over the same range that cancel: a Σ f + b Σ g = Σ (a f + b g) = 0.

        Integrals likewise; they are taken to exist, one by one.
        """
        groups: dict[Any, list[tuple[Expr, Expr]]] = {}
        rest = []
        for t in Add.make_args(e):
            factors = Mul.make_args(t)
            whole = [f for f in factors if isinstance(f, Sum | Integral)]
            if len(whole) != 1:
                rest.append(t)
                continue
            (s,) = whole
            limits, body = _raised(s)
            body = Mul(*(f for f in factors if f is not s), body)
            groups.setdefault((type(s), limits), []).append((t, body))
        for same in groups.values():
            over = one_fraction(Add(*(body for _, body in same)))[0]
            if len(same) == 1 or self.arith(expand_products(over)) != 0:
                rest += [t for t, _ in same]
        return Add(*rest)

    # ---------------------------------------------------------------- hypotheses

    def _oriented(self, rewrites: Iterable[tuple[Any, ...]]) -> Iterator[_Rule]:
        """Write each equation as monomial = the rest, in normal form.

        An equation about the value of a random variable is not used: within an
        expectation it would be a condition.
        """
        for left, right, *indices in rewrites:
            if families(left) | families(right):
                continue
            free = tuple(indices[0]) if indices else ()
            lhs, rhs = self.nf(left), self.nf(right)
            if lhs.is_Add or lhs.is_number:
                gap = self.add([lhs, -rhs])
                if gap.is_number:
                    continue
                lhs, rest = self.monomials.leading(gap)
                rhs = -rest
            number, lhs = lhs.as_coeff_Mul()
            rhs = self.product([rhs, 1 / number])
            if lhs == rhs:
                continue
            symbols = frozenset((left.free_symbols | right.free_symbols) - set(free))
            yield _Rule(lhs, rhs, symbols, free)

    def _enter(
        self, rules: tuple[_Rule, ...], facts: tuple[Relational | Each, ...]
    ) -> None:
        if (rules, facts) not in self._scopes:
            self._scopes[rules, facts] = _Scope(rules, facts, Signs(self.ranges, facts))
        self._scope = self._scopes[rules, facts]

    @contextmanager
    def _without(self, varied: set[Any]) -> Iterator[None]:
        """Switch off what holds at the point of a derivative but not around it.

        Those are equations about anything varied, and inequalities that allow equality;
        a strict one holds around the point if it holds there.
        """
        rules, facts = self._scope.rules, self._scope.facts
        self._enter(
            tuple(r for r in rules if not r.symbols & varied),
            tuple(h for h in facts if _is_open(h) or not h.free_symbols & varied),
        )
        try:
            yield
        finally:
            self._enter(rules, facts)

    def rewrites_sums(self) -> bool:
        """Tell whether some rule in force rewrites a sum."""
        return any(r.left.has(Sum) for r in self._scope.rules)

    def rewrite(self, e: Expr) -> Expr:
        """Use a rule whose left side is e itself."""
        for rule in self._scope.rules:
            if e == rule.left:
                return rule.right
            if rule.indices:
                found = self._instance(e, rule)
                if found is not None:
                    return found
        return e

    def _instance(self, e: Expr, rule: _Rule) -> Expr | None:
        """Use a rule that holds for all values of its indices, if e is an instance."""
        values: dict[Symbol, Expr] = {}
        if not _matches(rule.left, e, set(rule.indices), values):
            return None
        for i in rule.indices:
            ends = getattr(i, "range", None) or self.ranges.ends(i)
            if i not in values or ends is None:
                return None
            lo, hi = (substitute(end, values) for end in ends)
            if not self.ranges.inside(values[i], lo, hi):
                return None
        return self.nf(substitute(rule.right, values))

    # ------------------------------------------------------------ normal form

    def nf(self, e: Expr) -> Expr:
        """Return the normal form of e, in the present scope."""
        memo = self._scope.memo
        if e not in memo:
            memo[e] = self._nf(e)
        return memo[e]

    def _nf(self, e: Expr) -> Expr:
        if e.is_Number:
            return e
        for kind, rule in _RULES:
            if isinstance(e, kind):
                return rule(self, e)
        return self._function(e)

    def _function(self, e: Expr) -> Expr:
        """Normalize the arguments of anything without a rule of its own."""
        if e.func in self.licence.unfold and isinstance(e, Defined):
            return self.nf(opened(e))
        if e.func is tanh and tanh in self.licence.unfold:
            (u,) = e.args
            return self.nf((exp(u) - exp(-u)) / (exp(u) + exp(-u)))
        if not isinstance(e, Defined | AppliedUndef) and not e.is_Function:
            return self.rewrite(e)
        return self.rewrite(e.func(*map(self.nf, e.args)))

    def _atom(self, e: Expr) -> Expr:
        return self.rewrite(e)

    def _entry(self, e: Indexed) -> Expr:
        return self.rewrite(e.base[tuple(self.nf(i) for i in e.indices)])

    def _matrix_entry(self, e: MatrixElement) -> Expr:
        if not e.parent.is_symbol:
            opened_ = entry(e.parent, e.i, e.j)
            return self.rewrite(e) if opened_ == e else self.nf(opened_)
        return self.rewrite(MatrixElement(e.parent, self.nf(e.i), self.nf(e.j)))

    def _sum_of_terms(self, e: Add) -> Expr:
        return self.add([self.nf(t) for t in e.args])

    def _product_of_factors(self, e: Mul) -> Expr:
        return self.product([self.nf(f) for f in e.args])

    def _power(self, e: Pow) -> Expr:
        return self.power(self.nf(e.base), self.nf(e.exp))

    def _exp(self, e: exp) -> Expr:
        return self.exponential(self.nf(e.args[0]))

    def _log(self, e: log) -> Expr:
        """Split as written where all bases are positive, before sums multiply out."""
        powers = [_base_and_exponent(f) for f in Mul.make_args(e.args[0])]
        apart = self.has("explog") and len(powers) > 1
        if not apart or not all(self.signs.positive(b) for b, _ in powers):
            return self.logarithm(self.nf(e.args[0]))
        return self.add(
            [self.product([self.nf(x), self.logarithm(self.nf(b))]) for b, x in powers]
        )

    def _abs(self, e: Abs) -> Expr:
        return self.absolute(self.nf(e.args[0]))

    def _maximum(self, e: Expr) -> Expr:
        if len(e.args) == 2:
            return self.nf(maximum(e))
        return self.rewrite(e.func(*map(self.nf, e.args)))

    def _delta(self, e: KroneckerDelta) -> Expr:
        """Drop the range of a three-argument delta where a side is shown inside it."""
        u, v = (self.nf(a) for a in e.args[:2])
        if len(e.args) > 2 and not any(
            self.ranges.inside(side, *e.args[2]) for side in (u, v)
        ):
            return self.rewrite(KroneckerDelta(u, v, e.args[2]))
        return self.rewrite(KroneckerDelta(u, v))

    def _binomial(self, e: binomial) -> Expr:
        return self.rewrite(self.binomials.of(*map(self.nf, e.args)))

    def _trace(self, e: Trace) -> Expr:
        i = Dummy("i", integer=True)
        return self.nf(Sum(entry(e.arg, i, i), (i, 0, e.arg.rows - 1)))

    def _sum(self, e: Sum) -> Expr:
        return self.sums.of_sum(e)

    def _indexed_product(self, e: Product) -> Expr:
        return self.sums.of_product(e)

    def _integral(self, e: Integral) -> Expr:
        return self.sums.of_integral(e)

    # ------------------------------------------------------------- derivatives

    def _derivative(self, e: Derivative) -> Expr:
        """Carry a derivative out, or keep it, with what it varies left alone."""
        if self.has("diff"):
            done = self._carried_out(e)
            if done is not None:
                return self.nf(done)
        varied = set().union(*(v.free_symbols for v, _ in e.variable_count))
        with self._without(varied):
            inner = self.nf(e.expr)
        if not all(v.free_symbols & inner.free_symbols for v, _ in e.variable_count):
            return self.rewrite(e)
        return self.rewrite(self._named(Derivative(inner, *e.variable_count)))

    def _carried_out(self, e: Derivative) -> Expr | None:
        """Differentiate as written, or else in normal form; None if no rule helps."""
        varied = set().union(*(v.free_symbols for v, _ in e.variable_count))
        try:
            return self._differentiate(e.expr, e)
        except NoRule:
            with self._without(varied):
                inner = self.nf(e.expr)
            try:
                return self._differentiate(inner, e)
            except NoRule:
                return None

    def _differentiate(self, inner: Expr, e: Derivative) -> Expr:
        for v, count in e.variable_count:
            for _ in range(int(count)):
                inner = self.calculus.derivative(inner, v)
        return inner

    def _named(self, e: Derivative) -> Expr:
        """Write f'(u), f unknown or opaque, as a derivative at a point."""
        f = e.expr
        if isinstance(f, Defined | AppliedUndef) and all(
            v in f.args
            and not any(
                v.free_symbols & (a.free_symbols - {v}) for a in f.args if a != v
            )
            for v, _ in e.variable_count
        ):
            names = [Dummy("u", real=True) for _ in f.args]
            at = dict(zip(f.args, names, strict=True))
            if len(at) == len(names):
                slope = Derivative(
                    f.func(*names), *((at[v], m) for v, m in e.variable_count)
                )
                return self._point(Subs(slope, Tuple(*names), f.args))
        return e

    def _point(self, e: Subs) -> Expr:
        """Normalize a derivative at a point; the variable is private there."""
        names = [Dummy(f"u{m}", real=True) for m in range(len(e.variables))]
        inner = substitute(e.expr, dict(zip(e.variables, names, strict=True)))
        points = [self.nf(p) for p in e.point]
        at = dict(zip(names, points, strict=True))
        f = inner.expr if isinstance(inner, Derivative) else None
        if isinstance(f, Defined | AppliedUndef) and list(f.args) == names:
            slope = self._open_slope(inner)
            if slope is None:
                return self.rewrite(self._at(inner, names, points))
            return self.nf(substitute(slope, at))
        body = self.nf(inner)
        if any(v in names for g in body.atoms(Derivative) for v in g.variables):
            return self.rewrite(self._at(body, names, points))
        return self.nf(substitute(body, at))

    def _at(self, e: Expr, names: Sequence[Dummy], points: Sequence[Expr]) -> Subs:
        """Return e at a point, under canonical names."""
        height = self.sums.height(e, ())
        new = {v: bound_name(height, m, ("real", True)) for m, v in enumerate(names)}
        return Subs(e.xreplace(new), Tuple(*new.values()), Tuple(*points))

    def _open_slope(self, e: Derivative) -> Expr | None:
        """Differentiate a defined function, if the licence opens it or has a lemma."""
        f = e.expr.func
        if self.has("diff") and f in self.licence.unfold:
            return self._differentiate(opened(e.expr), e)
        if self.has("diff") and f in self.calculus.lemmas:
            return self._differentiate(e.expr, e)
        return None

    # ------------------------------------------------------------- expectation

    def _variance(self, e: Var) -> Expr:
        (u,) = e.args
        if Var in self.licence.unfold:
            return self.nf(E(u**2) - E(u) ** 2)
        return self.rewrite(Var(self.nf(u)))

    def _expectation(self, e: E) -> Expr:
        inner = self.nf(e.args[0])
        if not self.has("linear_E"):
            return self.rewrite(E(inner))
        return self.add([self._mean(t) for t in Add.make_args(inner)])

    def _mean(self, t: Expr) -> Expr:
        """Return the expectation of one term."""
        factors = Mul.make_args(t)
        random = [f for f in factors if families(f)]
        fixed = [f for f in factors if not families(f)]
        for m, f in enumerate(random):
            base, power = f.as_base_exp()
            if not (isinstance(base, Sum) and power.is_Integer and power > 0):
                continue
            limits, body = self.sums.opened(base)
            if any(families(end) for limit in limits for end in limit[1:]):
                break
            others = [*random[:m], *random[m + 1 :], Pow(base, power - 1)]
            inside = self.product([body, *others])
            mean = self.add([self._mean(s) for s in Add.make_args(inside)])
            return self.product([*fixed, self.sums.over(mean, limits)])
        return self.product([*fixed, self._mean_of_factors(random)])

    def _mean_of_factors(self, random: list[Expr]) -> Expr:
        if not random:
            return S.One
        whole = Mul(*random)
        single = len(random) == 1
        if not (self.has("moments") if single else self.has("independence")):
            return self.rewrite(E(whole))
        means = []
        for group in _independent(random):
            own = frozenset().union(*map(families, group))
            mean = None
            if len(own) == 1 and self.has("moments"):
                mean = joint_moment(next(iter(own)), group)
            means.append(
                self.rewrite(E(Mul(*group))) if mean is None else self.nf(mean)
            )
        return self.product(means)

    # --------------------------------------------------------------- arithmetic

    def add(self, terms: Iterable[Expr | None]) -> Expr:
        """Add normal forms."""
        return self._tidy(Add(*(t for t in terms if t is not None)))

    def product(self, factors: Sequence[Expr]) -> Expr:
        """Multiply normal forms out."""
        terms: tuple[Expr, ...] = (S.One,)
        for f in factors:
            parts = Add.make_args(f)
            if len(terms) == len(parts) == 1:
                terms = Add.make_args(self._times(terms[0], parts[0]))
            else:
                terms = Add.make_args(
                    Add(*(self._times(a, b) for a in terms for b in parts))
                )
        return self._tidy(Add(*terms))

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
            return self.rewrite(Pow(b, x))
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

    def _root(
        self, number: Expr, factors: list[tuple[Expr, Expr]], x: Expr
    ) -> list[Expr]:
        """Split (number * Π f**k)**x for any real x: only nonnegative factors part.

        The whole is not negative, so that of one remaining factor the same is true.
        """
        pieces, left = [self._number_power(abs(number), x)], []
        for f, k in factors:
            if self.signs.nonnegative(f):
                pieces.append(self._atom_power(f, self.product([k, x])))
            elif k.is_Integer and k % 2 == 0:
                for g, m in self.factored(self.absolute(f))[1]:
                    pieces.append(self._atom_power(g, self.product([k, x, m])))
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
        if x == 0:
            return S.One
        if is_numeric(f):
            return self._number_power(f, x)
        if isinstance(f, exp):
            return self.exponential(self.product([f.args[0], x]))
        if not f.is_Add:
            return self.rewrite(Pow(f, x))
        number, rest = x.as_coeff_Add()
        whole = number // 1
        if whole < 1 or not (rest == 0 or self._whole_part_splits(f, x)):
            return Pow(f, x)
        part = x - whole
        return self.product([f] * int(whole) + ([Pow(f, part)] if part != 0 else []))

    def _whole_part_splits(self, base: Expr, x: Expr) -> bool:
        """Tell whether base**(c + s) = base**c * base**s, c >= 1 a whole number."""
        number = x.as_coeff_Add()[0]
        rest = x - number // 1
        if rest.is_integer and self.ranges.nonnegative(rest):
            return True
        if rest.is_integer:
            return self.signs.nonzero(base)
        return self.signs.positive(base)

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
        for p, k in sorted(factorrat(c).items()):
            pieces.append(Pow(_prime(p), expand(k * (x - whole))))
        return Mul(*pieces)

    def factored(self, e: Expr) -> tuple[Expr, list[tuple[Expr, Expr]]]:
        """Write a normal form as number * Π f**k; each sum f is primitive.

        One denominator is made of all fractions, so that the sign and the common
        monomial of what remains are the same however the fraction was written.
        """
        if e.is_Add and _has_fraction(e):
            over, under = one_fraction(e)
            if under != 1:
                over = self.arith(expand_products(over))
                n, top = self._content(over)
                m, bottom = self._content(under)
                return n / m, top + [(f, -k) for f, k in bottom]
        return self._content(e)

    def _content(self, e: Expr) -> tuple[Expr, list[tuple[Expr, Expr]]]:
        if e == 0:
            return S.Zero, []
        if e.is_Add:
            common, rest = self.monomials.content(e)
            if self.signs.positive(-rest):
                common, rest = -common, Add(*(-t for t in rest.args))
            number, factors = self._content(common)
            if not rest.is_Add:
                more, single = self._content(rest)
                return number * more, factors + single
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
        if self.has("explog"):
            for t in Add.make_args(u):
                logs = [f for f in Mul.make_args(t) if isinstance(f, log)]
                if len(logs) == 1 and self.signs.positive(logs[0].args[0]):
                    rest = self.exponential(self.add([u, -t]))
                    return self.product(
                        [self.power(logs[0].args[0], self._times(t, 1 / logs[0])), rest]
                    )
        return self.rewrite_terms(exp(u))

    def rewrite_terms(self, e: Expr) -> Expr:
        """Tidy a product that SymPy made of one function, such as exp(a + log b)."""
        return self.arith(e) if e.is_Mul or e.is_Add else self.rewrite(e)

    def logarithm(self, u: Expr) -> Expr:
        """Return log(u), u normalized; its parts come out only under ``explog``."""
        if not self.has("explog") or (u.is_number and not u.is_Rational):
            return self.rewrite(log(u))
        number, factors = self.factored(u)
        pieces, left = [], []
        for f, k in factors:
            if self.signs.positive(f):
                pieces.append(self.product([k, self._log_of_factor(f)]))
            elif k.is_Integer and k % 2 == 0:
                size_ = self.absolute(f)
                pieces.append(self.product([k, self.rewrite(log(size_))]))
            else:
                left.append((f, k))
        if len(left) == 1 and number > 0 and left[0][1].is_Rational:
            ((f, k),) = left
            pieces.append(self.product([k, self._log_of_factor(f)]))
        elif left or number < 0:
            sign = S.NegativeOne if number < 0 else S.One
            rest = self.product([sign, *(self._atom_power(f, k) for f, k in left)])
            pieces.append(self.rewrite(log(rest)))
        for p, k in sorted(factorrat(abs(number)).items()):
            pieces.append(k * log(p))
        return self.add(pieces)

    def _log_of_factor(self, f: Expr) -> Expr:
        if isinstance(f, exp):
            return f.args[0]
        if isinstance(f, Prime):
            return log(f.number)
        if isinstance(f, Product):
            limits, body = self.sums.opened(f)
            if self.signs.positive(body):
                return self.sums.over(self.nf(log(body)), limits)
        return self.rewrite(log(f))

    def absolute(self, u: Expr) -> Expr:
        """Return |u|, u normalized: |ab| = |a||b|, |a|**2 = a**2, |a| = a if a >= 0."""
        if u.is_number:
            return Abs(u)
        number, factors = self.factored(u)
        pieces = [abs(number)]
        for f, k in factors:
            even = k.is_Integer and k % 2 == 0
            root = k.is_Rational and not k.is_Integer
            if even or root or self.signs.nonnegative(f):
                pieces.append(self._atom_power(f, k))
            elif k.is_Integer and self.signs.nonnegative(-f):
                pieces += [S.NegativeOne**k, self._atom_power(f, k)]
            else:
                pieces.append(self.arith(Pow(self._absolute_of_factor(f), k)))
        return self.product(pieces)

    def _absolute_of_factor(self, f: Expr) -> Expr:
        if isinstance(f, Product):
            limits, body = self.sums.opened(f)
            return self.nf(Product(Modulus(body), *reversed(limits)))
        return self.rewrite(Modulus(f))

    # -------------------------------------------------------------------- tidying

    def _tidy(self, e: Expr) -> Expr:
        """Rewrite terms one by one until none changes."""
        while True:
            changed = False
            terms = []
            for t in Add.make_args(e):
                new = self._rewritten(t)
                changed = changed or new is not None
                terms.append(t if new is None else new)
            if not changed:
                return e
            e = Add(*terms)

    def _rewritten(self, t: Expr) -> Expr | None:
        """Return what a term is equal to by the first law that applies, or None."""
        if is_numeric(t):
            return None
        self._effort += 1
        if self._effort > EFFORT:
            raise TooLarge
        for law in (
            self._divided,
            self._by_rule,
            self._same_index,
            self._odd_absolute,
            self.binomials.absorbed,
            self.sums.shifted_powers,
        ):
            new = law(t)
            if new is not None:
                return new
        return None

    def _divided(self, t: Expr) -> Expr | None:
        """Divide by a denominator: m/D with D = l + r and m = q l is q - q r/D.

        Together with a fixed choice of l (see `Monomials.ends`) this makes the
        splitting of a fraction unique, at least for denominators whose leading terms
        share no factor.
        """
        factors = Mul.make_args(t)
        for f in factors:
            if not (f.is_Pow and f.base.is_Add) or is_numeric(f.base):
                continue
            number = f.exp.as_coeff_Add()[0]
            if not number < 0:
                continue
            for first, rest in self.monomials.ends(f.base, t):
                others = Mul(*(g for g in factors if g is not f))
                quotient = self.monomials.divide(others, first)
                if quotient is None:
                    continue
                raised = S.One if f.exp == -1 else Pow(f.base, f.exp + 1)
                return Add(
                    self.product([quotient, raised]),
                    self.product([S.NegativeOne, quotient, rest, f]),
                )
        return None

    def _by_rule(self, t: Expr) -> Expr | None:
        """Use a hypothesis whose left side is a monomial that divides the term."""
        for rule in self._scope.rules:
            if rule.indices:
                continue
            quotient = self.monomials.divide(t, rule.left)
            if quotient is not None:
                return self.product([quotient, rule.right])
        return None

    def _same_index(self, t: Expr) -> Expr | None:
        """Use δ(u, v) f(u) = δ(u, v) f(v), with the larger of the two names gone."""
        if not self.has("delta"):
            return None
        factors = Mul.make_args(t)
        for f in factors:
            if not isinstance(f, KroneckerDelta) or len(f.args) > 2:
                continue
            names = sorted((a for a in f.args if a.is_Symbol), key=default_sort_key)
            if not names:
                continue
            gone = names[-1]
            kept = next(a for a in f.args if a != gone)
            rest = Mul(*(g for g in factors if g is not f))
            if gone in rest.free_symbols and gone not in kept.free_symbols:
                new = self.sums.put(rest, {gone: kept})
                if new is not None:
                    return self.product([f, new])
        return None

    def _odd_absolute(self, t: Expr) -> Expr | None:
        """Write 1/|u| as |u|/u**2."""
        for f in Mul.make_args(t):
            base, x = f.as_base_exp()
            if isinstance(base, Modulus) and x == -1:
                rest = t / f
                return self.product([rest, base, self.power(base.args[0], S(-2))])
        return None


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


def _is_open(h: Relational | Each) -> bool:
    """Tell whether a hypothesis that holds at a point holds around it."""
    if isinstance(h, Each):
        return _is_open(h.hypothesis)
    return isinstance(h, StrictGreaterThan | StrictLessThan | Unequality)


def _has_fraction(e: Expr) -> bool:
    """Tell whether some term is divided by a sum of terms."""
    return any(
        f.is_Pow and f.base.is_Add and f.exp.as_coeff_Mul()[0].is_negative
        for t in Add.make_args(e)
        for f in Mul.make_args(t)
    )


def _base_and_exponent(f: Expr) -> tuple[Expr, Expr]:
    """Split a factor; a power of e is left whole, its logarithm is known."""
    return (f, S.One) if isinstance(f, exp) else f.as_base_exp()


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


def _plain(e: Expr) -> Expr:
    """Put the primes and SymPy's absolute value back in."""
    e = e.xreplace({p: p.number for p in e.atoms(Prime)})
    return e.replace(Modulus, _absolute_value)


def _absolute_value(u: Expr) -> Expr:
    """Return Abs(u) with the sign of u that SymPy's Abs can handle."""
    turned = Add(*(-t for t in Add.make_args(u)))
    return Abs(turned if u.could_extract_minus_sign() else u)


def _raised(s: Any) -> tuple[tuple[tuple[Expr, ...], ...], Expr]:
    """Return the limits and the body of a sum under names that are bound nowhere."""
    names = {
        v[0]: bound_name(_ABOVE, m, *sorted(v[0]._assumptions_orig.items()))
        for m, v in enumerate(s.limits)
    }
    limits = tuple(tuple(part.xreplace(names) for part in v) for v in s.limits)
    return limits, s.function.xreplace(names)


def _independent(factors: Sequence[Expr]) -> list[list[Expr]]:
    """Group factors that share a family of random variables."""
    groups: list[tuple[frozenset[Any], list[Expr]]] = []
    for f in factors:
        own = families(f)
        hit = [g for g in groups if g[0] & own]
        groups = [g for g in groups if not g[0] & own]
        groups.append(
            (own.union(*(g[0] for g in hit)), [x for g in hit for x in g[1]] + [f])
        )
    return [group for _, group in groups]


def _matches(
    pattern: Any, e: Any, indices: set[Symbol], values: dict[Symbol, Expr]
) -> bool:
    """Match e against a pattern whose indices stand for any integer expressions."""
    if pattern in indices:
        if pattern in values:
            return bool(expand(values[pattern] - e) == 0)
        if not e.is_integer or e.atoms(Bound):
            return False
        values[pattern] = e
        return True
    if not pattern.args or not pattern.free_symbols & indices:
        return bool(pattern == e)
    if pattern.func != e.func or len(pattern.args) != len(e.args):
        return False
    return all(
        _matches(p, a, indices, values)
        for p, a in zip(pattern.args, e.args, strict=True)
    )


_RULES: tuple[tuple[Any, Callable[[Prover, Any], Expr]], ...] = (
    (Symbol, Prover._atom),
    (Indexed, Prover._entry),
    (MatrixElement, Prover._matrix_entry),
    (Add, Prover._sum_of_terms),
    (Mul, Prover._product_of_factors),
    (exp, Prover._exp),
    (Pow, Prover._power),
    (log, Prover._log),
    ((Abs, Modulus), Prover._abs),
    ((Max, Min), Prover._maximum),
    (KroneckerDelta, Prover._delta),
    (binomial, Prover._binomial),
    (Sum, Prover._sum),
    (Product, Prover._indexed_product),
    (Integral, Prover._integral),
    (Derivative, Prover._derivative),
    (Subs, Prover._point),
    (E, Prover._expectation),
    (Var, Prover._variance),
    (Trace, Prover._trace),
    (Piecewise, Prover._atom),
)
