"""The prover: equality of indexed expressions, for every size at once.

An equation ``left = right`` holds when the normal form of ``left - right`` is 0. Two
expressions with equal normal forms are equal wherever both are defined; nothing is
said about expressions whose normal forms differ. What may be rewritten is decided by
the rule that a step names: its `Licence` lists the powers it switches on.

Always on (the rule *algebra*): the laws of commutative rings, of powers, of absolute
values; renaming of bound names; linearity of sums; Fubini; constants out of sums;
sums over a known number of terms; sums of powers of an index; triangles as halves of
squares; Abs for Max and Min of two.

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

This module asks the question and leads each node to its laws: `arithmetic` and `terms`,
`sums` (with `orders`, `alignment`, `triangles`), `derivatives` (with `calculus`),
`expectations` (with `moments`), `binomials`, `rewriting`. They ask `ranges` about
integers, `polarity` about signs, `monomials` about factors. None of this is shared with
the refuter.
(Over 300 lines, a quarter of them this text and signatures: one short method per node.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import (
    Abs,
    Add,
    Derivative,
    Dummy,
    Expr,
    Indexed,
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
    binomial,
    exp,
    log,
    tanh,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import (
    Relational,
)
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from derivations.engine.arithmetic import Arithmetic, Prime, expand_products
from derivations.engine.binomials import Binomials
from derivations.engine.bound import raised
from derivations.engine.calculus import maximum
from derivations.engine.derivatives import Derivatives
from derivations.engine.effort import TooLarge, expand, nodes, spend
from derivations.engine.entries import entry
from derivations.engine.expectations import Expectations
from derivations.engine.language import Defined, E, Each, Var
from derivations.engine.monomials import Monomials, one_fraction
from derivations.engine.polarity import Modulus, Signs
from derivations.engine.ranges import Ranges
from derivations.engine.rewriting import Rewriting
from derivations.engine.substitution import opened
from derivations.engine.sums import Sums

__all__ = ["POWERS", "Licence", "Prover", "TooLarge", "plain"]

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

#: How often sums are merged and denominators cleared before giving up.
ROUNDS = 3


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
        self.rewriting = Rewriting(self, facts)
        self.monomials = Monomials(self.signs.nonzero)
        self.arithmetic = Arithmetic(self)
        self.binomials = Binomials(self)
        self.sums = Sums(self)
        self.derivatives = Derivatives(self, hidden)
        self.expectations = Expectations(self)
        self.rewriting.install(licence.rewrites)

    @property
    def signs(self) -> Signs:
        """What is known of signs at the present place."""
        return self.rewriting.scope.signs

    def has(self, power: str) -> bool:
        """Tell whether the licence switches a power on."""
        return power in self.licence.powers

    def rewrite(self, e: Expr) -> Expr:
        """Use a hypothesis or theorem about e itself."""
        return self.rewriting.rewrite(e)

    # ------------------------------------------------------------- the question

    def normal(self, e: Expr) -> Expr:
        """Return the normal form of e, or raise `TooLarge`."""
        return plain(self._settled(e))

    def equal(self, left: Any, right: Any) -> bool:
        """Tell whether left = right is proved; matrices are compared by entries.

        A question that is nested too deep counts as not proved; `TooLarge` says of one
        that it takes too much work.
        """
        try:
            if isinstance(left, MatrixExpr) or isinstance(right, MatrixExpr):
                return self._equal_matrices(left, right)
            return self._vanishes(left - right)
        except RecursionError:
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
        for scope in self.rewriting.scopes.values():
            scope.memo.clear()
        return self.nf(first)

    def _vanishes(self, e: Expr) -> bool:
        e = self._settled(e)
        for _ in range(ROUNDS):
            if e == 0:
                return True
            over = self.arithmetic.arith(expand_products(one_fraction(e)[0]))
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
            limits, body = raised(s)
            body = Mul(*(f for f in factors if f is not s), body)
            groups.setdefault((type(s), limits), []).append((t, body))
        for same in groups.values():
            over = one_fraction(Add(*(body for _, body in same)))[0]
            if len(same) == 1 or self.arithmetic.arith(expand_products(over)) != 0:
                rest += [t for t, _ in same]
        return Add(*rest)

    # ------------------------------------------------------------ normal form

    def nf(self, e: Expr) -> Expr:
        """Return the normal form of e, in the present scope."""
        memo = self.rewriting.scope.memo
        if e not in memo:
            spend(nodes(e), "parts of expressions normalized")
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
        return self.arithmetic.add([self.nf(t) for t in e.args])

    def _product_of_factors(self, e: Mul) -> Expr:
        return self.arithmetic.product([self.nf(f) for f in e.args])

    def _power(self, e: Pow) -> Expr:
        return self.arithmetic.power(self.nf(e.base), self.nf(e.exp))

    def _exp(self, e: exp) -> Expr:
        return self.arithmetic.exponential(self.nf(e.args[0]))

    def _log(self, e: log) -> Expr:
        """Split as written where all bases are positive, before sums multiply out."""
        powers = [_base_and_exponent(f) for f in Mul.make_args(e.args[0])]
        apart = self.has("explog") and len(powers) > 1
        if not apart or not all(self.signs.positive(b) for b, _ in powers):
            return self.arithmetic.logarithm(self.nf(e.args[0]))
        return self.arithmetic.add(
            [
                self.arithmetic.product(
                    [self.nf(x), self.arithmetic.logarithm(self.nf(b))]
                )
                for b, x in powers
            ]
        )

    def _abs(self, e: Abs) -> Expr:
        return self.arithmetic.absolute(self.nf(e.args[0]))

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

    def _derivative(self, e: Derivative) -> Expr:
        return self.derivatives.of_derivative(e)

    def _point(self, e: Subs) -> Expr:
        return self.derivatives.of_point(e)

    def _expectation(self, e: E) -> Expr:
        return self.expectations.of_expectation(e)

    def _variance(self, e: Var) -> Expr:
        return self.expectations.of_variance(e)


def _base_and_exponent(f: Expr) -> tuple[Expr, Expr]:
    """Split a factor; a power of e is left whole, its logarithm is known."""
    return (f, S.One) if isinstance(f, exp) else f.as_base_exp()


def plain(e: Expr) -> Expr:
    """Put the primes and SymPy's absolute value back in."""
    return e.xreplace({p: p.number for p in e.atoms(Prime)}).replace(Modulus, Abs)


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
