"""Derivatives in normal form: carried out where licensed and possible, kept otherwise.

The derivative of an unknown or unopened function at an argument is written as a
derivative at a point, f'(u) = Subs(d f(v)/dv, v, u), always alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sympy import Derivative, Dummy, Expr, Subs, Tuple
from sympy.core.function import AppliedUndef

from derivations.engine.bound import bound_name
from derivations.engine.calculus import Differentiation, NoRule, dependencies
from derivations.engine.language import Defined
from derivations.engine.substitution import opened, substitute

if TYPE_CHECKING:
    from derivations.engine.normal_form import Prover

__all__ = ["Derivatives"]


class Derivatives:
    """The derivatives of one prover."""

    def __init__(
        self, prover: Prover, hidden: Mapping[Any, frozenset[Any]] | None
    ) -> None:
        self.prover = prover
        self.rules = Differentiation(
            prover.signs, dict(prover.licence.lemmas), dependencies(hidden or {})
        )

    def of_derivative(self, e: Derivative) -> Expr:
        """Carry a derivative out, or keep it, with what it varies left alone."""
        if self.prover.has("diff"):
            done = self._carried_out(e)
            if done is not None:
                return self.prover.nf(done)
        varied = set().union(*(v.free_symbols for v, _ in e.variable_count))
        with self.prover.rewriting.without(varied):
            inner = self.prover.nf(e.expr)
        if not all(v.free_symbols & inner.free_symbols for v, _ in e.variable_count):
            return self.prover.rewrite(e)
        return self.prover.rewrite(self._named(Derivative(inner, *e.variable_count)))

    def _carried_out(self, e: Derivative) -> Expr | None:
        """Differentiate as written, or else in normal form; None if no rule helps."""
        varied = set().union(*(v.free_symbols for v, _ in e.variable_count))
        try:
            return self._differentiate(e.expr, e)
        except NoRule:
            with self.prover.rewriting.without(varied):
                inner = self.prover.nf(e.expr)
            try:
                return self._differentiate(inner, e)
            except NoRule:
                return None

    def _differentiate(self, inner: Expr, e: Derivative) -> Expr:
        for v, count in e.variable_count:
            for _ in range(int(count)):
                inner = self.rules.derivative(inner, v)
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
                return self.of_point(Subs(slope, Tuple(*names), f.args))
        return e

    def of_point(self, e: Subs) -> Expr:
        """Normalize a derivative at a point; the variable is private there."""
        names = [Dummy(f"u{m}", real=True) for m in range(len(e.variables))]
        inner = substitute(e.expr, dict(zip(e.variables, names, strict=True)))
        points = [self.prover.nf(p) for p in e.point]
        at = dict(zip(names, points, strict=True))
        f = inner.expr if isinstance(inner, Derivative) else None
        if isinstance(f, Defined | AppliedUndef) and list(f.args) == names:
            slope = self._open_slope(inner)
            if slope is None:
                return self.prover.rewrite(self._at(inner, names, points))
            return self.prover.nf(substitute(slope, at))
        body = self.prover.nf(inner)
        if any(v in names for g in body.atoms(Derivative) for v in g.variables):
            return self.prover.rewrite(self._at(body, names, points))
        return self.prover.nf(substitute(body, at))

    def _at(self, e: Expr, names: Sequence[Dummy], points: Sequence[Expr]) -> Subs:
        """Return e at a point, under canonical names."""
        height = self.prover.sums.height(e, ())
        new = {v: bound_name(height, m, ("real", True)) for m, v in enumerate(names)}
        return Subs(e.xreplace(new), Tuple(*new.values()), Tuple(*points))

    def _open_slope(self, e: Derivative) -> Expr | None:
        """Differentiate a defined function, if the licence opens it or has a lemma."""
        f = e.expr.func
        if self.prover.has("diff") and f in self.prover.licence.unfold:
            return self._differentiate(opened(e.expr), e)
        if self.prover.has("diff") and f in self.rules.lemmas:
            return self._differentiate(e.expr, e)
        return None
