"""The activations at a glance: every property computed from what the code defines.

To add one, add a row to `ACTIVATIONS`; the table and the picture follow.
"""

from __future__ import annotations

import importlib
import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from sympy import Abs, Expr, Max, Rational, Symbol, diff, lambdify, simplify

import reference
from derivations.engine.language import Defined
from derivations.engine.typography import latex
from docs._extension import proofs
from docs._extension.blocks import BookBlock
from docs._extension.book import BookError, concepts
from docs._extension.html import Element, plain, table
from docs._extension.indexes import page_link
from docs._extension.numbers import written

__all__ = ["ACTIVATIONS", "Activation", "ActivationsBlock", "compiled"]

X = Symbol("x", real=True)
_A = Symbol("a", positive=True)
_FAR = 15.0  # where no bounded activation has rounded to its bound yet
_GRID = np.linspace(-_FAR, _FAR, 6001)


@dataclass(frozen=True)
class Activation:
    """One row: a function of the reference, its page and where it is defined.

    Attributes
    ----------
    name : str
        Name in `reference`, and in `reference.second_moment_gain`.
    page : str
        The concept, ``chapter/concept``.
    defined : str
        The function that its derivations unfold, ``chapter.concept:function``.
    slope : str
        The derivation that ends in its slope, if one does so in a single formula.
    """

    name: str
    page: str
    defined: str
    slope: str = ""

    @property
    def function(self) -> Callable[[Any], Any]:
        """The reference implementation, its options at their defaults."""
        return getattr(reference, self.name)

    @property
    def written(self) -> Expr:
        """The definition as its page writes it, a formula in x."""
        module, _, attribute = self.defined.partition(":")
        defined = getattr(importlib.import_module(f"derivations.{module}"), attribute)
        if not hasattr(defined, "body"):  # a function that SymPy knows
            return defined(X)
        count = len(defined.body.variables) - 1
        options = inspect.signature(self.function).parameters.values()
        defaults = [Rational(str(o.default)) for o in list(options)[1 : 1 + count]]
        return defined.body(X, *defaults)

    @property
    def expression(self) -> Expr:
        """The definition, and in it the definitions of what it uses."""
        formula = self.written
        while formula.has(Defined):
            formula = formula.replace(
                lambda e: isinstance(e, Defined), lambda e: e.body(*e.args)
            )
        return formula

    @property
    def halves(self) -> tuple[Expr, Expr]:
        """The definition below and above zero, each as a formula in x."""
        below = simplify(self.expression.subs(X, -_A)).subs(_A, -X)
        return below, simplify(self.expression.subs(X, _A)).subs(_A, X)

    @property
    def one_formula(self) -> bool:
        """Whether one formula without a case distinction serves both halves."""
        return not self.expression.has(Max, Abs)


ACTIVATIONS = (
    Activation("linear", "activations/identity", "activations.identity:linear"),
    Activation("binary_step", "activations/binary_step", "activations.binary_step:H"),
    Activation(
        "sigmoid",
        "activations/sigmoid",
        "activations.sigmoid:σ",
        "activations.sigmoid.derivative",
    ),
    Activation(
        "tanh", "activations/tanh", "engine:tanh", "activations.tanh.derivative"
    ),
    Activation("relu", "activations/relu", "activations.relu:relu"),
    Activation("leaky_relu", "activations/leaky_relu", "activations.leaky_relu:leaky"),
    Activation(
        "softplus",
        "activations/softplus",
        "activations.softplus:softplus",
        "activations.softplus.derivative",
    ),
    Activation("elu", "activations/elu", "activations.elu:elu"),
    Activation(
        "gelu",
        "activations/gelu",
        "activations.gelu:gelu",
        "activations.gelu.derivative",
    ),
    Activation(
        "silu",
        "activations/silu",
        "activations.silu:silu",
        "activations.silu.derivative",
    ),
)


def compiled(formula: Expr) -> Callable[[Any], Any]:
    """Return a formula in x as a function of arrays."""
    evaluate = lambdify(X, formula, [{"erf": np.vectorize(math.erf)}, "numpy"])
    return lambda x: evaluate(x) + 0 * np.asarray(x)  # of x's shape, if constant


# ------------------------------------------------------------------------- properties


def lowest(f: Callable[[Any], Any], low: float, high: float) -> float:
    """Return the least value of a function on an interval, by ever finer grids."""
    for _ in range(6):
        x = np.linspace(low, high, 6001)
        values = np.asarray(f(x), dtype=np.float64)
        k = int(np.argmin(values))
        low, high = x[max(k - 1, 0)], x[min(k + 1, len(x) - 1)]
    return float(values[k])


