"""What the book knows about itself: strips, chapter tables, indexes, counts, map."""

from __future__ import annotations

import re
import tomllib

from derivations.engine.typography import latex
from docs._extension import proofs, sources
from docs._extension.blocks import BookBlock
from docs._extension.blocks_exercises import slug
from docs._extension.book import (
    CHAPTERS,
    DOCS,
    PARTS,
    ROOT,
    BookError,
    Context,
    Page,
    concepts,
    pages,
    unlocks,
)
from docs._extension.html import Element, plain, table, tag
from docs._extension.ledger_pages import derivation_link

_EXERCISE = re.compile(r"^/{3,} *exercise *\| *(.+?) *$", re.M)
_DERIVATION = re.compile(r"^/{3,} *derivation *\| *(\S+)", re.M)


def _page_link(context: Context, page: Page) -> Element:
    return tag("a", page.title, href=context.link(page))


class StripBlock(BookBlock):
    """Needs → this → unlocks; placed under the title of each concept page."""

    NAME = "strip"

    def make(self) -> Element:
        """Link what comes before and after."""
        made = tag("nav", class_="strip", aria_label="Before and after this page")
        page = self.context.page
        if page is None:
            return made
        by_name = {other.name: other for other in concepts()}
        needed = [by_name[name] for name in page.needs if name in by_name]
        if len(needed) < len(page.needs) and not self.context.draft:
            missing = next(name for name in page.needs if name not in by_name)
            msg = f"it needs {missing!r}, which is no page"
            raise self.context.error(msg, near=missing)
        for word, linked in (
            ("Needs", needed),
            ("Unlocks", list(unlocks(page))),
        ):
            if linked:
                group = tag("p", tag("span", plain(word), class_="word"))
                for other in linked:
                    group.append(_page_link(self.context, other))
                made.append(group)
        return made


class AliasesBlock(BookBlock):
    """Other words for what the page is about; placed at its end, for the search."""

    NAME = "aliases"

    def make(self) -> Element:
        """Write the words of the front matter."""
        words = (
            str(self.context.page.meta.get("aliases", "")) if self.context.page else ""
        )
        return tag("p", tag("span", plain("Found under: ")), words, class_="aliases")


class ChapterBlock(BookBlock):
    """The concepts of one chapter, with what was checked about each."""

    NAME = "chapter"
    ARGUMENT = True

    def make(self) -> Element:
        """List the chapter's pages in reading order."""
        name = self.argument.strip()
        if name not in CHAPTERS:
            msg = f"there is no chapter {name!r}; there are {', '.join(CHAPTERS)}"
            raise BookError(msg)
        listed = [page for page in concepts() if page.chapter == name]
        if not listed and not self.context.draft:
            msg = f"chapter {name} has no pages yet"
            raise BookError(msg)
        claims = sources.ledger().values()
        rows: list[list[Element | str]] = [
            [
                _page_link(self.context, page),
                page.description,
                plain(str(len(_DERIVATION.findall(page.source)))),
                plain(str(len(sources.laws(page.name)))),
                plain(str(sum(claim.concept == page.name for claim in claims))),
            ]
            for page in listed
        ]
        head = ["Page", "What it settles", "Derivations", "Laws", "Claims"]
        made = table(head, rows, label="Pages of this chapter")
        made.set("class", "scroll chapter")
        return made


class ExercisesBlock(BookBlock):
    """Every exercise of the book, by page."""

    NAME = "exercises"

    def make(self) -> Element:
        """List the exercises with links."""
        made = tag("div", class_="index")
        for page in concepts():
            titles = _EXERCISE.findall(page.source)
            if titles:
                made.append(tag("h2", page.title, id=slug(page.title)))
                made.append(
                    tag(
                        "ol",
                        *(
                            tag(
                                "li",
                                tag(
                                    "a",
                                    title,
                                    href=self.context.link(
                                        page, f"exercise-{slug(title)}"
                                    ),
                                ),
                            )
                            for title in titles
                        ),
                    )
                )
        return made


