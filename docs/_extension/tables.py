"""What the book knows about itself: strips, chapter tables, counts, the map."""

from __future__ import annotations

from docs._extension import proofs, sources
from docs._extension.blocks import BookBlock
from docs._extension.book import (
    PARTS,
    ROOT,
    BookError,
    concepts,
    known_chapter,
    pages,
    unlocks,
)
from docs._extension.html import Element, plain, table, tag
from docs._extension.indexes import DERIVATION, EXERCISE, page_link


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
                    group.append(page_link(self.context, other))
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
        name = known_chapter(self.argument.strip())
        listed = [page for page in concepts() if page.chapter == name]
        if not listed and not self.context.draft:
            msg = f"chapter {name} has no pages yet"
            raise BookError(msg)
        claims = sources.ledger().values()
        rows: list[list[Element | str]] = [
            [
                page_link(self.context, page),
                page.description,
                plain(str(len(DERIVATION.findall(page.source)))),
                plain(str(len(sources.laws(page.name)))),
                plain(str(sum(claim.concept == page.name for claim in claims))),
            ]
            for page in listed
        ]
        head = ["Page", "What it settles", "Derivations", "Laws", "Claims"]
        made = table(head, rows, label="Pages of this chapter")
        made.set("class", "scroll chapter")
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
        "exercises": sum(len(EXERCISE.findall(page.source)) for page in concepts()),
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
                links = (tag("li", page_link(self.context, page)) for page in listed)
                box.append(
                    tag("p", page_link(self.context, index), class_="chapter-name")
                )
                box.append(tag("ul", *links))
            made.append(box)
        return made


BLOCKS = (AliasesBlock, ChapterBlock, MapBlock, NumbersBlock, StripBlock)
