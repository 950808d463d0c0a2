"""The closed set of rules that a step may name.

Two kinds. An *equational* rule is a licence: it switches on the rewriting that its
name describes, and nothing else, and the prover must bring both sides to one normal
form. It must also be needed: a step that passes without the power that its rule is
named for carries a false label and is refused. A *certificate* checks itself (see
`certificates` and `theorems`).

A derivation cannot bring a rule of its own: `RULES` is compared by exact type, and what
a name licenses is written here, not in the rule object.

This module is longer than most: half of it is vocabulary, a line or two a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sympy import Equality, Expr, IndexedBase, Symbol, sympify, tanh
from sympy.core.function import UndefinedFunction

from derivations.engine.certificates import (
    Antiderivative,
    Convexity,
    Enclosure,
    Induction,
    Square,
    Termwise,
)
from derivations.engine.context import Context, Parts, Refused
from derivations.engine.language import Defined, Each, Family, Var
from derivations.engine.normal_form import Licence
from derivations.engine.substitution import substitute
from derivations.engine.theorems import Theorem

__all__ = [
    "RULES",
    "Definition",
    "Hypothesis",
    "Named",
    "algebra",
    "antiderivative",
    "binomial",
    "chain_rule",
    "convexity",
    "definition",
    "differentiation",
    "enclosure",
    "hypothesis",
    "independence",
    "induction",
    "kronecker",
    "linearity",
    "logarithms",
    "moments",
    "power_rule",
    "product_rule",
    "quotient_rule",
    "square",
    "termwise",
    "theorem",
]

_EQUALITY = frozenset({"="})


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a named rule licenses, and the part of it that must be needed."""

    core: frozenset[str]
    support: frozenset[str] = frozenset()


def _meaning(*core: str, support: Iterable[str] = ()) -> _Meaning:
    return _Meaning(frozenset(core), frozenset(support))


_DIFFERENTIATION = _meaning("diff", support={"delta"})

#: What each name licenses.
MEANINGS: Mapping[str, _Meaning] = MappingProxyType(
    {
        "algebra": _meaning(support={"peel"}),
        "differentiation": _DIFFERENTIATION,
        "chain rule": _DIFFERENTIATION,
        "product rule": _DIFFERENTIATION,
        "quotient rule": _DIFFERENTIATION,
        "power rule": _DIFFERENTIATION,
        "only one term survives": _meaning("delta"),
        "laws of exponents and logarithms": _meaning("explog"),
        "linearity of expectation": _meaning("linear_E"),
        "moments": _meaning("moments", support={"linear_E", "delta"}),
        "independence": _meaning(
            "independence", support={"linear_E", "moments", "delta"}
        ),
        "binomial theorem": _meaning("binomial"),
    }
)


@dataclass(frozen=True, slots=True)
class Named:
    """A rule that is a name; `MEANINGS` says what the name licenses."""

    name: str
    relations = _EQUALITY

    def parts(self, *_lines: Expr) -> Parts:
        """Return nothing: the rule brings no expression of its own."""
        return ()

    def verify(
        self, context: Context, previous: Expr, following: Expr, _relation: str
    ) -> str:
        """Refuse, or say in words what was checked."""
        meaning = MEANINGS[self.name]
        whole = Licence(powers=meaning.core | meaning.support)
        weaker = [Licence(powers=whole.powers - {power}) for power in meaning.core]
        return _prove(context, previous, following, whole, weaker)


@dataclass(frozen=True, slots=True)
class Definition:
    """Unfold or refold the definitions of these functions, and of no other."""

    of: tuple[Any, ...]
    relations = _EQUALITY

    @property
    def name(self) -> str:
        """What the page says."""
        return "definition of " + " and ".join(map(_title, self.of))

    def parts(self, *_lines: Expr) -> Parts:
        """Return nothing: the rule brings no expression of its own."""
        return ()

    def verify(
        self, context: Context, previous: Expr, following: Expr, _relation: str
    ) -> str:
        """Refuse, or say in words what was checked."""
        for f in self.of:
            if isinstance(f, IndexedBase) and f not in context.sequences:
                msg = f"{f} is not a declared sequence"
                raise Refused(msg)
        whole = self._licence(context, self.of, previous, following)
        weaker = [
            self._licence(context, [g for g in self.of if g != f], previous, following)
            for f in self.of
        ]
        return _prove(context, previous, following, whole, weaker)

    def _licence(self, context: Context, of: Iterable[Any], *around: Expr) -> Licence:
        functions = frozenset(f for f in of if not isinstance(f, IndexedBase))
        sequences = [f for f in of if isinstance(f, IndexedBase)]
        return Licence(
            unfold=functions,
            rewrites=tuple(
                pair for v in sequences for pair in _recurrences(context, v, around)
            ),
        )


def _title(f: Any) -> str:
    if f is Var:
        return "Var"
    if isinstance(f, type) and issubclass(f, Defined):
        return f.latex_name
    return getattr(f, "__name__", str(f))


