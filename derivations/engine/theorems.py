"""Using a proved derivation inside another one.

A derivation is a statement for all values of its free symbols, under its hypotheses.
To use it is to say what its symbols become (``at``), to show that those values are
admissible, and to discharge the hypotheses. All of it is checked here:

* the theorem itself is checked first, and may not lead back to itself;
* a value has the sign its symbol declares, lies in the range of its index, is a size
  where a size stood; a positive array becomes a positive array;
* the substitution captures nothing (`substitution`), and reaches the laws of random
  variables, because a law is part of its family;
* every instantiated hypothesis is a hypothesis here, or visible;
* every sequence the theorem speaks of is the same sequence here.

An equation is then used as a rewriting, of left by right. An inequality is used as it
stands, times a nonnegative factor, or in every term of a sum.

This module is longer than most, because each kind of symbol admits other values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sympy import (
    Abs,
    Add,
    Derivative,
    Dummy,
    Equality,
    Expr,
    Indexed,
    IndexedBase,
    Integral,
    Lambda,
    Max,
    Min,
    Mul,
    Product,
    Sum,
    Symbol,
)
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.core.relational import Relational

from derivations.engine.audit import Names, complaints
from derivations.engine.certificates import admissible, visible
from derivations.engine.context import Context, Parts, Refused, same_up_to_names
from derivations.engine.effort import admit, pay_for_numbers
from derivations.engine.language import (
    Defined,
    Each,
    Index,
    StepError,
    Time,
)
from derivations.engine.normal_form import Licence
from derivations.engine.signs import Facts
from derivations.engine.substitution import (
    CaptureError,
    bound_names,
    opened_throughout,
    substitute,
)

__all__ = ["Theorem", "discharged"]


@dataclass(frozen=True, slots=True)
class Theorem:
    """A checked derivation, instantiated: ``at`` holds pairs (what, becomes what)."""

    of: Any
    at: tuple[tuple[Any, Any], ...]

    @property
    def relations(self) -> frozenset[str]:
        """An equation justifies an equation, an inequality either order."""
        return frozenset({"="} if self.of.relation == "=" else {"<=", ">="})

    @property
    def name(self) -> str:
        """What the page says."""
        return f"theorem: {self.of.title}"

    def parts(self, *lines: Expr) -> Parts:
        """Return the values put in; names bound in the step may occur in them."""
        around = dict[Symbol, tuple[Symbol, Expr, Expr]]()
        for line in lines:
            for binder in line.atoms(Sum, Product, Integral):
                around |= {limits[0]: tuple(limits) for limits in binder.limits}
        values = (value for _, value in self.at if isinstance(value, Expr))
        return tuple(
            (value, tuple(around[v] for v in around if v in value.free_symbols))
            for value in values
        )

    def verify(
        self, context: Context, previous: Expr, following: Expr, relation: str
    ) -> str:
        """Refuse, or say in words what was checked."""
        left, right = self.instance(context)
        if self.of.relation == "=":
            self._rewrite(context, left, right, previous, following)
            return f"rewriting {left} = {right}"
        small, large = (left, right) if self.of.relation == "<=" else (right, left)
        ends = (previous, following) if relation == "<=" else (following, previous)
        if not _at_most(context, *ends, small, large):
            msg = f"the step is not an instance of {small} <= {large}"
            raise Refused(msg)
        return f"{small} <= {large}"

    def _rewrite(
        self, context: Context, left: Expr, right: Expr, previous: Expr, following: Expr
    ) -> None:
        powers = frozenset({"diff", "delta"})
        licence = Licence(
            powers=powers,
            rewrites=((left, right, _bound_indices(left, right, previous, following)),),
            lemmas=self._lemmas(),
        )
        if not context.proves(previous, following, licence):
            hint = "" if self.at else "; does it need at={…}, what its symbols become?"
            msg = f"not proved with {left} = {right}{hint}"
            raise Refused(msg)
        if context.proves(previous, following, Licence(powers=powers)):
            msg = "the step holds without the theorem"
            raise Refused(msg)

    def _lemmas(self) -> tuple[tuple[Any, Lambda], ...]:
        """Return f' if the theorem says d f(x)/dx = …, for every x."""
        start = self.of.start
        if not (isinstance(start, Derivative) and isinstance(start.expr, Defined)):
            return ()
        x, applied = start.variables[0], start.expr
        if applied.args != (x,) or len(start.variables) != 1:
            return ()
        if not isinstance(x, Symbol) or self.of.given or x.is_nonnegative:
            return ()
        return ((applied.func, Lambda(x, self.of.end)),)

    # ------------------------------------------------------------------ instantiation

    def instance(self, context: Context) -> tuple[Expr, Expr]:
        """Return both sides, instantiated, or refuse."""
        try:
            self.of.check()
        except StepError as error:
            msg = f"it is not proved: {error}"
            raise Refused(msg) from error
        at = dict(self.at)
        self._check_keys(at)
        for key, value in at.items():
            _check_value(key, value, at, context)
        for side in (self.of.start, self.of.end):
            pay_for_numbers(side, at)
        try:
            sides = substitute(self.of.start, at), substitute(self.of.end, at)
            hypotheses = [substitute(h, at) for h in self.of.given]
        except CaptureError as error:
            raise Refused(str(error)) from error
        for side in sides:
            admit(side)
            if found := complaints(side, context.facts, context.sequences):
                msg = f"instantiated: {'; '.join(found)}"
                raise Refused(msg)
        for needed in hypotheses:
            if not discharged(needed, context):
                msg = f"it needs the hypothesis {needed}"
                raise Refused(msg)
        self._check_sequences(at, context)
        return sides

    def _check_keys(self, at: dict[Any, Any]) -> None:
        names = Names()
        for e in (*self.of.expressions, *self.of.given):
            names.read(e)
        arrays = {b for e in self.of.expressions for b in e.atoms(IndexedBase)}
        unknowns = {f.func for e in self.of.expressions for f in e.atoms(AppliedUndef)}
        for key in at:
            target = key.base if isinstance(key, Indexed) else key
            if target not in names.free | arrays | unknowns:
                msg = f"it says nothing about {key}"
                raise Refused(msg)
        for i in names.free - set(at):
            moved = (i.lo + i.hi).free_symbols & set(at) if isinstance(i, Index) else ()
            if moved:
                msg = f"the range of its index {i} changes; say what {i} becomes"
                raise Refused(msg)

    def _check_sequences(self, at: dict[Any, Any], context: Context) -> None:
        """Check that a sequence of the theorem is the same sequence here."""
        for v, (first, t, rule) in self.of.sequences.items():
            if any(isinstance(key, Indexed) and key.base == v for key in at):
                msg = f"the sequence {v} may only be renamed"
                raise Refused(msg)
            image, count = substitute(v, at), Dummy(integer=True)
            here = context.sequences.get(image)
            then = {key: value for key, value in at.items() if key != t}
            mine = (substitute(first, then), substitute(rule, {**then, t: count}))
            if here is None or not all(
                same_up_to_names(one, other)
                for one, other in zip(
                    mine, (here[0], substitute(here[2], {here[1]: count})), strict=True
                )
            ):
                msg = f"its sequence {v} is not the sequence {image} here"
                raise Refused(msg)