def counts() -> dict[str, int]:
    """Count what the book holds."""
    ledger = sources.ledger()
    names = proofs.all_names()
    return {
        "pages": len(concepts()),
        "derivations": len(names),
        "steps": sum(len(proofs.derivation(name).steps) for name in names),
        "laws": len(sources.all_laws()),
        "claims": len(ledger),
        "refuted": sum(claim.verdict == "refuted" for claim in ledger.values()),
        "exercises": sum(len(_EXERCISE.findall(page.source)) for page in concepts()),
        "faults": len(list((ROOT / "tests" / "faults").glob("*__*.py"))),
    }


class NumbersBlock(BookBlock):
    """How much there is, counted while the book is built."""

    NAME = "numbers"

    def make(self) -> Element:
        """Show the counts."""
        found = counts()
        entries = (
            ("pages", "concepts"),
            ("derivations", "derivations"),
            ("steps", "steps, each checked twice"),
            ("laws", "laws tested on any implementation"),
            ("claims", "claims decided"),
            ("refuted", "of them refuted"),
            ("faults", "planted faults, all caught"),
            ("exercises", "exercises with checked answers"),
        )
        items = (
            tag("div", tag("dd", plain(str(found[key]))), tag("dt", plain(words)))
            for key, words in entries
            if found[key]
        )
        return tag("dl", *items, class_="numbers")


class MapBlock(BookBlock):
    """The chapters and their pages, part by part, as linked boxes."""

    NAME = "map"

    def make(self) -> Element:
        """Lay out parts, chapters and pages."""
        made = tag("div", class_="map")
        by_path = {page.path: page for page in pages()}
        for part, chapters in PARTS.items():
            shown = [c for c in chapters if f"{c}/index.md" in by_path]
            if not shown:
                continue
            box = tag("section", tag("h3", plain(part), id=f"part-{part.lower()}"))
            for chapter in shown:
                index = by_path[f"{chapter}/index.md"]
                listed = [page for page in concepts() if page.chapter == chapter]
                links = (tag("li", _page_link(self.context, page)) for page in listed)
                box.append(
                    tag("p", _page_link(self.context, index), class_="chapter-name")
                )
                box.append(tag("ul", *links))
            made.append(box)
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
    """Every derivation, by module."""

    NAME = "derivations"

    def make(self) -> Element:
        """Make a table for each chapter."""
        made = tag("div", class_="index")
        for chapter in CHAPTERS:
            rows: list[list[Element | str]] = []
            for name in proofs.all_names():
                if name.split(".")[0] == chapter:
                    value = proofs.derivation(name)
                    shown = derivation_link(self.context, name)
                    rows.append([value.title, shown, plain(str(len(value.steps)))])
            if rows:
                made.append(tag("h2", plain(chapter_title(chapter)), id=chapter))
                head = ["Derivation", "Name", "Steps"]
                made.append(table(head, rows, label=chapter_title(chapter)))
        return made


def _formulas(page: Page) -> str:
    """Collect the formulas of a page: those written in it and those of derivations."""
    written = " ".join(re.findall(r"\$[^$]+\$", page.source))
    shown = (proofs.derivation(name) for name in _DERIVATION.findall(page.source))
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
                    link = _page_link(self.context, page)
                    if len(used):
                        used[-1].tail = plain(", ")
                    used.append(link)
            rows.append([f"${symbol['tex']}$", symbol["means"], used])
        return table(["Symbol", "Stands for", "Pages"], rows, label="Symbols")


def chapter_title(chapter: str) -> str:
    """Name of a chapter, as one writes it."""
    return chapter.replace("_", " ").capitalize()


BLOCKS = (
    AliasesBlock,
    StripBlock,
    ChapterBlock,
    DerivationsBlock,
    ExercisesBlock,
    FunctionsBlock,
    NumbersBlock,
    MapBlock,
    SymbolsBlock,
)
