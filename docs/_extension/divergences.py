"""What libraries are known to do differently, listed: read from what excuses it.

``/// divergences | torch`` is the list of one library. It shows the very entries of
`reference/conformance/divergences/` that `lemmata check` goes by, so nothing is listed
that the command does not expect, and nothing is excused that is not listed.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath

from docs._extension.blocks import BookBlock
from docs._extension.book import BookError, concepts
from docs._extension.html import Element, plain, tag
from docs._extension.indexes import page_link
from reference.conformance.known import ANY, Divergence, divergences
from reference.conformance.target import ADAPTERS

__all__ = ["BLOCKS", "at_most", "thread"]

_THREAD = re.compile(r"https://github\.com/([^/]+/[^/]+)/(?:issues|pull)/(\d+)")


class DivergencesBlock(BookBlock):
    """What one library is known to do differently."""

    NAME = "divergences"
    ARGUMENT = True

    def make(self) -> Element:
        """Write the list."""
        name = self.argument.strip()
        if name not in ADAPTERS:
            msg = f"divergences are of {', '.join(ADAPTERS)}, got {name!r}"
            raise BookError(msg)
        entries = divergences(name, "unknown")
        return tag("ul", *(self._item(entry) for entry in entries))

    def _item(self, entry: Divergence) -> Element:
        item = tag("li", tag("p", plain(f"{entry.reason}.")))
        if entry.example:
            item.append(tag("p", tag("code", plain(entry.example))))
        facts = tag("p", "Laws: ", self._laws(entry))
        said = [f"in {entry.versions.removeprefix('>=')} and later"]
        if most := at_most(entry):
            said.insert(0, f"off by at most {most}")
        facts[-1].tail = f" · {' · '.join(said)}"
        if entry.link:
            link = tag("a", plain(thread(entry.link)), href=entry.link)
            facts[-1].tail += " · "
            facts.append(link)
        item.append(facts)
        return item

    def _laws(self, entry: Divergence) -> Element:
        """Link the pages of the laws it breaks, with how many there are."""
        by_name = {page.name: page for page in concepts()}
        pages = Counter(_page(law) for law in entry.laws if law != ANY)
        known = "any, with " if pages else "any"
        made = tag("span", known) if ANY in entry.laws else tag("span")
        for name, count in pages.items():
            if name not in by_name:
                msg = f"a divergence breaks a law of {name}, which is no page"
                raise BookError(msg)
            between = ", " if len(made) else ""
            if between:
                made[-1].tail = f"{made[-1].tail or ''}{between}"
            link = page_link(self.context, by_name[name])
            link.tail = f" ({count})"
            made.append(link)
        return made


def _page(law: str) -> str:
    """Return the page of a law, from the file of its test."""
    file = PurePosixPath(law.partition("::")[0])
    return f"{file.parent.name}/{file.stem.removeprefix('test_')}"


def at_most(entry: Divergence) -> str:
    """Write how far off a divergence is."""
    parts = [f"{entry.absolute:g}"] if entry.absolute else []
    if entry.eps:
        parts.append(f"{entry.eps:g} eps")
    if entry.tiny:
        parts.append(f"{entry.tiny:g} times the smallest normal number")
    if entry.relative:
        large = entry.relative >= 0.01
        share = f"{entry.relative:.0%}" if large else f"{entry.relative:g}"
        parts.append(f"{share} of it")
    return " + ".join(parts)


def thread(link: str) -> str:
    """Name a public thread as its project does; another page by its host."""
    found = _THREAD.fullmatch(link)
    if found:
        return f"{found[1]}#{found[2]}"
    return re.sub(r"https?://([^/]+)/.*", r"\1", link)


BLOCKS = (DivergencesBlock,)