def _bound_indices(
    left: Expr, right: Expr, previous: Expr, following: Expr
) -> tuple[Index, ...]:
    """Return the free indices of a theorem that the step binds: it holds for each."""
    bound = Names().read(previous).read(following).bound
    free = left.free_symbols | right.free_symbols
    return tuple(sorted((i for i in bound & free if isinstance(i, Index)), key=str))


def _check_value(key: Any, value: Any, at: dict[Any, Any], context: Context) -> None:
    """Refuse a value that its symbol does not admit; the audit has seen its domain."""
    if isinstance(key, UndefinedFunction):
        fine = _smooth_function(value)
    elif isinstance(key, IndexedBase):
        fine = _array_for(key, value)
    elif isinstance(value, Expr) and not isinstance(value, IndexedBase):
        if isinstance(key, Indexed):
            fine = _entry_for(key, value, context.facts)
        else:
            fine = _number_for(key, value, at, context.facts)
    else:
        fine = False
    if not fine:
        msg = f"{value} is not visibly admissible for {key}"
        raise Refused(msg)


def _number_for(key: Symbol, value: Expr, at: dict[Any, Any], facts: Facts) -> bool:
    if not key.is_integer:
        return admissible(value, key, facts)
    if not value.is_integer:
        return False
    if isinstance(key, Index):
        lo, hi = (substitute(end, at) for end in key.range)
        return facts.within(value, lo, hi)
    if isinstance(key, Time):
        return facts.nonnegative(value)
    return admissible(value, key, facts)