def _bound(f: Callable[[Any], Any]) -> tuple[float, bool]:
    """Return the infimum, and whether it is attained."""
    inside = lowest(f, -_FAR, _FAR)
    outside = float(np.min(f(np.array([-np.inf, np.inf]))))
    return min(inside, outside), inside <= outside


def value_range(activation: Activation) -> str:
    """Return the range as LaTeX: an interval, or the values if they are few."""
    f = activation.function
    values = np.unique(f(_GRID))
    if len(values) <= 2:
        return r"\{" + ", ".join(map(_short, values)) + r"\}"
    low, low_attained = _bound(f)
    high, high_attained = _bound(lambda x: -np.asarray(f(x)))
    left, right = "[" if low_attained else "(", "]" if high_attained else ")"
    return f"{left}{_short(low)}, {_short(-high)}{right}"


def _short(value: float) -> str:
    if np.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    return f"{value + 0.0:.3g}"


@cache
def smoothness(activation: Activation) -> int | None:
    """Return the order of the first derivative that jumps at 0; None if none does."""
    if activation.one_formula:
        return None
    below, above = activation.halves
    for order in range(5):
        jump = diff(above - below, X, order) if order else above - below
        if simplify(jump.subs(X, 0)) != 0:
            return order
    msg = f"{activation.name}: both halves agree to fourth order at 0"
    raise BookError(msg)


@cache
def slopes(activation: Activation) -> tuple[Expr, Expr]:
    """Return the slope below and above zero, each as a formula in x."""
    below, above = activation.halves
    return simplify(diff(below, X)), simplify(diff(above, X))


def steepest(activation: Activation) -> float:
    """Return the supremum of the size of the slope; infinite where it jumps."""
    if smoothness(activation) == 0:
        return np.inf
    below, above = map(compiled, slopes(activation))
    return -min(
        lowest(lambda x: -np.abs(below(x)), -40.0, 0.0),
        lowest(lambda x: -np.abs(above(x)), 0.0, 40.0),
    )


def symmetry(activation: Activation) -> str:
    """Say which symmetry the values have, as Markdown text."""
    f, x = activation.function, _GRID[_GRID > 0]
    right, left = np.asarray(f(x)), np.asarray(f(-x))

    def same(a: Any, b: Any) -> bool:
        return bool(np.allclose(a, b, rtol=1e-9, atol=1e-12))

    total, slope = right[0] + left[0], (right[-1] - left[-1]) / x[-1]
    if same(right, -left):
        return "odd"
    if same(right + left, total):
        return f"about $(0, {_short(total / 2)})$"
    if same(right - left, slope * x):
        return f"${_short(slope / 2)}\\,x$ + even"
    return "none"


# -------------------------------------------------------------------------- the table


_SMOOTH = {
    None: "yes",
    0: "jump",
    1: "kink",
    2: "kink in slope",
}


def _two(below: Expr, above: Expr) -> str:
    """Write two formulas, or one if they agree, as Markdown text."""
    if below == above:
        return f"${latex(above)}$"
    return f"${latex(below)}$ below 0, ${latex(above)}$ above"


def _value(activation: Activation) -> str:
    if activation.one_formula:
        return f"${latex(activation.written)}$"
    return _two(*activation.halves)


def _slope(activation: Activation) -> str:
    if activation.slope:
        return f"${latex(proofs.derivation(activation.slope).end)}$"
    return _two(*slopes(activation))


class ActivationsBlock(BookBlock):
    """Every activation with its properties, computed while the book is built."""

    NAME = "activations"

    def make(self) -> Element:
        """Compute the table."""
        by_name = {page.name: page for page in concepts()}
        rows: list[list[Element | str]] = []
        for each in ACTIVATIONS:
            if each.page not in by_name:
                msg = f"activations: there is no page {each.page}"
                raise BookError(msg)
            order = smoothness(each)
            gain = reference.second_moment_gain(each.name)
            rows.append(
                [
                    page_link(self.context, by_name[each.page]),
                    _value(each),
                    f"${value_range(each)}$",
                    _slope(each),
                    f"${_short(steepest(each))}$",
                    self.md.htmlStash.store(written(gain, 5)),
                    symmetry(each),
                    plain(_SMOOTH.get(order, f"derivative {order} jumps at 0")),
                ]
            )
        head = [
            "Activation",
            "$f(x)$",
            "Range",
            "Slope",
            "Steepest",
            "Gain",
            "Symmetric?",
            "Smooth?",
        ]
        made = table(head, rows, label="All activations of this chapter")
        made.set("class", "scroll glance")
        return made