def _recurrences(
    context: Context, v: IndexedBase, around: Iterable[Expr]
) -> Iterable[tuple[Expr, Expr]]:
    """Yield v[0] = v0 and v[s + 1] = next(s) for the entries nearby."""
    first, tick, rule = context.sequences[v]
    entries = {a for e in around for a in e.atoms(v[0].func) if a.base == v}
    for entry in sorted(entries, key=str):
        (moment,) = entry.indices
        if moment == 0:
            yield entry, first
        elif context.facts.positive(moment):
            yield entry, substitute(rule, {tick: moment - 1})


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Use an equation among the hypotheses as a rewriting of left by right."""

    of: Any
    relations = _EQUALITY

    @property
    def name(self) -> str:
        """What the page says."""
        return f"hypothesis {self.of}"

    def parts(self, *_lines: Expr) -> Parts:
        """Return nothing: a hypothesis is audited with the derivation."""
        return ()

    def verify(
        self, context: Context, previous: Expr, following: Expr, _relation: str
    ) -> str:
        """Refuse, or say in words what was checked."""
        if self.of not in context.given:
            msg = f"{self.of} is not among the hypotheses"
            raise Refused(msg)
        equation, indices = self.of, []
        while isinstance(equation, Each):
            indices.append(equation.index)
            equation = equation.hypothesis
        if not isinstance(equation, Equality):
            msg = f"{self.of} is not an equation; inequalities speak through signs"
            raise Refused(msg)
        rewrite = (equation.lhs, equation.rhs, tuple(indices))
        whole = Licence(rewrites=(rewrite,))
        return _prove(context, previous, following, whole, [Licence()])


def _prove(
    context: Context,
    previous: Expr,
    following: Expr,
    whole: Licence,
    weaker: Iterable[Licence],
) -> str:
    """Prove the step with the whole licence, and see it fail with each weaker one."""
    if not context.proves(previous, following, whole):
        msg = "not proved: the normal forms of both sides differ"
        raise Refused(msg)
    for licence in weaker:
        if context.proves(previous, following, licence):
            msg = "the step holds without this rule, so the label is false"
            raise Refused(msg)
    return "both sides have one normal form"


#: The closed set, compared by exact type.
RULES = (
    *(Named, Definition, Hypothesis, Theorem),
    *(Square, Termwise, Convexity, Enclosure, Induction, Antiderivative),
)

# --------------------------------------------------------------- the words of a page

algebra = Named("algebra")
differentiation = Named("differentiation")
chain_rule = Named("chain rule")
product_rule = Named("product rule")
quotient_rule = Named("quotient rule")
power_rule = Named("power rule")
kronecker = Named("only one term survives")
logarithms = Named("laws of exponents and logarithms")
linearity = Named("linearity of expectation")
moments = Named("moments")
independence = Named("independence")
binomial = Named("binomial theorem")


def definition(*functions: Any) -> Definition:
    """Name the definitions that a step unfolds: of functions, Var, tanh, a sequence."""
    if not functions:
        msg = "definition: name at least one function"
        raise ValueError(msg)
    for f in functions:
        defined = isinstance(f, type) and issubclass(f, Defined)
        sequence = isinstance(f, IndexedBase) and not isinstance(f, Family)
        if not (defined or sequence or f is Var or f is tanh):
            msg = f"definition: {f} has no definition"
            raise ValueError(msg)
    return Definition(functions)


def hypothesis(h: Any) -> Hypothesis:
    """Use an equation that is listed in ``given``."""
    return Hypothesis(h)


def theorem(derivation: Any, at: Mapping[Any, Any] | None = None) -> Theorem:
    """Use a derivation; ``at`` says what its symbols become."""
    values: object = {} if at is None else at
    if not isinstance(values, Mapping):
        msg = f"at must be a mapping from symbols to values, got {at!r}"
        raise ValueError(msg)  # noqa: TRY004 -- malformed derivations raise ValueError
    pairs = ((sympify(key), _value(value)) for key, value in values.items())
    return Theorem(derivation, tuple(pairs))


def _value(value: Any) -> Any:
    return value if isinstance(value, type | UndefinedFunction) else sympify(value)


def square(gap: Any) -> Square:
    """Give the gap between both sides as a visibly nonnegative expression."""
    return Square(sympify(gap))


def termwise(gap: Any) -> Termwise:
    """Give the gap between the terms of two sums, or factors of two products."""
    return Termwise(sympify(gap))


def convexity(u: Symbol, at: Any, second: Any) -> Convexity:
    """Give the point of contact and the second derivative of the gap in u."""
    return Convexity(u, sympify(at), sympify(second))


def enclosure(x: Symbol, lo: Any, hi: Any) -> Enclosure:
    """Let ball arithmetic show the gap nonnegative for lo <= x <= hi."""
    return Enclosure(x, sympify(lo), sympify(hi))


def induction(t: Symbol, *, start: Any = 0) -> Induction:
    """Prove a closed form of a sequence by induction on t, from ``start`` on."""
    if isinstance(start, bool) or not isinstance(start, int) or not 0 <= start <= 3:
        msg = f"induction: start must be 0, 1, 2 or 3, got {start!r}"
        raise ValueError(msg)
    return Induction(t, start)


def antiderivative(primitive: Any) -> Antiderivative:
    """Give an antiderivative of the integrand."""
    return Antiderivative(sympify(primitive))
