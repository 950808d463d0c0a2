"""Names and kinds: what an expression may consist of, and how names may be used.

*Closed world* (`unknown_objects`). Every node of every expression is of a known kind,
by exact type: a subclass with a lying derivative, an inexact float or a law of one's
own making has no place in a derivation.

*Names* (`Names`). No name is both free and bound, none is bound twice on one path, no
two different things print alike, a summation index runs over its own range. SymPy
captures silently where these fail.

(Over 300 lines: the closed world is a list, and each kind of binder has its rule.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.engine import language
from derivations.engine.language import (
    Defined,
    E,
    Each,
    Family,
    Index,
    Label,
    Probability,
    Time,
    Var,
)

__all__ = ["Names", "unknown_objects"]

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
    if not _plainly_declared(node):
        return f"{node} is not declared in the words of the language"
    if kind in _KNOWN or _made_by_function(kind) or _made_by_unknown(kind):
        return ""
    if node.is_Float:
        return f"{node} is inexact; write Rational"
    return f"{node} is of an unknown kind, {kind.__name__}"


def _plainly_declared(node: Basic) -> bool:
    """Tell whether a name assumes no more than the language can say.

    Anything more, say that a probability is negative, would be believed by SymPy.
    """
    if isinstance(node, Symbol):
        assumed = dict(node._assumptions_orig)
        assumed.pop("commutative", None)
        words = _DECLARATIONS.get(type(node), _DECLARATIONS[Symbol])
        plain = set(assumed) in words and all(assumed.values())
        return plain or isinstance(node, Dummy)
    if isinstance(node, Family):
        return bool(node == language.randoms(node.label.name, node.law))
    if isinstance(node, IndexedBase):
        plain = len(node.args) == 1 and type(node.label) is Label
        return plain and bool(node == IndexedBase(node.label))
    return True


_DECLARATIONS: dict[type, list[set[str]]] = {
    Symbol: [
        *(set(), {"real"}, {"positive"}, {"nonnegative"}),
        *({"integer"}, {"integer", "positive"}),
    ],
    Label: [{"real"}, {"positive"}, {"nonnegative"}],
    Index: [{"integer"}],
    Probability: [{"positive"}],
    Time: [{"integer", "nonnegative"}],
}


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
        if reason := _misleading(thing, name):
            self.problems.append(reason)
        self.printed.setdefault(_printed(name), set()).add(thing)

    def _walk(self, e: Any, bound: frozenset[Symbol]) -> None:
        """Note the names of one node, then walk what is below it."""
        if isinstance(e, Sum | Product | Integral | Lambda | Subs):
            self._walk_binder(e, bound)
            return
        if isinstance(e, Symbol):
            if not (e in bound and isinstance(e, Dummy)):
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
            if not isinstance(v, Dummy):  # private names cannot be confused
                self._note(v, v.name)
            self.bound.add(v)
            inner |= {v}
        if isinstance(e, Subs):
            for p in e.point:
                self._walk(p, bound)
        self._walk(e.args[0] if not isinstance(e, Lambda) else e.expr, inner)

    def _check_range(self, v: Symbol, ends: tuple[Expr, ...]) -> None:
        if isinstance(v, Dummy):
            if v.assumptions0 != Dummy(integer=True).assumptions0:
                self.problems.append(f"{v} is a private index that is not a plain one")
        elif not isinstance(v, Index):
            self.problems.append(f"{v} is summed over but is not an index")
        elif v.range != ends:
            own = f"{v.lo}..{v.hi}"
            self.problems.append(
                f"{v} runs over {own} but is bound over {ends[0]}..{ends[1]}"
            )


# What a page reads as something else than a name.
_NO_SYMBOL = re.compile(r"^$|^\d|[\s+*/=<>$%&,;:()\[\]-]")
_CONSTANTS = frozenset({"e", "pi", "π"})
_OPERATORS = frozenset(
    {"Abs", "E", "Var", "cosh", "d", "erf", "exp", "log", "max", "sinh", "sqrt", "tanh"}
)


def _misleading(thing: Any, name: str) -> str | None:
    """Say why a name would be read as a number, a constant or an operator."""
    plain = name.removeprefix("\\")
    if _NO_SYMBOL.search(plain):
        return f"{name!r} does not read as one symbol"
    scalar = type(thing) in (Symbol, language.Probability, language.Time)
    if scalar and plain in _CONSTANTS:
        return f"{name!r} reads as the constant"
    if isinstance(thing, type) and plain in _OPERATORS:
        return f"{name!r} reads as another function"
    return None


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
