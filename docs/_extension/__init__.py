"""The book's extension of Python-Markdown: formulas, and blocks made from the code.

Everything that a page shows of a derivation, a test, a claim or a number is read from
where it is checked, while the book is built. See README.md for what to write.
"""

from __future__ import annotations

import re
from typing import Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from docs._extension import accuracy, divergences, indexes, museum, tables, variants
from docs._extension.activations import ActivationsBlock
from docs._extension.blocks_derivation import DerivationBlock
from docs._extension.blocks_exercises import AnswerBlock, BrokenBlock, ExerciseBlock
from docs._extension.blocks_figure import FigureBlock, WidgetBlock
from docs._extension.blocks_laws import ClaimBlock, PropertiesBlock
from docs._extension.book import Context, Page, page_of
from docs._extension.html import Element
from docs._extension.ledger_pages import LedgerBlock, LedgerSummaryBlock, VerdictsBlock
from docs._extension.mathematics import MathTree
from docs._extension.numbers import Constant, ValuesBlock
from docs._extension.sensitivity import page as sensitivity_page

ALL_BLOCKS: tuple[type[Block], ...] = (
    ActivationsBlock,
    AnswerBlock,
    BrokenBlock,
    ClaimBlock,
    DerivationBlock,
    ExerciseBlock,
    FigureBlock,
    LedgerBlock,
    LedgerSummaryBlock,
    PropertiesBlock,
    ValuesBlock,
    VerdictsBlock,
    WidgetBlock,
    *accuracy.BLOCKS,
    *divergences.BLOCKS,
    *indexes.BLOCKS,
    *museum.BLOCKS,
    *sensitivity_page.BLOCKS,
    *tables.BLOCKS,
    *variants.BLOCKS,
)

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_OPENING = re.compile(r"^ {0,3}(/{3,})[ ]*([\w-]+)[ ]*(?:\|.*)?$")
_CLOSING = re.compile(r"^ {0,3}(/{3,})[ ]*$")


class PageFinder(Preprocessor):
    """Learn which page is converted, and refuse blocks that are not well formed."""

    def __init__(self, md: Markdown, context: Context, page: Page | None) -> None:
        super().__init__(md)
        self.context, self.fixed = context, page

    def run(self, lines: list[str]) -> list[str]:
        """Note the page, check the blocks, add the strip under the title."""
        page = self.fixed or page_of("\n".join(lines))
        self.context.page = page
        self._check(lines)
        if page is None or not page.is_concept:
            return lines
        strip = ["", "/// strip", "///", ""]
        aliases = ["", "/// aliases", "///", ""] if "aliases" in page.meta else []
        for number, line in enumerate(lines):
            if line.startswith("# "):
                head, rest = lines[: number + 1], lines[number + 1 :]
                return [*head, *strip, *rest, *aliases]
        return [*strip, *lines, *aliases]

    def _check(self, lines: list[str]) -> None:
        open_blocks: list[tuple[str, str]] = []
        known = {block.NAME for block in ALL_BLOCKS}
        fence = ""
        for line in lines:
            found = _FENCE.match(line)
            if fence:
                fence = "" if line.strip() == fence else fence
            elif found:
                fence = found[1]
            elif opening := _OPENING.match(line):
                if opening[2] not in known:
                    names = ", ".join(sorted(known))
                    msg = f"there is no block {opening[2]!r}; there are {names}"
                    raise self.context.error(msg, near=line)
                open_blocks.append((opening[1], line))
            elif closing := _CLOSING.match(line):
                if not open_blocks or open_blocks[-1][0] != closing[1]:
                    near = open_blocks[-1][1] if open_blocks else line
                    msg = f"{closing[1]} closes no open block"
                    raise self.context.error(msg, near=near)
                open_blocks.pop()
        if open_blocks:
            msg = f"the block {open_blocks[-1][1].strip()!r} is not closed"
            raise self.context.error(msg, near=open_blocks[-1][1])


class Leftovers(Treeprocessor):
    """Refuse a block that was not understood and stayed as text."""

    def __init__(self, md: Markdown, context: Context) -> None:
        super().__init__(md)
        self.context = context

    def run(self, root: Element) -> None:
        """Look for block openings among the paragraphs."""
        for element in root.iter():
            if element.tag in ("code", "pre"):
                continue
            for text in (element.text, element.tail):
                for line in (text or "").split("\n"):
                    if found := _OPENING.match(line):
                        msg = f"the options or the argument of {line!r} are not valid"
                        msg += self._unknown_option(found[2], text or "")
                        raise self.context.error(msg, near=line)

    def _unknown_option(self, name: str, text: str) -> str:
        """Name an option that the block does not have, if there is one."""
        block = next(block for block in ALL_BLOCKS if name == block.NAME)
        for option in re.findall(r"^ {4}(\w+):", text, re.M):
            if option not in block.OPTIONS:
                known = ", ".join(block.OPTIONS) or "none"
                return f": there is no option {option!r}; there are {known}"
        return ""


class _Blocks(BlocksExtension):
    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:
        """Register every block of the book."""
        for block in ALL_BLOCKS:
            block_mgr.register(block, {"context": self.context})
        del md


class Lemmata(Extension):
    """The extension; `page` fixes the page, for a test or a preview."""

    def __init__(self, **settings: Any) -> None:
        self.config = {
            "page": ["", "the page that is converted, else it is found"],
            "draft": [False, "whether pages that are needed may be missing"],
        }
        super().__init__(**settings)

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors."""
        context = Context(draft=self.getConfig("draft"))
        md.registerExtension(self)
        finder = PageFinder(md, context, self.getConfig("page") or None)
        md.preprocessors.register(finder, "lemmata-page", 100)
        md.inlinePatterns.register(Constant(md, context), "lemmata-constant", 175)
        # Before the inline patterns (20): text is still as written.
        md.treeprocessors.register(Leftovers(md, context), "lemmata-leftovers", 25)
        # After them: arithmatex has found the formulas.
        md.treeprocessors.register(MathTree(md, context), "lemmata-formulas", 15)
        _Blocks(context).extendMarkdown(md)


def makeExtension(**settings: Any) -> Lemmata:
    """Return the extension: what Python-Markdown asks for."""
    return Lemmata(**settings)
