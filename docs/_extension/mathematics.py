"""LaTeX to MathML while the book is built: nothing to run when it is read."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
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
    return _breadth(_tree(tex, display=True))


def _tree(tex: str, *, display: bool) -> ElementTree.Element:
    made = mathml(tex, display=display)
    return ElementTree.fromstring(_ENTITY.sub(lambda e: html.unescape(e[0]), made))


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


@cache
def breaking(tex: str, *, display: bool = False) -> str:
    """Convert one formula; a broad one so that it can go on in the next line.

    Browsers do not break MathML. So the formula becomes several that follow each other,
    cut only between terms, between factors and before a relation.
    """
    pieces = _pieces(tex, display=display)
    if len(pieces) == 1:
        return mathml(tex, display=display)
    made: list[str] = []
    for piece in pieces:
        gap = " " if piece[0].tag == "mtext" else "<wbr>" if made else ""
        if made and piece[0].text in _RELATIONS:
            piece[0].set("form", "infix")
        if made and piece[0].tag == "mtext":
            piece[0].text = (piece[0].text or "").lstrip()
        made.append(gap + ElementTree.tostring(piece, encoding="unicode"))
    return "".join(made)


def rigid(tex: str) -> float:
    """Estimate the breadth of the broadest part that cannot be broken, in em."""
    return max(_breadth(piece) for piece in _pieces(tex, display=False))


def _pieces(tex: str, *, display: bool) -> list[ElementTree.Element]:
    tree = _tree(tex, display=display)
    limit = _NARROW if display else _SHORT
    return _split(_split([tree], limit, _may_pause), limit, _may_break)


def _split(
    pieces: list[ElementTree.Element],
    limit: float,
    may_cut: Callable[[ElementTree.Element, int], bool],
) -> list[ElementTree.Element]:
    """Cut each piece that is broader than the limit wherever that is allowed."""
    made = []
    for piece in pieces:
        inner = range(1, len(piece) if _breadth(piece) > limit else 0)
        cuts = [place for place in inner if may_cut(piece, place)]
        for start, end in pairwise([0, *cuts, len(piece)]):
            made.append(ElementTree.Element("math", _style(piece)))
            made[-1].extend(piece[start:end])
    return made


def _style(piece: ElementTree.Element) -> dict[str, str]:
    inline = not (piece.get("display") or piece.get("displaystyle"))
    return {} if inline else {"displaystyle": "true"}


_NARROW = 15.0  # in em: what a line of a derivation holds on a phone
_SHORT = 9.0  # and the column of the reasons
_OPEN, _CLOSE = "([{⌊⌈⟨", ")]}⌋⌉⟩"
_RELATIONS = frozenset("=≤≥<>≈≠+−")
_NAMES = frozenset({"mi", "mn", "msub", "msup", "msubsup"})
_APPLY = "\u2061"  # stands between a function and its argument


def _may_pause(tree: ElementTree.Element, place: int) -> bool:
    """Tell whether a word or a wide space stands here."""
    before, here = tree[place - 1], tree[place]
    space = before.get("width", "0em") if before.tag == "mspace" else "0em"
    words = here.tag == "mtext" and (here.text or "").startswith("\u00a0")
    return words or float(space.removesuffix("em")) >= 1


def _may_break(tree: ElementTree.Element, place: int) -> bool:
    """Tell whether a new line may begin with this term, factor or relation."""
    before, here = tree[place - 1], tree[place]
    if sum(_nesting(part) for part in tree[:place]) or _bars(tree):
        return False
    if here.tag == "mo" and here.text in _RELATIONS:
        return here.get("lspace") is None and (before.tag != "mo" or _closed(before))
    if not _style(tree) or here.tag == "mspace" or here.text == "d":
        return False  # in a line of text no product is broken
    if here.tag == "mo":
        return _closed(before) and (here.text or " ") in _OPEN
    if _closed(before):
        return True
    after = tree[place + 1] if place + 1 < len(tree) else None
    called = after is not None and (_closed(after) or after.text == "(")
    return called and here.tag in _NAMES and before.tag in _NAMES


def _nesting(part: ElementTree.Element) -> int:
    if part.tag in ("msub", "msup", "msubsup"):
        part = part[0]
    text = part.text if part.tag == "mo" else ""
    return (text in _OPEN) - (text in _CLOSE) if text else 0


def _bars(tree: ElementTree.Element) -> bool:
    return any(part.tag == "mo" and part.text in ("|", "‖", "∣") for part in tree)


def _closed(part: ElementTree.Element) -> bool:
    """Tell whether this is a bracket with what it holds, or a fraction of numbers."""
    if part.tag == "msup":
        part = part[0]
    if part.tag == "mo":
        return (part.text or " ") in _CLOSE
    if part.tag == "mfrac":
        return not any("∂" in (inner.text or "") for inner in part.iter())
    if part.tag != "mrow" or not len(part):
        return False
    called = any(inner.text == _APPLY for inner in part)
    return called or (part[0].tag == "mo" and (part[0].text or " ") in _OPEN)


def display(tex: str, *, label: str = "formula") -> str:
    """Convert a formula that stands on its own line and scrolls when it is wide."""
    inner = breaking(tex, display=True)
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
                made = display(tex) if element.tag == "div" else breaking(tex)
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
