"""Indexes of the book: exercises, functions, derivations, symbols."""

from __future__ import annotations

import re
import tomllib

from derivations.engine.typography import latex
from docs._extension import proofs, sources
from docs._extension.blocks import BookBlock
from docs._extension.blocks_derivation import formula
from docs._extension.blocks_exercises import WRONG_STEP
from docs._extension.book import (
    CHAPTERS,
    DOCS,
    Context,
    Page,
    concepts,
    known_chapter,
)
from docs._extension.html import Element, plain, slug, table, tag
from docs._extension.ledger_pages import derivation_link

EXERCISE = re.compile(r"^/{3,} *exercise *\| *(.+?) *$", re.M)
BROKEN = re.compile(r"^/{3,} *broken *\| *(\S+)", re.M)
DERIVATION = re.compile(r"^/{3,} *derivation *\| *(\S+)", re.M)


def page_link(context: Context, page: Page) -> Element:
    """Link to a page by its title."""
    return tag("a", page.title, href=context.link(page))


def chapter_title(chapter: str) -> str:
    """Name of a chapter, as one writes it."""
    return chapter.replace("_", " ").capitalize()


class ExercisesBlock(BookBlock):
    """Every exercise of the book, by page."""

    NAME = "exercises"

    def make(self) -> Element:
        """List the exercises with links."""
        made = tag("div", class_="index")
        for page in concepts():
            found = [(t, f"exercise-{slug(t)}") for t in EXERCISE.findall(page.source)]
            for name in BROKEN.findall(page.source):
                title = f"{WRONG_STEP}: {proofs.derivation(name).title}"
                found.append((title, f"wrong-step-{slug(name)}"))
            if found:
                links = (
                    tag("a", title, href=self.context.link(page, anchor))
                    for title, anchor in found
                )
                made.append(tag("h2", page.title, id=slug(page.title)))
                made.append(tag("ol", *(tag("li", link) for link in links)))
        return made


class FunctionsBlock(BookBlock):
    """Every name of the reference, by chapter."""

    NAME = "functions"

    def make(self) -> Element:
        """Make a table for each chapter."""
        made = tag("div", class_="index")
        found = sources.functions()
        by_name = {page.name: page for page in concepts()}
        for chapter in CHAPTERS:
            rows: list[list[Element | str]] = []
            for item in found:
                if item.concept.split("/")[0] != chapter:
                    continue
                code = tag("code", plain(item.signature))
                page = by_name.get(item.concept)
                linked = code
                if page is not None:
                    anchor = f"{item.module}.{item.name}"
                    linked = tag("a", code, href=self.context.link(page, anchor))
                rows.append([linked, item.summary])
            if rows:
                made.append(tag("h2", plain(chapter_title(chapter)), id=chapter))
                made.append(table(["Function", ""], rows, label=chapter_title(chapter)))
        return made


class DerivationsBlock(BookBlock):
    """The derivations of a chapter, with the statements they prove."""

    NAME = "derivations"
    ARGUMENT = True

    def make(self) -> Element:
        """List title, name and statement, concept by concept."""
        chapter = known_chapter(self.argument.strip())
        made = tag("div", class_="index")
        for page in concepts():
            concept = page.name.replace("/", ".")
            names = [n for n in proofs.all_names() if n.startswith(f"{concept}.")]
            if page.chapter == chapter and names:
                made.append(tag("h2", page.title, id=slug(page.title)))
                items = (self._item(name) for name in names)
                made.append(tag("ul", *items, class_="statements"))
        return made

    def _item(self, name: str) -> Element:
        value = proofs.derivation(name)
        title = tag(
            "p", tag("span", value.title + " "), derivation_link(self.context, name)
        )
        statement = formula(self.md, latex(value.claim), class_="scroll")
        return tag("li", title, statement)


def _formulas(page: Page) -> str:
    """Collect the formulas of a page: those written in it and those of derivations."""
    written = " ".join(re.findall(r"\$[^$]+\$", page.source))
    shown = (proofs.derivation(name) for name in DERIVATION.findall(page.source))
    return written + " ".join(latex(each) for each in shown)


class SymbolsBlock(BookBlock):
    """The letters of the book, and the pages that use them."""

    NAME = "symbols"

    def make(self) -> Element:
        """Look for each symbol in the formulas of each page."""
        file = DOCS / "reference" / "symbols.toml"
        listed = tomllib.loads(file.read_text(encoding="utf-8"))["symbol"]
        formulas = [(page, _formulas(page)) for page in concepts()]
        rows: list[list[Element | str]] = []
        for symbol in listed:
            pattern = re.compile(symbol.get("find") or re.escape(symbol["tex"]))
            used = tag("span")
            for page, text in formulas:
                if pattern.search(text):
                    link = page_link(self.context, page)
                    if len(used):
                        used[-1].tail = plain(", ")
                    used.append(link)
            rows.append([f"${symbol['tex']}$", symbol["means"], used])
        return table(["Symbol", "Stands for", "Pages"], rows, label="Symbols")


BLOCKS = (DerivationsBlock, ExercisesBlock, FunctionsBlock, SymbolsBlock)
