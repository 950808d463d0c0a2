"""Differentiation of indexed expressions, by the rules of a calculus course.

SymPy's ``Derivative.doit`` is not used: it differentiates a sum by its own index,
calls the derivative of a determinant zero, and treats an expectation or the value of
a recurrence as a constant. Here every rule is written out, names bound by a sum are
kept apart from the variable, and whatever no rule covers raises `NoRule`.
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
    Pow,
    Product,
    S,
    Subs,
    Sum,
    Symbol,
    Tuple,
    cos,
    cosh,
    erf,
    exp,
    log,
    pi,
    sin,
    sinh,
    sqrt,
    tanh,
)
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.engine.effort import nodes, spend
from derivations.engine.language import Defined, E, Family
from derivations.engine.polarity import Modulus, Signs
from derivations.engine.substitution import substitute

__all__ = ["Differentiation", "NoRule", "dependencies", "maximum"]


class NoRule(Exception):  # noqa: N818 - an answer, not an error: the prover catches it
    """No rule of differentiation applies."""


_TABLE: dict[Any, Callable[[Expr], Expr]] = {
    exp: exp,
    tanh: lambda u: 1 - tanh(u) ** 2,
    sinh: cosh,
    cosh: sinh,
    sin: cos,
    cos: lambda u: -sin(u),
    erf: lambda u: 2 * exp(-(u**2)) / sqrt(pi),
}


def maximum(e: Expr) -> Expr:
    """Write the larger (or smaller) of two numbers with an absolute value."""
    first, second = e.args
    sign = 1 if isinstance(e, Max) else -1
    return (first + second + sign * Modulus(first - second)) / 2


@dataclass(frozen=True)
class Differentiation:
    """The rules, with what they need to know.

    Attributes
    ----------
    signs : Signs
        Roots, absolute values and variable exponents differ in their rules by sign.
    lemmas : mapping of function class to Lambda
        Derivatives proved as theorems: ``{σ: Lambda(u, σ(u)*(1 - σ(u)))}``.
    hidden : mapping of array to set of symbols
        Arrays given by a recurrence, and what its terms depend on.
    """

    signs: Signs
    lemmas: Mapping[Any, Lambda]
    hidden: Mapping[Any, frozenset[Any]]

    def depends(self, e: Expr, v: Expr) -> bool:
        """Tell whether e may change with v, hidden dependence included."""
        if _own(v) & e.free_symbols:
            return True
        return any(
            _own(v) & symbols
            for base, symbols in self.hidden.items()
            if base.label in e.free_symbols
        )

    def derivative(self, e: Expr, v: Expr) -> Expr:
        """Return the derivative of e with respect to v, a symbol or an entry."""
        spend(1, "parts to differentiate", each=100 + nodes(e))
        if not self.depends(e, v):
            return S.Zero
        if e == v:
            return S.One
        for kind, rule in _RULES:
            if isinstance(e, kind):
                return rule(self, e, v)
        return self._of_function(e, v)

    def _of_entry(self, e: Indexed, v: Expr) -> Expr:
        plain = isinstance(v, Indexed) and v.base == e.base
        if not plain or e.base in self.hidden or isinstance(e.base, Family):
            msg = f"{e} depends on {v} in a way of its own"
            raise NoRule(msg)
        pairs = zip(e.indices, v.indices, strict=True)
        return Mul(*(KroneckerDelta(i, j) for i, j in pairs))

    def _of_matrix_entry(self, e: MatrixElement, v: Expr) -> Expr:
        if not isinstance(v, MatrixElement) or not e.parent.is_symbol:
            msg = f"{e} by {v}"
            raise NoRule(msg)
        return KroneckerDelta(e.i, v.i) * KroneckerDelta(e.j, v.j)

    def _of_terms(self, e: Expr, v: Expr) -> Expr:
        return Add(*(self.derivative(t, v) for t in e.args))

    def _of_factors(self, e: Expr, v: Expr) -> Expr:
        return Add(
            *(
                Mul(*e.args[:m], self.derivative(f, v), *e.args[m + 1 :])
                for m, f in enumerate(e.args)
            )
        )

    def _of_power(self, e: Expr, v: Expr) -> Expr:
        b, x = e.base, e.exp
        inner = self.derivative(b, v)
        if not self.depends(x, v):
            if not x.is_integer and not self.signs.positive(b):
                msg = f"the root {e} is differentiated where {b} > 0"
                raise NoRule(msg)
            return x * Pow(b, x - 1) * inner
        if not self.signs.positive(b):
            msg = f"{e} is differentiated where {b} > 0"
            raise NoRule(msg)
        return e * (self.derivative(x, v) * log(b) + x * inner / b)

    def _of_log(self, e: Expr, v: Expr) -> Expr:
        return self.derivative(e.args[0], v) / e.args[0]

    def _of_abs(self, e: Expr, v: Expr) -> Expr:
        u = e.args[0]
        if not self.signs.nonzero(u):
            msg = f"{e} has a kink where {u} = 0"
            raise NoRule(msg)
        return e / u * self.derivative(u, v)

    def _of_maximum(self, e: Expr, v: Expr) -> Expr:
        if len(e.args) != 2:
            msg = f"the maximum of more than two: {e}"
            raise NoRule(msg)
        return self.derivative(maximum(e), v)

    def _of_sum(self, e: Sum, v: Expr) -> Expr:
        e = _apart(e, v)
        return Sum(self.derivative(e.function, v), *e.limits)

    def _of_product(self, e: Product, v: Expr) -> Expr:
        """Differentiate one factor at a time; no factor is divided by."""
        one, others = substitute(e, {}), substitute(e, {})
        slope = self.derivative(one.function, v)
        if self.signs.nonzero(one.function):
            return e * Sum(slope / one.function, *one.limits)
        pairs = zip(one.limits, others.limits, strict=True)
        same = Mul(*(KroneckerDelta(i[0], j[0]) for i, j in pairs))
        rest = Product(same + (1 - same) * others.function, *others.limits)
        return Sum(slope * rest, *one.limits)

    def _of_expectation(self, e: E, v: Expr) -> Expr:
        inside = e.args[0]
        families = inside.atoms(Family)
        if any(_own(v) & f.free_symbols for f in families):
            msg = f"the law in {e} depends on {v}"
            raise NoRule(msg)
        if not _polynomial(inside):
            msg = f"{e} is not a polynomial in its random variables"
            raise NoRule(msg)
        return E(self.derivative(inside, v))

    def _of_derivative(self, e: Derivative, v: Expr) -> Expr:
        inner = e.expr
        for w, count in e.variable_count:
            for _ in range(count):
                inner = self.derivative(inner, w)
        return self.derivative(inner, v)

    def _of_point(self, e: Subs, v: Expr) -> Expr:
        """Apply the chain rule to a derivative of an unknown function at a point."""
        if _own(v) & _outer(e):
            msg = f"{e} by {v}"
            raise NoRule(msg)
        return Add(
            *(
                Subs(Derivative(e.expr, w), e.variables, e.point)
                * self.derivative(p, v)
                for w, p in zip(e.variables, e.point, strict=True)
                if self.depends(p, v)
            )
        )

    def _of_function(self, e: Expr, v: Expr) -> Expr:
        if e.func in _TABLE:
            (u,) = e.args
            return _TABLE[e.func](u) * self.derivative(u, v)
        if isinstance(e, Defined) and e.func in self.lemmas:
            (u,) = e.args
            lemma = self.lemmas[e.func]
            slope = substitute(lemma.expr, {lemma.variables[0]: u})
            return slope * self.derivative(u, v)
        if isinstance(e, Defined | AppliedUndef):
            return Add(
                *(
                    partial(e, m) * self.derivative(u, v)
                    for m, u in enumerate(e.args)
                    if self.depends(u, v)
                )
            )
        msg = f"no rule for {type(e).__name__}"
        raise NoRule(msg)

    def _none(self, e: Expr, v: Expr) -> Expr:
        msg = f"no rule for {type(e).__name__} by {v}"
        raise NoRule(msg)


def dependencies(
    hidden: Mapping[Any, Iterable[Any]],
) -> dict[Any, frozenset[Any]]:
    """Return what each sequence depends on, through other sequences too, as symbols."""
    direct = {v: {getattr(s, "label", s) for s in of} for v, of in hidden.items()}
    for _ in direct:
        for v, of in direct.items():
            of.update(*(direct[w] for w in direct if w.label in of and w != v))
    return {v: frozenset(of) for v, of in direct.items()}


def _own(v: Expr) -> set[Any]:
    """Return what is varied: the symbol, the label of the array, or the matrix."""
    if isinstance(v, Indexed):
        return {v.base.label}
    if isinstance(v, MatrixElement):
        return {v.parent}
    return {v}


def _outer(e: Subs) -> set[Any]:
    return e.expr.free_symbols - set(e.variables)


def _apart(e: Any, v: Expr) -> Any:
    """Rename the names that e binds, where v mentions one of them."""
    if {limit[0] for limit in e.limits} & v.free_symbols:
        return substitute(e, {})
    return e


def partial(applied: Expr, place: int) -> Expr:
    """Return the partial derivative of a function, at its arguments."""
    names = [Dummy(f"u{m}", real=True) for m in range(len(applied.args))]
    slope = Derivative(applied.func(*names), names[place])
    return Subs(slope, Tuple(*names), Tuple(*applied.args))


def _polynomial(e: Expr) -> bool:
    """Tell whether random variables enter by sums, products and whole powers only."""
    if not e.atoms(Family) or isinstance(e, Indexed):
        return True
    if isinstance(e, Sum):
        return _polynomial(e.function)
    if e.is_Pow:
        return e.exp.is_Integer and e.exp > 0 and _polynomial(e.base)
    return (e.is_Add or e.is_Mul) and all(map(_polynomial, e.args))


_RULES: tuple[tuple[Any, Callable[[Differentiation, Any, Expr], Expr]], ...] = (
    (Indexed, Differentiation._of_entry),
    (MatrixElement, Differentiation._of_matrix_entry),
    (Add, Differentiation._of_terms),
    (Mul, Differentiation._of_factors),
    (exp, Differentiation._of_function),
    (Pow, Differentiation._of_power),
    (log, Differentiation._of_log),
    ((Abs, Modulus), Differentiation._of_abs),
    ((Max, Min), Differentiation._of_maximum),
    (Sum, Differentiation._of_sum),
    (Product, Differentiation._of_product),
    (E, Differentiation._of_expectation),
    (Derivative, Differentiation._of_derivative),
    (Subs, Differentiation._of_point),
    ((Integral, Symbol), Differentiation._none),
)
