"""Numbers computed while the book is built: never typed, so never out of date."""

from __future__ import annotations

import importlib
import math
import re
import warnings
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from pymdownx.blocks.block import type_any, type_integer, type_string

from docs._extension.blocks import BookBlock
from docs._extension.book import BookError, Context
from docs._extension.html import Element, Options, plain, slug, table, tag


@lru_cache(maxsize=1)
def namespace() -> dict[str, Any]:
    """Names that an expression on a page may use."""
    reference = importlib.import_module("reference")
    return {
        "reference": reference,
        "np": np,
        "math": math,
        "Fraction": Fraction,
        **{name: getattr(reference, name) for name in reference.__all__},
    }


class ExpressionError(BookError):
    """An expression of a page that cannot be evaluated."""


def evaluate(expression: str, known: dict[str, Any] | None = None) -> Any:
    """Evaluate one expression of a page; floating-point warnings are off."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return eval(expression, {**namespace(), **(known or {})})
    # Whatever the expression raises is what the author must read.
    except Exception as error:
        msg = f"{expression!r} raises {type(error).__name__}: {error}"
        raise ExpressionError(msg) from error


# --------------------------------------------------------------------------- writing


_EXPONENT = re.compile(r"^(.+)e([+-]\d+)$")


def _power(mantissa: str, exponent: str) -> str:
    power = f"10<sup>{int(exponent)}</sup>"
    return power if mantissa == "1" else f"{mantissa}\u2009\u00d7\u2009{power}"


def _finite(value: float, digits: int) -> str:
    text = _EXPONENT.sub(lambda e: _power(e[1], e[2]), f"{value:.{digits}g}")
    return text.replace("-", "\u2212")


def written(value: Any, digits: int = 6) -> str:
    """Write a value as HTML, the way a textbook prints numbers."""
    if isinstance(value, np.ndarray):
        if value.ndim == 0:
            return written(value[()], digits)
        inner = ", ".join(written(entry, digits) for entry in value)
        return f"[{inner}]"
    if isinstance(value, list | tuple):
        inner = ", ".join(written(entry, digits) for entry in value)
        return f"({inner})" if isinstance(value, tuple) else f"[{inner}]"
    if isinstance(value, bool | np.bool_ | str):
        return f"<code>{value}</code>"
    if isinstance(value, int | np.integer):
        return str(value).replace("-", "\u2212")
    if isinstance(value, float | np.floating):
        number = float(value)
        return (
            _finite(number, digits)
            if math.isfinite(number)
            else (f"<code>{number}</code>")
        )
    return f"<code>{value}</code>".replace("\n", " ")


class Constant(InlineProcessor):
    """``{{ expression }}`` or ``{{ expression ; .3f }}`` in the text of a page."""

    PATTERN = r"\{\{\s*(.+?)\s*(?:;\s*([^};]+?)\s*)?\}\}"

    def __init__(self, md: Markdown, context: Context) -> None:
        super().__init__(self.PATTERN, md)
        self.context = context

    def handleMatch(self, m: re.Match[str], _data: str) -> tuple[Element, int, int]:
        """Evaluate and write the value."""
        expression, spec = m[1], m[2]
        try:
            value = evaluate(expression)
            text = written(value) if spec is None else format(value, spec)
        except (BookError, ValueError, TypeError) as error:
            near = m[0].split("\n")[0]
            msg = f"{m[0]}: {error}"
            raise self.context.error(msg, near=near) from None
        if spec is not None:
            text = _EXPONENT.sub(lambda e: _power(e[1], e[2]), text)
            text = text.replace("-", "\u2212")
        made = tag("span", self.md.htmlStash.store(text), class_="constant")
        return made, m.start(0), m.end(0)


# ---------------------------------------------------------------------------- tables


def _agrees(value: Any, truth: Any, within: float) -> bool:
    got, want = np.asarray(value, dtype=float), np.asarray(truth, dtype=float)
    if got.shape != want.shape:
        return False
    same = (got == want) | (np.isnan(got) & np.isnan(want))
    with np.errstate(all="ignore"):
        near = np.abs(got - want) <= within * np.abs(want)
    return bool((same | near).all())


class ValuesBlock(BookBlock):
    """A table of values computed at build; the body is its caption.

    Options: ``for`` (the variable, default ``x``), ``rows`` (expressions, one value
    of the variable each), ``columns`` (heading: expression), ``let`` (name:
    expression, helpers), ``compare`` (heading: heading of the column that is right;
    cells that differ from it are marked), ``within`` (relative difference from which
    a cell is marked, default 1e-6), ``digits`` (default 6).
    """

    NAME = "values"
    ARGUMENT = None
    OPTIONS: ClassVar[Options] = {
        "for": ("x", type_string),
        "rows": ([], type_any),
        "columns": ({}, type_any),
        "let": ({}, type_any),
        "compare": ({}, type_any),
        "within": (1e-6, float),
        "digits": (6, type_integer),
    }

    def make(self) -> Element:
        """Compute the table."""
        try:
            rows = self._rows()
        except (ValueError, TypeError, AttributeError) as error:
            msg = f"values: {error}"
            raise ExpressionError(msg) from None
        variable = self.options["for"]
        first = f"${variable}$" if len(variable) == 1 else variable
        shown = table([first, *self.options["columns"]], rows, label="Computed values")
        self.caption = tag("figcaption")
        made = tag("figure", shown, self.caption, class_="values")
        if self.argument:
            title = tag("span", self.argument, class_="title")
            title.set("id", f"values-{slug(self.argument)}")
            made.insert(0, tag("p", title, class_="head"))
            del shown.attrib["aria-label"]
            shown.set("aria-labelledby", title.get("id", ""))
        return made

    def _rows(self) -> list[list[Element | str]]:
        options = self.options
        if not (options["rows"] and options["columns"]):
            msg = "the options rows and columns are needed"
            raise ExpressionError(msg)
        for heading in (*options["compare"], *options["compare"].values()):
            if heading not in options["columns"]:
                msg = f"compare: no column has the heading {heading!r}"
                raise ExpressionError(msg)
        known: dict[str, Any] = {}
        for name, expression in options["let"].items():
            known[name] = evaluate(str(expression), known)
        return [self._row(str(row), known) for row in options["rows"]]

    def _row(self, row: str, known: dict[str, Any]) -> list[Element | str]:
        options = self.options
        point = evaluate(row, known)
        here = {**known, options["for"]: point}
        found = {
            heading: evaluate(str(expression), here)
            for heading, expression in options["columns"].items()
        }
        cells: list[Element | str] = [self._cell(written(point))]
        for heading, value in found.items():
            text = written(value, options["digits"])
            truth = found[options["compare"].get(heading, heading)]
            wrong = not _agrees(value, truth, options["within"])
            cells.append(self._cell(text, wrong=wrong))
        return cells

    def _cell(self, text: str, *, wrong: bool = False) -> Element:
        held = self.md.htmlStash.store(text)
        if not wrong:
            return tag("span", held, class_="number-cell")
        mark = tag("span", plain("wrong"), class_="chip refuted")
        return tag("span", held, plain(" "), mark, class_="number-cell wrong")

    def on_add(self, _block: Element) -> Element:
        """Put the body into the caption."""
        return self.caption
