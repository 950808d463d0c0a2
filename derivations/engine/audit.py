"""What must be in order before a step is even looked at.

*Closed world* (`unknown_objects`). Every node of every expression is of a known kind,
by exact type: a subclass with a lying derivative, an inexact float or a law of one's
own making has no place in a derivation.

*Names* (`Names`). No name is both free and bound, none is bound twice on one path, no
two different things print alike, a summation index runs over its own range. SymPy
captures silently where these fail.

*Domain* (`complaints`). Every denominator is visibly nonzero, every logarithm has a
visibly positive argument, every even root a visibly nonnegative one, nothing is
differentiated at a kink. Defined functions are opened first, so nothing hides inside
them. Symbols are real by declaration and operations keep real numbers real where they
are defined, so an expression without complaints has a real value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy import (
    Abs,
    Basic,
    Derivative,
    Dummy,
    Expr,
    Indexed,
    IndexedBase,
    Integral,
    KroneckerDelta,
    Lambda,
    MatrixExpr,
    MatrixSymbol,
    Max,
    Min,
    Pow,
    Product,
    S,
    Subs,
    Sum,
    Symbol,
    binomial,
    factorial,
    latex,
    log,
)
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.core.relational import Relational
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.engine import language
from derivations.engine.language import (
    Bernoulli,
    Defined,
    E,
    Each,
    Family,
    Index,
    Label,
    Law,
    Probability,
    Time,
    Var,
)
from derivations.engine.signs import Facts
from derivations.engine.substitution import opened

__all__ = ["Names", "complaints", "family_complaints", "unknown_objects"]

# ---------------------------------------------------------------------- closed world

_NUMBERS = {
    sympy.Integer,
    sympy.Rational,
    *(type(c) for c in (S.Zero, S.One, S.NegativeOne, S.Half, S.Pi, S.Exp1)),
    *(type(c) for c in (S.Infinity, S.NegativeInfinity)),
}
_SYMBOLS = {Symbol, Dummy, Label, Index, Probability, Time, Str}
_OPERATIONS = {
    *(sympy.Add, sympy.Mul, Pow, sympy.exp, log, sympy.tanh, sympy.sinh, sympy.cosh),
    *(sympy.erf, Abs, Max, Min, Sum, Product, Integral, Derivative, Subs),
    *(KroneckerDelta, binomial, factorial, E, Var, Indexed, IndexedBase, Family),
    *(
        Lambda,
        type(S.IdentityFunction),
        sympy.Tuple,
        Each,
        language.Bernoulli,
        language.Moments,
        language.Normal,
    ),
    *(sympy.Equality, sympy.Unequality, sympy.StrictLessThan, sympy.LessThan),
    *(sympy.StrictGreaterThan, sympy.GreaterThan),
}
_MATRICES = {
    *(MatrixSymbol, MatrixElement, sympy.MatAdd, sympy.MatMul, sympy.Transpose),
    *(sympy.Trace, sympy.HadamardProduct, sympy.Identity, sympy.ZeroMatrix),
}
_KNOWN = frozenset(_NUMBERS | _SYMBOLS | _OPERATIONS | _MATRICES)


def unknown_objects(e: Basic) -> list[str]:
    """List what is not of a known kind in an expression or hypothesis."""
    return sorted({_stranger(node) for node in _nodes(e)} - {""})


def _nodes(e: Basic) -> Iterator[Basic]:
    """Walk the tree, and the bodies of defined functions with it."""
    stack, seen = [e], set[Basic]()
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        yield node
        if isinstance(node, Defined):
            stack.append(type(node).body)
        if isinstance(node, Index):
            stack += node.range
        stack += node.args


def _stranger(node: Basic) -> str:
    kind = type(node)
    if kind in _KNOWN or _made_by_function(kind) or _made_by_unknown(kind):
        return ""
    if node.is_Float:
        return f"{node} is inexact; write Rational"
    return f"{node} is of an unknown kind, {kind.__name__}"


def _made_by_function(kind: Any) -> bool:
    if not (isinstance(kind, type) and issubclass(kind, Defined)):
        return False
    body = kind.body
    own = language._defined(kind.latex_name, len(body.variables), body.expr)
    return own is kind


def _made_by_unknown(kind: Any) -> bool:
    """Tell whether this is an undefined function, without attributes of its own."""
    if type(kind) is not UndefinedFunction:
        return False
    plain = language.unknown(kind.__name__)
    return bool(kind == plain and vars(kind).keys() == vars(plain).keys())


# ----------------------------------------------------------------------------- names


@dataclass
class Names:
    """Collects the names of a derivation and what is wrong with them."""

    free: set[Any] = field(default_factory=set)
    bound: set[Symbol] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    printed: dict[str, set[Any]] = field(default_factory=dict)

    def read(self, e: Any, *, bound: frozenset[Symbol] = frozenset()) -> Names:
        """Read one expression; ``bound`` names count as bound around it."""
        self._walk(e, bound)
        return self

    def all_problems(self) -> list[str]:
        """Return what is wrong, clashes between expressions included."""
        found = list(self.problems)
        both = {v for v in self.bound if v in self.free}
        found += [f"{v} is both free and bound" for v in both]
        for name, things in self.printed.items():
            if len(things) > 1:
                kinds = ", ".join(sorted(map(_described, things)))
                found.append(f"{name} means different things: {kinds}")
        return sorted(set(found))

    def _note(self, thing: Any, name: str) -> None:
        self.printed.setdefault(_printed(name), set()).add(thing)

    def _walk(self, e: Any, bound: frozenset[Symbol]) -> None:
        """Note the names of one node, then walk what is below it."""
        if isinstance(e, Sum | Product | Integral | Lambda | Subs):
            self._walk_binder(e, bound)
            return
        if isinstance(e, Symbol):
            self._note(e, e.name)
            if e not in bound:
                self.free.add(e)
                for end in getattr(e, "range", ()):
                    self._walk(end, bound)
            return
        parts = getattr(e, "args", ())
        if isinstance(e, Each):
            self._note(e.index, e.index.name)
            bound, parts = bound | {e.index}, (*e.index.range, e.hypothesis)
        elif isinstance(e, IndexedBase):
            self._note(e, e.label.name)
            parts = e.args[1:]
        else:
            self._note_function(e)
        for part in parts:
            self._walk(part, bound)

    def _note_function(self, e: Any) -> None:
        if isinstance(e, Defined):
            self._note(type(e), type(e).latex_name)
        elif isinstance(e, AppliedUndef):
            self._note(type(e), type(e).__name__)
        elif isinstance(e, MatrixSymbol):
            self._note(e, e.name)

    def _walk_binder(self, e: Any, bound: frozenset[Symbol]) -> None:
        inner = bound
        for v, ends in _binders(e):
            if v in inner:
                self.problems.append(f"{v} is bound twice on one path")
            for end in ends:
                self._walk(end, inner)
            if isinstance(e, Sum | Product):
                self._check_range(v, ends)
            self._note(v, v.name)
            self.bound.add(v)
            inner |= {v}
        if isinstance(e, Subs):
            for p in e.point:
                self._walk(p, bound)
        self._walk(e.args[0] if not isinstance(e, Lambda) else e.expr, inner)

    def _check_range(self, v: Symbol, ends: tuple[Expr, ...]) -> None:
        if isinstance(v, Dummy):
            return
        if not isinstance(v, Index):
            self.problems.append(f"{v} is summed over but is not an index")
        elif v.range != ends:
            own = f"{v.lo}..{v.hi}"
            self.problems.append(
                f"{v} runs over {own} but is bound over {ends[0]}..{ends[1]}"
            )


def _binders(e: Any) -> list[tuple[Symbol, tuple[Expr, ...]]]:
    """Return the bound names of a binder with their limits, outermost first."""
    if isinstance(e, Lambda | Subs):
        return [(v, ()) for v in e.variables]
    return [(v, tuple(ends)) for v, *ends in reversed(e.limits)]


def _printed(name: str) -> str:
    return re.sub(r"[{}\s]", "", latex(Symbol(name)))


def _described(thing: Any) -> str:
    if isinstance(thing, Index):
        return f"index {thing.lo}..{thing.hi}"
    if isinstance(thing, Family):
        return f"random variable with law {thing.law}"
    if isinstance(thing, IndexedBase):
        sign = " positive" * bool(thing.label.is_positive)
        return f"array{sign or ' nonnegative' * bool(thing.label.is_nonnegative)}"
    if isinstance(thing, Symbol):
        declared = sorted(k for k, v in thing._assumptions_orig.items() if v)
        return " ".join([type(thing).__name__.lower(), *declared])
    if isinstance(thing, type) and issubclass(thing, Defined):
        return f"function {thing.body.expr}"
    return "matrix" if isinstance(thing, MatrixSymbol) else "unknown function"


# ---------------------------------------------------------------------------- domain


def family_complaints(e: Basic, facts: Facts) -> list[str]:
    """Say which laws in an expression are not visibly laws."""
    found = []
    for family in e.atoms(Family):
        for condition in family.law.conditions():
            if not facts.nonnegative(condition):
                found.append(
                    f"{condition} >= 0, so that {family} has its law, is not visible"
                )
    return sorted(set(found))


def complaints(
    e: Any,
    facts: Facts,
    sequences: Mapping[IndexedBase, tuple[Expr, Symbol, Expr]] | None = None,
) -> list[str]:
    """Say where an expression is not visibly defined; empty when all is fine."""
    domain = _Domain(dict(sequences or {}))
    domain.visit(e, _Place(facts))
    return sorted(set(domain.found))


@dataclass(frozen=True)
class _Place:
    """Where in an expression we are: what is known, what varies, under E or not."""

    facts: Facts
    varying: frozenset[Any] = frozenset()
    random: bool = False

    def within(self, **changes: Any) -> _Place:
        settings = {"facts": self.facts, "varying": self.varying, "random": self.random}
        return _Place(**{**settings, **changes})

    def varies(self, e: Expr) -> bool:
        """Tell whether e may move when a variable of differentiation moves."""
        symbols = {getattr(getattr(v, "base", v), "label", v) for v in self.varying}
        symbols |= {v.parent for v in self.varying if isinstance(v, MatrixElement)}
        return bool((e.free_symbols | e.atoms(MatrixSymbol)) & symbols)


@dataclass
class _Domain:
    sequences: dict[IndexedBase, tuple[Expr, Symbol, Expr]]
    found: list[str] = field(default_factory=list)

    def ask(self, fine: Any, complaint: str) -> None:
        if not fine:
            self.found.append(complaint)

    def visit(self, e: Any, at: _Place) -> None:
        """Check one node and what is below it."""
        for kind, check in _CHECKS:
            if isinstance(e, kind):
                check(self, e, at)
                return
        if e in (S.Infinity, S.NegativeInfinity, S.NaN, S.ComplexInfinity):
            self.found.append(f"{e} is not a number")
        self.visit_all(e.args, at)

    def visit_all(self, parts: Iterable[Any], at: _Place) -> None:
        for part in parts:
            self.visit(part, at)

    # ------------------------------------------------------------------ one per kind

    def symbol(self, e: Symbol, _at: _Place) -> None:
        self.ask(bool(e.is_real), f"{e} is not declared real")

    def entry(self, e: Any, at: _Place) -> None:
        for i in e.indices:
            self.ask(bool(i.is_integer), f"the index {i} is not an integer")
            self.visit(i, at)
        if e.base in self.sequences:
            (i,) = e.indices
            self.ask(
                at.facts.nonnegative(i),
                f"{i} >= 0, the start of {e.base}, is not visible",
            )
        if isinstance(e.base, Family):
            self.ask(at.random, f"{e} is random; it may stand under E or Var only")
        elif type(e.base) is IndexedBase:
            self.ask(bool(e.base.label.is_real), f"{e.base} is not declared real")

    def power(self, e: Any, at: _Place) -> None:
        base, exponent = e.args
        self.visit_all(e.args, at)
        facts = at.facts
        if exponent.is_integer:
            fine = facts.nonnegative(exponent) or facts.nonzero(base)
            self.ask(fine, f"{base} is not visibly nonzero")
            return
        smooth = at.varies(e) or not facts.positive(exponent)
        fine = facts.positive(base) if smooth else facts.nonnegative(base)
        self.ask(
            fine, f"{base} is not visibly {'positive' if smooth else 'nonnegative'}"
        )

    def logarithm(self, e: Any, at: _Place) -> None:
        self.visit_all(e.args, at)
        self.ask(at.facts.positive(e.args[0]), f"{e.args[0]} is not visibly positive")

    def kink(self, e: Any, at: _Place) -> None:
        """Abs, Max and Min have no derivative where two branches meet."""
        self.visit_all(e.args, at)
        if not at.varies(e):
            return
        if isinstance(e, Abs):
            self.ask(at.facts.nonzero(e.args[0]), f"{e.args[0]} is not visibly nonzero")
            return
        for m, a in enumerate(e.args):
            for b in e.args[m + 1 :]:
                self.ask(at.facts.nonzero(a - b), f"{a - b} is not visibly nonzero")

    def loop(self, e: Any, at: _Place) -> None:
        for v, lo, hi in reversed(e.limits):
            for end in (lo, hi):
                self.ask(bool(end.is_integer), f"the limit {end} is not an integer")
                self.visit(end, at)
            self.ask(
                at.facts.nonnegative(hi - lo + 1),
                f"the range {lo}..{hi} may be reversed",
            )
            at = at.within(facts=at.facts.under([(v, lo, hi)]))
        self.visit(e.function, at)

    def integral(self, e: Any, at: _Place) -> None:
        for u, lo, hi in reversed(e.limits):
            for end in (lo, hi):
                if not end.is_infinite:
                    self.visit(end, at)
            self.ask(
                u.is_integer is not True, f"{u} is an integer, not a real variable"
            )
            if u.is_nonnegative or isinstance(u, Probability):
                self.ask(
                    at.facts.nonnegative(lo),
                    f"{lo} >= 0, as {u} is declared, is not visible",
                )
                self.ask(
                    at.facts.nonnegative(hi),
                    f"{hi} >= 0, as {u} is declared, is not visible",
                )
            if isinstance(u, Probability):
                self.ask(
                    at.facts.nonnegative(1 - lo),
                    f"{lo} <= 1, as {u} is, is not visible",
                )
                self.ask(
                    at.facts.nonnegative(1 - hi),
                    f"{hi} <= 1, as {u} is, is not visible",
                )
            at = at.within(facts=at.facts.under(_oriented(at.facts, u, lo, hi)))
        self.visit(e.function, at)

    def derivative(self, e: Any, at: _Place) -> None:
        for v in e.variables:
            self.variable(v, e.expr)
        self.visit(e.expr, at.within(varying=at.varying | set(e.variables)))

    def variable(self, v: Any, inside: Expr) -> None:
        """Refuse a variable that something depends on without showing it."""
        plain = isinstance(v, Symbol) and not isinstance(v, Label)
        entry = isinstance(v, Indexed) and type(v.base) is IndexedBase
        matrix = isinstance(v, MatrixElement) and isinstance(v.parent, MatrixSymbol)
        self.ask(plain or entry or matrix, f"{v} is not a variable")
        self.ask(not v.is_integer, f"{v} is an integer; nothing can vary")
        own = {v} if plain else {v.base.label} if entry else set()
        for family in inside.atoms(Family):
            hidden = own & family.law.free_symbols
            self.ask(not hidden, f"the law of {family} depends on {v}")
        for base in self.hidden_sequences(inside):
            start, _, following = self.sequences[base]
            depends = own & (start.free_symbols | following.free_symbols)
            self.ask(not depends, f"the sequence {base} depends on {v}")
            self.ask(base.label not in own, f"{base} is a sequence, not a variable")

    def hidden_sequences(self, e: Expr) -> set[IndexedBase]:
        """Return the sequences an expression depends on, directly or not."""
        found, queue = set[IndexedBase](), [e]
        while queue:
            for base in queue.pop().atoms(IndexedBase) & set(self.sequences) - found:
                found.add(base)
                queue += [self.sequences[base][0], self.sequences[base][2]]
        return found

    def expectation(self, e: Any, at: _Place) -> None:
        inside = e.args[0]
        families = inside.atoms(Family)
        finite = all(isinstance(f.law, Bernoulli) for f in families)
        fine = finite or language.polynomial_in_randoms(inside)
        self.ask(fine, f"the expectation of {inside} need not exist for such laws")
        self.found += family_complaints(inside, at.facts)
        self.visit(inside, at.within(random=True))

    def defined(self, e: Any, at: _Place) -> None:
        self.visit_all(e.args, at)
        self.visit(opened(e), at)

    def delta(self, e: Any, at: _Place) -> None:
        for i in e.args[:2]:
            self.ask(bool(i.is_integer), f"{i} is not an integer")
        self.visit_all(e.args[:2], at)

    def count(self, e: Any, at: _Place) -> None:
        for i in e.args:
            self.ask(bool(i.is_integer), f"{i} is not an integer")
            self.ask(at.facts.nonnegative(i), f"{i} is not visibly nonnegative")
        self.visit_all(e.args, at)

    def at_point(self, e: Any, at: _Place) -> None:
        self.visit_all(e.point, at)
        point = dict(zip(e.variables, e.point, strict=True))
        self.visit(e.expr, at.within(facts=at.facts.under(_points(point))))

    def each(self, e: Any, at: _Place) -> None:
        k = e.index
        self.visit_all(k.range, at)
        self.visit(e.hypothesis, at.within(facts=at.facts.under([(k, *k.range)])))

    def matrix(self, e: Any, at: _Place) -> None:
        """Matrices are real; sums and products of them are always defined."""
        if not isinstance(e, MatrixSymbol):
            self.visit_all(e.args, at)
        for length in e.shape:
            self.ask(bool(length.is_integer), f"the length {length} is not an integer")

    def law(self, _e: Any, _at: _Place) -> None:
        """Laws are checked with the expectation they are under."""


def _oriented(
    facts: Facts, u: Symbol, lo: Expr, hi: Expr
) -> list[tuple[Symbol, Expr, Expr]]:
    """Return the range of an integration variable, if lo <= hi is visible."""
    infinite = lo is S.NegativeInfinity or hi is S.Infinity
    return [(u, lo, hi)] if infinite or facts.nonnegative(hi - lo) else []


def _points(point: Mapping[Symbol, Expr]) -> list[tuple[Symbol, Expr, Expr]]:
    return [(v, p, p) for v, p in point.items()]


_CHECKS: tuple[tuple[Any, Any], ...] = (
    (Each, _Domain.each),
    (Symbol, _Domain.symbol),
    (Indexed, _Domain.entry),
    (Pow, _Domain.power),
    (log, _Domain.logarithm),
    ((Abs, Max, Min), _Domain.kink),
    ((Sum, Product), _Domain.loop),
    (Integral, _Domain.integral),
    (Derivative, _Domain.derivative),
    ((E, Var), _Domain.expectation),
    (Defined, _Domain.defined),
    (KroneckerDelta, _Domain.delta),
    ((binomial, factorial), _Domain.count),
    (Subs, _Domain.at_point),
    (MatrixExpr, _Domain.matrix),
    (Law, _Domain.law),
    (Relational, lambda self, e, at: self.visit_all(e.args, at)),
)
