"""LaTeX to MathML while the book is built: nothing to run when it is read."""

from __future__ import annotations

import html
import re
from functools import cache
from xml.etree import ElementTree

import math_core
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from docs._extension.book import BookError, Context
from docs._extension.html import Element, tag

_CONVERTER = math_core.LatexToMathML(
    macros={
        "R": r"\mathbb{R}",
        "N": r"\mathbb{N}",
        "E": r"\mathbb{E}",
        "Var": r"\operatorname{Var}",
        "relu": r"\operatorname{ReLU}",
        "softmax": r"\operatorname{softmax}",
        "softplus": r"\operatorname{softplus}",
        "logit": r"\operatorname{logit}",
        "diag": r"\operatorname{diag}",
        "sign": r"\operatorname{sign}",
        "T": r"\top",
    }
)
_COLOR = re.compile(r"\x1b\[[0-9;]*m")


class FormulaError(BookError):
    """A formula that is not LaTeX, with the column and the reason."""


@cache
def mathml(tex: str, *, display: bool = False) -> str:
    """Convert one formula; refuse a wrong one."""
    try:
        return str(
            _CONVERTER.convert_with_local_state(tex.strip(), displaystyle=display)
        )
    except math_core.LatexError as error:
        report = _COLOR.sub("", str(error))
        reason = re.search(r"Error: (.*)", report)
        column = re.search(r"input:\d+:(\d+)", report)
        msg = f"the formula {tex.strip()!r} is not LaTeX"
        if reason:
            msg += f": {reason[1].rstrip('.')}"
        if column:
            msg += f", at column {column[1]}"
        raise FormulaError(msg) from None


def breadth(tex: str) -> float:
    """Estimate how broad a displayed formula is, in em, to a tenth or so."""
    xml = _ENTITY.sub(lambda e: html.unescape(e[0]), mathml(tex, display=True))
    return _breadth(ElementTree.fromstring(xml))


_ENTITY = re.compile(r"&(?!lt;|gt;|amp;|quot;|apos;)\w+;")  # known to HTML, not to XML
_SCRIPT = 0.72  # size of what stands above or below the line
_SPACED = frozenset("=≤≥<>∈≠+−±·×→")
_WIDTHS = {"∑": 1.4, "∏": 1.4, "∫": 1.4, **dict.fromkeys("()[]|‖′,", 0.4)}


def _breadth(element: ElementTree.Element) -> float:
    inner = [_breadth(child) for child in element]
    match element.tag:
        case "mfrac":
            return max(inner) + 0.2
        case "msub" | "msup" | "msubsup":
            return inner[0] + _SCRIPT * max(inner[1:])
        case "munder" | "mover" | "munderover":
            return max(inner[0], _SCRIPT * max(inner[1:]))
        case "msqrt":
            return sum(inner) + 0.9
    if inner:
        return sum(inner)
    text = element.text or ""
    if element.tag == "mo" and text in _SPACED:
        return 1.3 if element.get("lspace") is None else 0.75
    return _WIDTHS.get(text, 0.55 * len(text))


def display(tex: str, *, label: str = "formula") -> str:
    """Convert a formula that stands on its own line and scrolls when it is wide."""
    inner = mathml(tex, display=True)
    return (
        f'<div class="formula scroll" role="group" aria-label="{label}" '
        f"data-search-exclude>{inner}</div>"
    )


class MathTree(Treeprocessor):
    """Put MathML where `pymdownx.arithmatex` (generic) has found a formula."""

    def __init__(self, md: Markdown, context: Context) -> None:
        super().__init__(md)
        self.context = context

    def run(self, root: Element) -> None:
        """Convert every formula of the page."""
        for element in root.iter():
            if element.get("class") != "arithmatex" or not element.text:
                continue
            tex = element.text.strip()[2:-2]
            try:
                made = display(tex) if element.tag == "div" else mathml(tex)
            except FormulaError as error:
                raise self.context.error(str(error), near=tex) from None
            element.set("class", "math")
            element.text = self.md.htmlStash.store(made)
        for parent in list(root.iter()):
            _keep_marks(parent)


_MARK = re.compile(r"[^\s\w(\[“‘]+")


def _keep_marks(parent: Element) -> None:
    """Let no line begin with the comma or the full stop after a formula."""
    for place, child in enumerate(parent):
        mark = _MARK.match(child.tail or "")
        if mark and child.tag == "span" and child.get("class") == "math":
            tail, child.tail = child.tail or "", mark[0]
            parent[place] = tag("span", child, class_="whole")
            parent[place].tail = tail[mark.end() :]
