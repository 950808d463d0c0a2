"""The words a derivation is written in: symbols, arrays, laws, functions, operators.

Everything here is data. Nothing in this module decides whether a statement is true:
the prover and the refuter read these objects and share nothing else.

Three conventions hold throughout.

* An object carries its meaning. An `Index` carries its range, a `Family` its law, a
  defined function its body; two objects that differ in any of these are different
  objects, even when they print alike.
* An operator is inert. `E`, `Var`, `Σ`, `Π`, `d`, `Eq` build the expression as it is
  written; evaluation is a step of a derivation, never a side effect of writing it.
* SymPy would turn ``2*(a - b)`` into ``2*a - 2*b`` while it is being written. That
  is switched off here, once, at import (see `keep_products_as_written`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

from sympy import (
    Basic,
    Derivative,
    Dummy,
    Equality,
    Expr,
    Function,
    Indexed,
    IndexedBase,
    Lambda,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    Tuple,
    Unequality,
    sqrt,
    sympify,
)
from sympy.core.parameters import global_parameters
from sympy.core.relational import Relational

__all__ = [
    "Π",
    "Σ",
    "Bernoulli",
    "Defined",
    "E",
    "Each",
    "Eq",
    "Family",
    "Index",
    "Label",
    "Law",
    "Moments",
    "Ne",
    "Normal",
    "Probability",
    "StepError",
    "Time",
    "Var",
    "array",
    "d",
    "each",
    "function",
    "index",
    "nonnegative",
    "positive",
    "probability",
    "randoms",
    "real",
    "size",
    "time",
    "unknown",
]


def keep_products_as_written() -> None:
    """Stop SymPy from distributing numbers over sums, for the whole process."""
    global_parameters.distribute = False


keep_products_as_written()


class StepError(ValueError):
    """A derivation, or one step of it, is refused, with the reason.

    Attributes
    ----------
    derivation : str
        Title of the derivation.
    step : int or None
        Number of the step, from 1; None when the derivation as a whole is refused.
    rule : str or None
        The rule that the step names.
    reason : str
        Why it is refused.
    """

    def __init__(
        self,
        derivation: str,
        step: int | None = None,
        rule: str | None = None,
        reason: str = "",
    ) -> None:
        self.derivation, self.step, self.rule = derivation, step, rule
        self.reason = reason
        where = derivation
        if step is not None:
            where += f", step {step}"
        if rule is not None:
            where += f" ({rule})"
        super().__init__(f"{where}: {reason}")


# --------------------------------------------------------------------------- symbols


class Label(Symbol):
    """The name of an array; never equal to a scalar of the same name."""


class Probability(Symbol):
    """A real number strictly between 0 and 1."""


class Time(Symbol):
    """A step counter: 0, 1, 2 and so on."""


class Index(Symbol):
    """An integer that runs over ``lo..hi``; the range is part of its identity."""

    __slots__ = ("hi", "lo")
    lo: Expr
    hi: Expr

    def __new__(cls, name: str, lo: Any, hi: Any) -> Index:
        """Check the range: integer ends, not reversed."""
        self = Symbol.__xnew__(cls, name, integer=True)
        self.lo, self.hi = sympify(lo), sympify(hi)
        for end in (self.lo, self.hi):
            if not (isinstance(end, Expr) and end.is_integer):
                msg = f"index {name}: an end must be an integer, got {end}"
                raise ValueError(msg)
        if (self.hi - self.lo).is_number and self.hi < self.lo - 1:
            msg = f"index {name}: the range {lo}..{hi} is reversed"
            raise ValueError(msg)
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str, Expr, Expr], dict[str, bool]]:
        return (self.name, self.lo, self.hi), {}

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), self.lo, self.hi)

    @property
    def range(self) -> tuple[Expr, Expr]:
        """Both ends, inclusive."""
        return self.lo, self.hi


def _each_name(names: str, build: Callable[[str], Any]) -> Any:
    if not names.split():
        msg = f"names must be a string of names, got {names!r}"
        raise ValueError(msg)
    made = tuple(build(name) for name in names.split())
    return made if len(made) > 1 else made[0]


def size(names: str) -> Any:
    """Make sizes: integers 1, 2, 3, … (one symbol, or a tuple for several names)."""
    return _each_name(names, lambda s: Symbol(s, integer=True, positive=True))


def real(names: str) -> Any:
    """Make real numbers."""
    return _each_name(names, lambda s: Symbol(s, real=True))


def positive(names: str) -> Any:
    """Make real numbers greater than 0."""
    return _each_name(names, lambda s: Symbol(s, positive=True))


def nonnegative(names: str) -> Any:
    """Make real numbers not less than 0."""
    return _each_name(names, lambda s: Symbol(s, nonnegative=True))


def probability(names: str) -> Any:
    """Make real numbers strictly between 0 and 1."""
    return _each_name(names, lambda s: Probability(s, positive=True))


def time(names: str) -> Any:
    """Make step counters: 0, 1, 2 and so on."""
    return _each_name(names, lambda s: Time(s, integer=True, nonnegative=True))


def index(names: str, lo: Any, hi: Any) -> Any:
    """Make indices that run over ``lo..hi``, both ends included."""
    return _each_name(names, lambda s: Index(s, lo, hi))


def array(names: str, *, positive: bool = False, nonnegative: bool = False) -> Any:
    """Make real arrays, to be indexed as ``x[i]`` or ``X[i, j]``."""
    sign = {"positive": True} if positive else {"real": True}
    if nonnegative and not positive:
        sign = {"nonnegative": True}
    return _each_name(names, lambda s: IndexedBase(Label(s, **sign)))


# ------------------------------------------------------------------ random variables


class Law(Basic):
    """What is known of the distribution of a random variable."""

    def moment(self, order: int) -> Expr | None:
        """Return the raw moment E X^order, or None when it is not known."""
        raise NotImplementedError

    def conditions(self) -> tuple[Expr, ...]:
        """Return what must be nonnegative for such a law to exist."""
        raise NotImplementedError

    def stand_in(self) -> tuple[tuple[Expr, Expr], ...]:
        """Return one finite law with these moments: pairs (value, probability)."""
        raise NotImplementedError


class Bernoulli(Law):
    """1 with probability p, else 0."""

    def __new__(cls, p: Any) -> Bernoulli:
        """Check p when it is a number."""
        p = sympify(p)
        if p.is_number and not 0 <= p <= 1:
            msg = f"Bernoulli: p must lie in [0, 1], got {p}"
            raise ValueError(msg)
        return Basic.__new__(cls, p)

    def moment(self, order: int) -> Expr | None:
        """Return p: every power of 0 or 1 is itself."""
        return self.args[0] if order else S.One

    def conditions(self) -> tuple[Expr, ...]:
        """Return p and 1 - p."""
        return self.args[0], 1 - self.args[0]

    def stand_in(self) -> tuple[tuple[Expr, Expr], ...]:
        """Return the law itself."""
        return (S.One, self.args[0]), (S.Zero, 1 - self.args[0])


class Moments(Law):
    """Any law with this mean and this mean square; no further moment is known."""

    def __new__(cls, mean: Any, square: Any) -> Moments:
        """Check the variance when it is a number."""
        mean, square = sympify(mean), sympify(square)
        spread = square - mean**2
        if spread.is_number and spread < 0:
            msg = (
                f"Moments: the mean square must be at least the squared mean, "
                f"got {square} < ({mean})**2"
            )
            raise ValueError(msg)
        return Basic.__new__(cls, mean, square)

    def moment(self, order: int) -> Expr | None:
        """Return 1, the mean, the mean square; nothing beyond."""
        return (S.One, *self.args)[order] if order <= 2 else None

    def conditions(self) -> tuple[Expr, ...]:
        """Return the variance."""
        return (self.args[1] - self.args[0] ** 2,)

    def stand_in(self) -> tuple[tuple[Expr, Expr], ...]:
        """Return a skewed three-point law, so that no higher moment is a round one."""
        mean, square = self.args
        deviation = sqrt(square - mean**2)
        # Values 2, 0, -1 with weights 1/6, 1/2, 1/3: mean 0, variance 1, skewness 1.
        return (
            (mean + 2 * deviation, Rational(1, 6)),
            (mean, Rational(1, 2)),
            (mean - deviation, Rational(1, 3)),
        )


class Normal(Law):
    """Any law whose first five moments are those of N(mean, variance)."""

    def __new__(cls, mean: Any, variance: Any) -> Normal:
        """Check the variance when it is a number."""
        mean, variance = sympify(mean), sympify(variance)
        if variance.is_number and variance < 0:
            msg = f"Normal: the variance must not be negative: {variance}"
            raise ValueError(msg)
        return Basic.__new__(cls, mean, variance)

    def moment(self, order: int) -> Expr | None:
        """Return the raw moment of the normal law, up to the fifth."""
        m, v = self.args
        known = (
            S.One,
            m,
            m**2 + v,
            m**3 + 3 * m * v,
            m**4 + 6 * m**2 * v + 3 * v**2,
            m**5 + 10 * m**3 * v + 15 * m * v**2,
        )
        return known[order] if order < len(known) else None

    def conditions(self) -> tuple[Expr, ...]:
        """Return the variance."""
        return (self.args[1],)

    def stand_in(self) -> tuple[tuple[Expr, Expr], ...]:
        """Return the three-point Gauss-Hermite law: five equal moments."""
        mean, variance = self.args
        reach = sqrt(3 * variance)
        return (
            (mean - reach, Rational(1, 6)),
            (mean, Rational(2, 3)),
            (mean + reach, Rational(1, 6)),
        )


class Family(IndexedBase):
    """Independent copies X_1, X_2, … of one random variable; the law is in ``args``.

    Because the law is an argument, substituting a number for a parameter changes the
    law as well, and the parameters of the law count among the free symbols.
    """

    def __new__(cls, label: Any, law: Law) -> Family:
        """Attach the law to the label."""
        self = Expr.__new__(cls, label, law)
        self._shape, self._offset, self._strides = None, S.Zero, None
        self._name = str(label)
        IndexedBase._set_assumptions(self, label.assumptions0)
        return self

    @property
    def law(self) -> Law:
        """The common law of the copies."""
        return self.args[1]

    @property
    def free_symbols(self) -> set[Symbol]:
        """The label and every parameter of the law."""
        return self.label.free_symbols | self.law.free_symbols


def randoms(name: str, law: Any) -> Family:
    """Make independent copies of a random variable; families are independent too."""
    if not isinstance(law, Law):
        msg = f"randoms {name}: the law must be a Law, got {law!r}"
        raise ValueError(msg)
    return Family(Label(name, real=True), law)


class E(Function):
    """Expectation over every random variable inside; inert."""

    nargs = 1

    def _eval_is_real(self) -> bool | None:
        return self.args[0].is_real

    def _eval_derivative(self, x: Any) -> Expr | None:
        """Differentiate under E where that is licensed, else leave it (None).

        It is licensed when the law does not depend on the variable and the random
        variables occur as a polynomial: then E is a finite sum of moments.
        """
        inside = self.args[0]
        if any(x in family.free_symbols for family in inside.atoms(Family)):
            return None
        return E(inside.diff(x)) if polynomial_in_randoms(inside) else None


def polynomial_in_randoms(e: Expr) -> bool:
    """Tell whether random variables enter by +, *, whole powers, finite sums only."""
    if not e.atoms(Family) or isinstance(e, Indexed):
        return True
    if isinstance(e, Sum):
        return polynomial_in_randoms(e.function)
    if e.is_Pow:
        whole = e.exp.is_Integer and e.exp > 0
        return whole and polynomial_in_randoms(e.base)
    return (e.is_Add or e.is_Mul) and all(map(polynomial_in_randoms, e.args))


class Var(Function):
    """Variance over every random variable inside; inert."""

    nargs = 1

    def _eval_is_real(self) -> bool | None:
        return self.args[0].is_real

    def _eval_derivative(self, _x: Any) -> None:
        return None


# ------------------------------------------------------------------------- operators


def _limits(what: str, indices: tuple[Any, ...]) -> list[tuple[Index, Expr, Expr]]:
    if not indices:
        msg = f"{what}: name at least one index"
        raise ValueError(msg)
    for i in indices:
        if not isinstance(i, Index):
            msg = f"{what}: {i} is not an index; make it with index(...)"
            raise ValueError(msg)
    return [(i, i.lo, i.hi) for i in reversed(indices)]


def Σ(expression: Any, *indices: Index) -> Sum:
    """Sum over the whole range of each index; the first index is the outermost."""
    return Sum(sympify(expression), *_limits("Σ", indices))


def Π(expression: Any, *indices: Index) -> Product:
    """Multiply over the whole range of each index; the first is the outermost."""
    return Product(sympify(expression), *_limits("Π", indices))


def d(expression: Any, *variables: Any) -> Derivative:
    """Differentiate, unevaluated: ``d(f, x)``, ``d(f, x, y)``, ``d(f, x, 2)``."""
    expression = sympify(expression)
    for x in variables:
        if isinstance(x, int) and x > 0:
            continue
        if not isinstance(x, Symbol | Indexed) and not _is_entry(x):
            msg = f"d: {x} is not a variable"
            raise ValueError(msg)
        if x.is_integer:
            msg = f"d: {x} is an integer, there is nothing to vary"
            raise ValueError(msg)
        if not x.free_symbols & expression.free_symbols:
            msg = f"d: {expression} does not mention {x}"
            raise ValueError(msg)
    return Derivative(expression, *variables)


def _is_entry(x: Any) -> bool:
    """Tell whether x is an entry of a MatrixSymbol."""
    return bool(getattr(getattr(x, "parent", None), "is_symbol", False))


def Eq(left: Any, right: Any) -> Equality:
    """State an equation, never evaluated to True or False."""
    return Equality(sympify(left), sympify(right), evaluate=False)


def Ne(left: Any, right: Any) -> Unequality:
    """State that two things differ, never evaluated to True or False."""
    return Unequality(sympify(left), sympify(right), evaluate=False)


class Each(Basic):
    """A hypothesis for every value of an index: ``args = (index, hypothesis)``."""

    @property
    def index(self) -> Index:
        """The index the hypothesis ranges over."""
        return self.args[0]

    @property
    def hypothesis(self) -> Relational | Each:
        """The hypothesis that holds for each value."""
        return self.args[1]

    @property
    def free_symbols(self) -> set[Symbol]:
        """Free symbols of the hypothesis and of the range, without the index."""
        ends = self.index.lo.free_symbols | self.index.hi.free_symbols
        return (self.hypothesis.free_symbols - {self.index}) | ends


def each(k: Any, hypothesis: Any) -> Each:
    """State a hypothesis for all values of the index k."""
    if not isinstance(k, Index):
        msg = f"each: {k} is not an index; make it with index(...)"
        raise ValueError(msg)
    if not isinstance(hypothesis, Relational | Each):
        msg = f"each: {hypothesis} is not a hypothesis"
        raise ValueError(msg)
    if k not in hypothesis.free_symbols:
        msg = f"each: {hypothesis} does not mention {k}"
        raise ValueError(msg)
    return Each(k, hypothesis)


# ------------------------------------------------------------------------- functions


class Defined(Function):
    """Base of the functions made by `function`: opaque until a step unfolds them."""

    latex_name: str
    body: Lambda

    @classmethod
    def eval(cls, *_arguments: Expr) -> None:
        """Stay as written."""
        return

    def _eval_is_real(self) -> bool | None:
        return self.body(*self.args).is_real


_PARAMETERS = tuple(Dummy(letter, real=True) for letter in "uvwxyz")


@cache
def _defined(latex: str, count: int, expression: Expr) -> type[Defined]:
    """Make the function, one class for equal names and bodies."""
    # Not Lambda(…): that would answer u -> u with a constant of its own.
    body = Expr.__new__(Lambda, Tuple(*_PARAMETERS[:count]), expression)
    return type(latex, (Defined,), {"latex_name": latex, "body": body, "nargs": count})


def function(latex: str, body: Callable[..., Any]) -> Any:
    r"""Define a function: ``function(r"\sigma", lambda u: 1/(1 + exp(-u)))``.

    The parameters are real. The body may mention nothing but its parameters: a hidden
    variable would escape differentiation and substitution.
    """
    count = len(inspect.signature(body).parameters)
    if not 1 <= count <= len(_PARAMETERS):
        msg = f"function {latex}: takes 1 to {len(_PARAMETERS)} parameters"
        raise ValueError(msg)
    parameters = _PARAMETERS[:count]
    expression = sympify(body(*parameters))
    hidden = expression.free_symbols - set(parameters)
    if hidden or expression.atoms(Family):
        names = ", ".join(sorted(map(str, hidden)))
        msg = f"function {latex}: the body mentions {names}; add parameters"
        raise ValueError(msg)
    return _defined(latex, count, expression)


def unknown(latex: str) -> Any:
    """Make an undefined smooth real function of real arguments."""
    return Function(latex, real=True)