def _array_for(key: IndexedBase, value: Any) -> bool:
    """Tell whether one plain array may stand for another."""
    if type(key) is not IndexedBase or type(value) is not IndexedBase:
        return bool(key == value)
    wanted, offered = key.label, value.label
    if wanted.is_positive:
        return bool(offered.is_positive)
    return bool(offered.is_nonnegative if wanted.is_nonnegative else offered.is_real)


def _entry_for(key: Indexed, value: Expr, facts: Facts) -> bool:
    """Tell whether ``a[i]: value`` describes an array of the declared sign."""
    plain = type(key.base) is IndexedBase
    distinct = len(set(key.indices)) == len(key.indices)
    if not plain or not distinct or not all(isinstance(i, Index) for i in key.indices):
        return False
    anywhere = substitute(value, {i: Dummy(integer=True) for i in key.indices})
    return admissible(anywhere, key.base.label, facts)


def _smooth_function(value: Any) -> bool:
    """Tell whether a function may stand for any smooth function of one argument."""
    if isinstance(value, UndefinedFunction):
        return True
    if not (isinstance(value, type) and issubclass(value, Defined)):
        return False
    arguments = [Dummy(real=True) for _ in value.body.variables]
    body = opened_throughout(value(*arguments))
    return not body.has(Abs, Max, Min) and not complaints(body, Facts())


# ----------------------------------------------------------------- hypotheses


def discharged(needed: Any, context: Context) -> bool:
    """Tell whether an instantiated hypothesis holds here."""
    if needed in (True, False):
        return bool(needed)
    if isinstance(needed, Each):
        if any(same_up_to_names(needed, h) for h in context.given):
            return True
        # A private name: what is given about one index k must not pass for all.
        anywhere = Dummy(needed.index.name, integer=True)
        body = substitute(needed.hypothesis, {needed.index: anywhere})
        return discharged(body, context.under([(anywhere, *needed.index.range)]))
    if not isinstance(needed, Equality):
        return _shown(needed, context.facts)
    ours = [e for h in context.given for e in instances(h, [needed], context.facts)]
    return any(
        same_up_to_names(needed, e)
        or same_up_to_names(Equality(needed.rhs, needed.lhs, evaluate=False), e)
        for e in ours
    ) or context.proves(needed.lhs, needed.rhs, Licence())


def _shown(needed: Relational, facts: Facts) -> bool:
    if needed.rel_op == "!=":
        return facts.nonzero(needed.lhs - needed.rhs)
    return visible(needed, facts)


def instances(h: Any, around: list[Any], facts: Facts) -> Iterator[Any]:
    """Yield a hypothesis, or ``each(k, h)`` at every index in range nearby."""
    if not isinstance(h, Each):
        yield h
        return
    entries = {a for e in around for a in e.atoms(Indexed)}
    positions = {i for a in entries for i in a.indices}
    positions |= {i for e in around for i in e.atoms(Symbol) if i.is_integer}
    bound = {v for e in around for v in bound_names(e)}
    for position in sorted(positions, key=str):
        if position.free_symbols & bound:
            continue  # its range may be empty
        if facts.within(position, *h.index.range):
            yield from instances(
                substitute(h.hypothesis, {h.index: position}), around, facts
            )


# ---------------------------------------------------------------- inequalities


def _at_most(
    context: Context, previous: Expr, following: Expr, small: Expr, large: Expr
) -> bool:
    """Tell whether small <= large gives previous <= following.

    Either the difference is the same, or both sides are one sum and the terms compare,
    or both have a common factor, visibly nonnegative, and what is left compares.
    """
    if context.proves(following - previous, large - small, Licence()):
        return True
    if isinstance(previous, Sum) and isinstance(following, Sum):
        if previous.limits != following.limits:
            return False
        inside = context.under(previous.limits)
        return _at_most(inside, previous.function, following.function, small, large)
    factors = [set(Mul.make_args(e)) for e in (previous, following)]
    common = factors[0] & factors[1]
    if common and context.facts.nonnegative(Mul(*common)):
        less, more = (Mul(*(own - common)) for own in factors)
        return _at_most(context, less, more, small, large)
    terms = [set(Add.make_args(e)) for e in (previous, following)]
    shared = terms[0] & terms[1]
    if shared:
        less, more = (Add(*(own - shared)) for own in terms)
        return _at_most(context, less, more, small, large)
    return False
