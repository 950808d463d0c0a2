"""The value of an expression in one concrete world, as a ball.

The tree is interpreted as it stands: sums and products are loops, a derivative adds an
infinitesimal to its variable, an expectation enumerates the outcomes of finite laws
with the declared moments, an integral is enclosed by quadrature, a sequence runs its
recurrence, a matrix is a table. SymPy is asked for the parts of an expression and for
nothing else: it neither differentiates, sums, integrates nor simplifies here.

What the expression does not say, its `Source` does: the sizes, the number that stands
in for each atom, the finite law that stands in for a family of random variables, the
smooth function that stands in for an undefined one.

The module is long because the language is: one short rule for each kind of node, listed
at the end, and any node may stand inside any other.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from functools import reduce
from itertools import count
from math import comb, factorial
from typing import Any, Protocol

import sympy
from flint import arb
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.engine import balls
from derivations.engine.balls import (
    IndeterminateError,
    Jet,
    KinkError,
    Number,
    UndefinedError,
)
from derivations.engine.effort import nodes, spend
from derivations.engine.language import Defined, E, Family, Index, Var
from derivations.engine.quadrature import integrate
from derivations.engine.stand_ins import stand_in
from derivations.engine.tables import determinant, is_table, table, trace

__all__ = ["INTEGRANDS", "Evaluator", "Key", "Scope", "Source"]

INTEGRANDS = "evaluations of integrands"

Key = tuple[Any, ...]  # a symbol alone, or a base followed by whole numbers
Scope = dict[Any, Any]  # bound symbols: a whole number for an index, else a Number


class Source(Protocol):
    """What an evaluator asks about the world it works in."""

    def integer(self, symbol: Any) -> int:
        """Return the value of an integer symbol."""

    def draw(self, key: Key) -> Number:
        """Return the exact number that stands in for an atom."""

    def choice(self, key: Key, options: int) -> int:
        """Return one of 0, …, options - 1, the same for the same key."""


class _UnassignedError(Exception):
    """An expectation met a random variable that has no outcome yet."""

    def __init__(self, key: Key) -> None:
        self.key = key
        super().__init__(key)


class Evaluator:
    """Evaluates expressions in one world, at the current precision.

    Parameters
    ----------
    source : Source
        The world.
    sequences : dict
        For each array that a recurrence defines: its value at 0, its counter t, and its
        value at t + 1.
    """

    def __init__(
        self, source: Source, sequences: dict[Any, tuple[Any, Any, Any]]
    ) -> None:
        self.source, self.sequences = source, sequences
        self.values: dict[Key, Number] = {}
        self.touched: set[Key] = set()
        self.analytic = False  # inside a quadrature that asks for analyticity
        self.enclosing = False  # inside a quadrature that asks for an enclosure
        self._moving: dict[Key, list[int]] = {}  # atoms under differentiation
        self._tags = 0  # how many infinitesimals are in use
        self._outcome: dict[Key, Number] | None = None  # inside an expectation
        self._terms: dict[Key, Number] = {}  # terms of sequences
        self._constants: dict[Any, Number] = {}

    def forget(self) -> None:
        """Drop what was remembered, after a change of `values`."""
        self._terms = {}

    # ---------------------------------------------------------------- entrances

    def value(self, e: Any, scope: Scope) -> Number:
        """Return the value of a scalar expression."""
        kind = type(e)
        rule = _RULES.get(kind)
        if rule is None:
            rule = _RULES[kind] = _inherited_rule(kind)
        return rule(self, e, scope)

    def entries(self, e: Any) -> list[Number]:
        """Return the value of a scalar, or the entries of a matrix row by row."""
        if is_table(e):
            return [entry for row in table(self, e, {}) for entry in row]
        return [self.value(e, {})]

    def exact(self, e: Any, scope: Scope) -> Fraction | None:
        """Return the rational value of an expression in integers, or None."""
        if e.is_Rational:
            return Fraction(int(e.p), int(e.q))
        if e.is_Symbol:
            if e in scope:
                return Fraction(scope[e]) if isinstance(scope[e], int) else None
            return Fraction(self.source.integer(e)) if e.is_integer else None
        if not (e.is_Add or e.is_Mul or e.is_Pow):
            return self._counted(e, scope) if e.is_integer else None
        parts = [self.exact(part, scope) for part in e.args]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        if e.is_Pow:
            return _exact_power(*known)
        return sum(known, Fraction(0)) if e.is_Add else reduce(operator.mul, known)

    def _counted(self, e: Any, scope: Scope) -> Fraction | None:
        """Return the value of a binomial, a maximum, … if it is a whole number."""
        number = self.value(e, scope)
        whole = isinstance(number, arb) and number.is_exact() and number.is_integer()
        return Fraction(int(number.unique_fmpz())) if whole else None

    def integer(self, e: Any, scope: Scope) -> int:
        """Return the value of an expression that must be a whole number."""
        if isinstance(known := scope.get(e), int):  # an index, most of the time
            return known
        q = self.exact(e, scope)
        if q is None or q.denominator != 1:
            msg = f"{e} is not a whole number" + ("" if q is None else f" but {q}")
            raise UndefinedError(msg)
        return q.numerator

    def key(self, e: Any, scope: Scope) -> Key:
        """Return the name of an atom: x, y[3] or A[0, 2]."""
        if isinstance(e, sympy.Indexed):
            return (e.args[0], *(self.integer(i, scope) for i in e.args[1:]))
        if isinstance(e, MatrixElement):
            return (e.parent, *(self.integer(i, scope) for i in e.indices))
        return (e,)

    # ---------------------------------------------------------------- atoms

    def atom(self, key: Key) -> Number:
        """Return the number of an atom, with the infinitesimals it carries."""
        base = key[0]
        if isinstance(base, Family):
            number = self._random(key)
        elif base in self.sequences:
            number = self._term(key)
        else:
            self.touched.add(key)
            if key not in self.values:
                spend(1, "entries of arrays", each=40)
                self.values[key] = self.source.draw(key)
            number = self.values[key]
        for tag in self._moving.get(key, ()):
            number = number + balls.infinitesimal(tag)
        return number

    def rational(self, e: Any, _scope: Scope) -> Number:
        """Return a rational number or a float, exactly as it is."""
        if e not in self._constants:
            q = e if e.is_Rational else sympy.Rational(e)
            self._constants[e] = balls.rational(Fraction(int(q.p), int(q.q)))
        return self._constants[e]

    def symbol(self, e: Any, scope: Scope) -> Number:
        """Return a bound symbol, an integer or an atom."""
        if e in scope:
            number = scope[e]
            return arb(number) if isinstance(number, int) else number
        return arb(self.source.integer(e)) if e.is_integer else self.atom((e,))

    def entry(self, e: Any, scope: Scope) -> Number:
        """Return an entry of an array or of a matrix."""
        if not isinstance(e, MatrixElement):
            return self.atom(self.key(e, scope))
        row, column = (self.integer(i, scope) for i in e.indices)
        rows, columns = (self.integer(s, scope) for s in e.parent.shape)
        if not (0 <= row < rows and 0 <= column < columns):
            msg = f"{e}: entry {row}, {column} of a {rows} by {columns} matrix"
            raise UndefinedError(msg)
        if isinstance(e.parent, sympy.MatrixSymbol):
            return self.atom(self.key(e, scope))
        return table(self, e.parent, scope)[row][column]

    def _term(self, key: Key) -> Number:
        """Return a term of a sequence by running its recurrence."""
        base, t = key[:2]
        if t < 0 or len(key) > 2:
            what = "lies before the start of" if t < 0 else "has too many indices for"
            msg = f"{base}[{t}] {what} the sequence"
            raise UndefinedError(msg)
        if key not in self._terms:
            initial, counter, following = self.sequences[base]
            term = following if t else initial
            self._terms[key] = self.value(term, {counter: t - 1} if t else {})
        return self._terms[key]

    # ---------------------------------------------------------------- arithmetic

    def add(self, e: Any, scope: Scope) -> Number:
        """Add."""
        return reduce(operator.add, [self.value(term, scope) for term in e.args])

    def multiply(self, e: Any, scope: Scope) -> Number:
        """Multiply; -1 comes first and changes the sign, with no rounding."""
        first, *others = e.args
        if first is sympy.S.NegativeOne:
            first, *others = others
            flip = True
        else:
            flip = False
        out = self.value(first, scope)
        for factor in others:
            out = out * self.value(factor, scope)
        return -out if flip else out

    def power(self, e: Any, scope: Scope) -> Number:
        """Raise to a power: whole ones of anything, others of what is positive."""
        base, exponent = self.value(e.args[0], scope), e.args[1]
        q = self.exact(exponent, scope)
        moved = self.value(exponent, scope) if q is None else None
        try:
            if q is not None:
                return balls.rational_power(base, q, analytic=self.analytic)
            return balls.power(base, moved, analytic=self.analytic)
        except UndefinedError as reason:
            msg = f"{reason}, in {e}"
            raise type(reason)(msg) from None

    def logarithm(self, e: Any, scope: Scope) -> Number:
        """Return the natural logarithm."""
        argument = self.value(e.args[0], scope)
        try:
            return balls.log(argument, analytic=self.analytic)
        except UndefinedError as reason:
            msg = f"{reason}, in {e}"
            raise type(reason)(msg) from None

    def extremum(self, e: Any, scope: Scope) -> Number:
        """Return the greatest or the least."""
        flip = 1 if isinstance(e, sympy.Max) else -1

        def greater(a: Number, b: Number) -> Number:
            return balls.maximum(a, b, analytic=self.analytic)

        return flip * reduce(greater, [flip * self.value(a, scope) for a in e.args])

    def delta(self, e: Any, scope: Scope) -> Number:
        """Return 1 where two integers agree (and lie in the range, if there is one)."""
        u, v = (self.integer(a, scope) for a in e.args[:2])
        inside = True
        if len(e.args) > 2:
            lo, hi = (self.integer(a, scope) for a in e.args[2])
            inside = lo <= u <= hi
        return arb(int(u == v and inside))

    def factorial(self, e: Any, scope: Scope) -> Number:
        """Return n! for a whole n ≥ 0."""
        n = self.integer(e.args[0], scope)
        if n < 0:
            msg = f"{e}: factorial of {n}"
            raise UndefinedError(msg)
        spend(n, "factors of one number", each=20)
        return arb(factorial(n))

    def binomial(self, e: Any, scope: Scope) -> Number:
        """Return the number of k-subsets of n things; 0 for k < 0 and k > n."""
        n, k = (self.integer(a, scope) for a in e.args)
        if n < 0:
            msg = f"{e}: subsets of {n} things"
            raise UndefinedError(msg)
        spend(max(0, min(k, n - k)), "factors of one number", each=20)
        return arb(comb(n, k)) if k >= 0 else arb(0)

    # ---------------------------------------------------------------- functions

    def defined(self, e: Any, scope: Scope) -> Number:
        """Return a defined function: its body, in a scope of its own."""
        arguments = [self.value(a, scope) for a in e.args]
        body = type(e).body
        return self.value(body.expr, dict(zip(body.variables, arguments, strict=True)))

    def undefined(self, e: Any, scope: Scope) -> Number:
        """Return an undefined function: a smooth one of this world stands in for it."""
        name, numbers = str(type(e)), count()

        def coefficient() -> Fraction:
            drawn = self.source.choice(("function", name, next(numbers)), 1000)
            return Fraction(2 * drawn - 999, 512)

        out, phase = balls.rational(coefficient()), balls.rational(coefficient())
        for argument in e.args:
            u = self.value(argument, scope)
            a, b, c = (balls.rational(coefficient()) for _ in range(3))
            out, phase = out + u * (a + b * u), phase + c * u
        return out + balls.apply("sin", phase) + balls.apply("cos", phase * phase)

    def piecewise(self, e: Any, scope: Scope) -> Number:
        """Return the first value whose condition holds (all that may, in a hull)."""
        possible: list[Number] = []
        for number, condition in e.args:
            try:
                if self.holds(condition, scope):
                    found = self.value(number, scope)
                    return reduce(balls.hull, possible, found)
            except IndeterminateError:
                if not self.enclosing:
                    raise
                possible.append(self.value(number, scope))
        msg = f"no case of {e} applies"
        raise UndefinedError(msg)

    def step(self, e: Any, scope: Scope) -> Number:
        """Return the sign or the unit step (the range of it, where undecided)."""
        u, act = self.value(e.args[0], scope), _STEPS[type(e)]
        try:
            return act(u)
        except IndeterminateError:
            if not self.enclosing:
                raise
            return balls.hull(act(arb(-1)), act(arb(1)))

    @contextmanager
    def integrating(self, integrand: Any, *, analytic: bool) -> Iterator[None]:
        """Evaluate an integrand: to find out whether it is analytic, or a hull."""
        spend(1, INTEGRANDS, each=10 + 2 * nodes(integrand))
        before = self.analytic, self.enclosing
        self.analytic = self.analytic or analytic
        self.enclosing = not self.analytic
        try:
            yield
        finally:
            self.analytic, self.enclosing = before

    def holds(self, condition: Any, scope: Scope) -> bool:
        """Decide a condition."""
        if condition in (sympy.true, sympy.false):
            return bool(condition)
        if isinstance(condition, sympy.And | sympy.Or):
            every = isinstance(condition, sympy.And)
            verdicts = (self.holds(part, scope) for part in condition.args)
            return all(verdicts) if every else any(verdicts)
        if isinstance(condition, sympy.Not):
            return not self.holds(condition.args[0], scope)
        if not isinstance(condition, Relational):
            msg = f"the condition {condition} cannot be decided"
            raise UndefinedError(msg)
        gap = self.value(condition.lhs, scope) - self.value(condition.rhs, scope)
        s = balls.sign_of(gap)
        if s == 0 and isinstance(gap, Jet) and not gap.is_constant_zero():
            msg = f"a derivative is asked for on the border {condition}"
            raise KinkError(msg)
        return s in _SIGNS[condition.rel_op]

    # ---------------------------------------------------------------- binders

    def bind(self, index: Any, values: range, scope: Scope) -> Iterator[Scope]:
        """Give an index one value after the other."""
        if isinstance(index, Index) and values:
            lo, hi = (self.integer(end, scope) for end in index.range)
            if values[0] < lo or values[-1] > hi:
                msg = (
                    f"index {index} is declared in {lo}..{hi}, "
                    f"but runs over {values[0]}..{values[-1]}"
                )
                raise UndefinedError(msg)
        for number in values:
            yield {**scope, index: number}

    def fold(self, e: Any, scope: Scope) -> Number:
        """Return a sum or a product over index ranges; the last limit is outermost."""
        if isinstance(e, sympy.Sum):
            unit, combine = arb(0), operator.add
        else:
            unit, combine = arb(1), operator.mul

        def over(limits: tuple[Any, ...], scope: Scope) -> Number:
            if not limits:
                return self.value(e.function, scope)
            index, *ends = limits[-1]
            lo, hi = (self.integer(end, scope) for end in ends)
            if hi < lo - 1:
                msg = f"the range {lo}..{hi} of index {index} is reversed"
                raise UndefinedError(msg)
            inner = limits[:-1]
            each = 2 if inner else 2 + nodes(e.function)
            spend(hi - lo + 1, "terms of a sum or product", each=each)
            terms = self.bind(index, range(lo, hi + 1), scope)
            return reduce(combine, (over(inner, bound) for bound in terms), unit)

        return over(e.limits, scope)

    def integral(self, e: Any, scope: Scope) -> Number:
        """Return a definite integral."""
        return integrate(self, e, scope)

    def substituted(self, e: Any, scope: Scope) -> Number:
        """Return an expression with its variables held at a point."""
        inner = dict(scope)
        for variable, point in zip(e.variables, e.point, strict=True):
            if variable.is_integer:
                number = self.integer(point, scope)
                for _ in self.bind(variable, range(number, number + 1), scope):
                    inner[variable] = number
            else:
                inner[variable] = self.value(point, scope)
        return self.value(e.expr, inner)

    # ---------------------------------------------------------------- derivatives

    def derivative(self, e: Any, scope: Scope) -> Number:
        """Differentiate: one infinitesimal for each variable, then its coefficient."""
        variables = [v for v, times in e.variable_count for _ in range(int(times))]
        with self.moving(variables, scope) as (inner, mask):
            return balls.derivative_part(self.value(e.expr, inner), mask)

    @contextmanager
    def moving(self, variables: list[Any], scope: Scope) -> Iterator[tuple[Scope, int]]:
        """Add a fresh infinitesimal to each variable; give the scope and the mask."""
        inner, mask = dict(scope), 0
        with ExitStack() as stack:
            for variable in variables:
                if variable.is_integer or not isinstance(variable, _VARIABLES):
                    msg = f"{variable} is not a variable to differentiate by"
                    raise UndefinedError(msg)
                bound = variable in inner
                key = None if bound else self.key(variable, scope)
                tag = stack.enter_context(self.nudged(key))
                mask |= tag
                if bound:
                    inner[variable] = inner[variable] + balls.infinitesimal(tag)
            yield inner, mask

    @contextmanager
    def nudged(self, key: Key | None) -> Iterator[int]:
        """Add a fresh infinitesimal to an atom (None: to a bound symbol); give it."""
        tag, terms = 1 << self._tags, self._terms
        self._tags += 1
        self._terms = {}
        if key is not None:
            self._moving.setdefault(key, []).append(tag)
        try:
            yield tag
        finally:
            if key is not None:
                self._moving[key].pop()
            self._terms = terms
            self._tags -= 1

    @property
    def masks(self) -> range:
        """Every product of infinitesimals that a number may carry now."""
        return range(1 << self._tags)

    # ---------------------------------------------------------------- expectation

    def expectation(self, e: Any, scope: Scope) -> Number:
        """Return the mean over all outcomes of the random variables that matter."""
        return self._enumerate(lambda: (self.value(e.args[0], scope),), nodes(e))[0]

    def variance(self, e: Any, scope: Scope) -> Number:
        """Return the mean square less the squared mean."""

        def powers() -> tuple[Number, Number]:
            u = self.value(e.args[0], scope)
            return u, u * u

        mean, square = self._enumerate(powers, nodes(e))
        return square - mean * mean

    def _enumerate(
        self, integrand: Callable[[], tuple[Number, ...]], size: int
    ) -> tuple[Number, ...]:
        outcome, terms = self._outcome, self._terms
        self._outcome = {}
        try:
            return self._branch(integrand, size, 1)
        finally:
            self._outcome, self._terms = outcome, terms

    def _branch(
        self, integrand: Callable[[], tuple[Number, ...]], size: int, ways: int
    ) -> tuple[Number, ...]:
        """Evaluate; where a random variable has no outcome yet, try each in turn.

        All outcomes are paid for on the way to the first, where `ways` says how many
        there are so far; it is 0 elsewhere.
        """
        self._terms = {}
        try:
            return integrand()
        except _UnassignedError as missing:
            key = missing.key
        outcome = self._outcome
        assert outcome is not None
        total: tuple[Number, ...] | None = None
        law = self.law(key[0])
        ways = ways * len(law)
        spend(ways, "outcomes of random variables", each=2 + size)
        for number, weight in law:
            outcome[key] = number
            found = self._branch(integrand, size, ways)
            ways = 0
            part = tuple(weight * mean for mean in found)
            total = part if total is None else tuple(map(operator.add, total, part))
        del outcome[key]
        assert total is not None
        return total

    def _random(self, key: Key) -> Number:
        """Return the outcome of a random variable; outside E, one of its values."""
        if self._outcome is None:
            law = self.law(key[0])
            return law[self.source.choice(key, len(law))][0]
        if key not in self._outcome:
            raise _UnassignedError(key)
        return self._outcome[key]

    def law(self, family: Family) -> list[tuple[Number, Number]]:
        """Return a finite law with the declared moments: pairs (value, probability)."""
        parameters = [self.value(parameter, {}) for parameter in family.law.args]
        return stand_in(family.law, parameters, self.source.choice((family,), 5))


def _exact_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    if exponent.denominator != 1 or (base == 0 and exponent < 0):
        return None
    bits = base.numerator.bit_length() + base.denominator.bit_length()
    spend(bits * abs(exponent.numerator), "bits of one number")
    return base**exponent.numerator


_SIGNS = {
    "==": {0},
    "!=": {-1, 1},
    "<": {-1},
    "<=": {-1, 0},
    ">": {1},
    ">=": {0, 1},
}

_VARIABLES = (sympy.Symbol, sympy.Indexed, MatrixElement)

_STEPS = {sympy.sign: balls.sign, sympy.Heaviside: balls.heaviside}

_Rule = Callable[[Evaluator, Any, Scope], Number]


def _elementary(name: str) -> _Rule:
    def rule(evaluator: Evaluator, e: Any, scope: Scope) -> Number:
        return balls.apply(name, evaluator.value(e.args[0], scope))

    return rule


def _constant(make: Callable[[], Number]) -> _Rule:
    return lambda _evaluator, _e, _scope: make()


def _first(act: Callable[..., Number], *, cut: bool = False) -> _Rule:
    """Apply a function of balls to the only argument."""

    def rule(evaluator: Evaluator, e: Any, scope: Scope) -> Number:
        u = evaluator.value(e.args[0], scope)
        return act(u, analytic=evaluator.analytic) if cut else act(u)

    return rule


def _inherited_rule(kind: type) -> _Rule:
    for base in kind.__mro__:
        if base in _RULES:
            return _RULES[base]
    msg = f"the refuter does not know {kind.__name__}"

    def refuse(_evaluator: Evaluator, _e: Any, _scope: Scope) -> Number:
        raise UndefinedError(msg)

    return refuse


_ELEMENTARY = ("exp", "sin", "cos", "sinh", "cosh", "tanh", "erf", "erfc", "gamma")

_RULES: dict[type, _Rule] = {
    sympy.Rational: Evaluator.rational,
    sympy.Float: Evaluator.rational,
    type(sympy.pi): _constant(arb.pi),
    type(sympy.E): _constant(lambda: arb(1).exp()),
    type(sympy.EulerGamma): _constant(arb.const_euler),
    sympy.Symbol: Evaluator.symbol,
    sympy.Indexed: Evaluator.entry,
    MatrixElement: Evaluator.entry,
    sympy.Add: Evaluator.add,
    sympy.Mul: Evaluator.multiply,
    sympy.Pow: Evaluator.power,
    sympy.UnevaluatedExpr: _first(lambda u: u),
    **{getattr(sympy, name): _elementary(name) for name in _ELEMENTARY},
    sympy.log: Evaluator.logarithm,
    sympy.Abs: _first(balls.absolute, cut=True),
    sympy.sign: Evaluator.step,
    sympy.Heaviside: Evaluator.step,
    sympy.Max: Evaluator.extremum,
    sympy.Min: Evaluator.extremum,
    sympy.KroneckerDelta: Evaluator.delta,
    sympy.factorial: Evaluator.factorial,
    sympy.binomial: Evaluator.binomial,
    Defined: Evaluator.defined,
    AppliedUndef: Evaluator.undefined,
    sympy.Piecewise: Evaluator.piecewise,
    sympy.Sum: Evaluator.fold,
    sympy.Product: Evaluator.fold,
    sympy.Integral: Evaluator.integral,
    sympy.Subs: Evaluator.substituted,
    sympy.Derivative: Evaluator.derivative,
    E: Evaluator.expectation,
    Var: Evaluator.variance,
    sympy.Trace: trace,
    sympy.Determinant: determinant,
}
