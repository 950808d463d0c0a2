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
    Add,
    Basic,
    Derivative,
    Dummy,
    Equality,
    Expr,
    Function,
    Indexed,
    Lambda,
    Product,
    Sum,
    Symbol,
    Tuple,
    Unequality,
    sympify,
)
from sympy.core.parameters import global_parameters
from sympy.core.relational import Relational

from derivations.engine.laws import (
    Bernoulli,
    E,
    Family,
    Law,
    Moments,
    Normal,
    Var,
    polynomial_in_randoms,
    randoms,
)
from derivations.engine.symbols import (
    Index,
    Label,
    Probability,
    Time,
    array,
    index,
    nonnegative,
    positive,
    probability,
    real,
    size,
    time,
)

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
    "polynomial_in_randoms",
    "positive",
    "probability",
    "randoms",
    "real",
    "size",
    "time",
    "unknown",
]


def keep_products_as_written() -> None:
    """Stop SymPy from distributing numbers over sums, for the whole process.

    SymPy's own functions rely on distribution in one place: of a sum and its negative,
    exactly one must admit a minus sign in front, or Abs(-x - 1) becomes
    Abs(-(-x - 1)), Abs(-x - 1) and so on without end; likewise tanh, erf, δ, even
    1**(-n - k). While products are kept as written a sum is, too: the minus sign of a
    sum is one that stands before it, never one among its terms. With distribution
    on, SymPy is as it was.
    """
    global_parameters.distribute = False
    ask = Add.could_extract_minus_sign

    def could_extract_minus_sign(self: Add) -> bool:
        return bool(global_parameters.distribute and ask(self))

    Add.could_extract_minus_sign = could_extract_minus_sign


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
