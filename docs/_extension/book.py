"""What the book is made of: pages, their front matter, and where an error is."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

try:  # MkDocs reports a BuildError in one line; the book does not depend on MkDocs.
    from mkdocs.exceptions import BuildError as _StopError
except ModuleNotFoundError:  # pragma: no cover

    class _StopError(Exception):  # type: ignore[no-redef]  # the same role, another base
        """An error that ends the build."""


ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

PARTS = {
    "Groundwork": ("linear_algebra", "calculus", "probability", "statistics"),
    "Networks": ("activations", "losses", "layers", "backpropagation"),
    "Training": (
        "gradient_flow",
        "regularization",
        "initialization",
        "gradient_descent",
        "optimizers",
    ),
    "Practice": ("evaluation", "networks"),
}
CHAPTERS = tuple(chapter for part in PARTS.values() for chapter in part)

_FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)\n---\s*(?:\n|\Z)", re.S)


class BookError(_StopError):
    """The book cannot be built; the message says where and why."""


def known_chapter(name: str) -> str:
    """Return the name of a chapter, refusing any other."""
    if name not in CHAPTERS:
        msg = f"there is no chapter {name!r}; there are {', '.join(CHAPTERS)}"
        raise BookError(msg)
    return name


@dataclass(frozen=True)
class Page:
    """One Markdown file under ``docs/``.

    Attributes
    ----------
    path : str
        Path inside ``docs``, with forward slashes: ``activations/sigmoid.md``.
    meta : dict
        The front matter.
    source : str
        The whole file.
    """

    path: str
    meta: dict[str, Any]
    source: str = field(repr=False)

    @property
    def name(self) -> str:
        """The path without its suffix: ``activations/sigmoid``."""
        return self.path.removesuffix(".md")

    @property
    def title(self) -> str:
        """The title of the front matter, else the first heading, else the name."""
        heading = re.search(r"^# +(.+?)\s*(?:\{.*\})?$", self.source, re.M)
        return str(self.meta.get("title") or (heading[1] if heading else self.name))

    @property
    def description(self) -> str:
        """The one-sentence description of the front matter."""
        return str(self.meta.get("description", ""))

    @property
    def chapter(self) -> str | None:
        """The chapter of a concept page or a chapter index, else None."""
        first = self.path.split("/")[0]
        return first if first in CHAPTERS else None

    @property
    def is_concept(self) -> bool:
        """Whether this is a page of a chapter, other than its index."""
        return self.chapter is not None and not self.path.endswith("/index.md")

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the pages that the front matter asks to read first."""
        return tuple(self.meta.get("needs") or ())

    def line_of(self, text: str, start: int = 1) -> int | None:
        """Return the number of the first line from `start` that holds `text`."""
        for number, line in enumerate(self.source.split("\n"), 1):
            if number >= start and text in line:
                return number
        return None


def _read(path: Path) -> Page:
    source = path.read_text(encoding="utf-8")
    name = path.relative_to(DOCS).as_posix()
    found = _FRONT_MATTER.match(source)
    try:
        meta = yaml.safe_load(found[1]) if found else {}
    except yaml.YAMLError as error:
        msg = f"docs/{name}: the front matter is not YAML: {error}"
        raise BookError(msg) from None
    if not isinstance(meta, dict):
        msg = f"docs/{name}: the front matter must be a table, got {meta!r}"
        raise BookError(msg)
    return Page(name, meta, source)


@lru_cache(maxsize=2)
def _pages(stamp: tuple[tuple[str, int], ...]) -> tuple[Page, ...]:
    return tuple(_read(Path(name)) for name, _ in stamp)


def _stamp(paths: Iterable[Path]) -> tuple[tuple[str, int], ...]:
    return tuple((str(path), path.stat().st_mtime_ns) for path in sorted(paths))


def pages() -> tuple[Page, ...]:
    """Every page of the book, read again when a file has changed."""
    files = (
        path
        for path in DOCS.rglob("*.md")
        if not any(
            part.startswith(("_", ".")) for part in path.relative_to(DOCS).parts[:-1]
        )
    )
    return _pages(_stamp(files))


def body(source: str) -> str:
    """Return what stands below the front matter, as a site generator passes it on."""
    return _FRONT_MATTER.sub("", source, count=1).strip()


def page_of(text: str) -> Page | None:
    """Find the page whose body is `text`; None for a docstring or a fragment."""
    wanted = text.replace("\r\n", "\n").strip()
    if not wanted.startswith("# "):  # as every page does, and hardly anything else
        return None
    return next((page for page in pages() if body(page.source) == wanted), None)


def _nav() -> dict[str, int]:
    """Place of each page in the navigation of ``mkdocs.yml``."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^ +- (\w+/\w+)\.md$", text, re.M)
    return {name: place for place, name in enumerate(listed)}


def concepts() -> tuple[Page, ...]:
    """Concept pages in the order of the navigation; those it lacks come last."""
    nav = _nav()
    found = {page.name: page for page in pages() if page.is_concept}
    for page in found.values():
        _refuse_circle(page, found, ())
    return tuple(
        sorted(
            found.values(), key=lambda page: (nav.get(page.name, len(nav)), page.name)
        )
    )


def _refuse_circle(page: Page, found: dict[str, Page], above: tuple[str, ...]) -> None:
    if page.name in above:
        circle = " needs ".join((*above[above.index(page.name) :], page.name))
        msg = f"docs/{page.path}: the pages need each other: {circle}"
        raise BookError(msg)
    for need in page.needs:
        if need in found:
            _refuse_circle(found[need], found, (*above, page.name))


def unlocks(page: Page) -> tuple[Page, ...]:
    """Concept pages that need this one."""
    return tuple(other for other in concepts() if page.name in other.needs)


@dataclass
class Context:
    """Which page is being converted; shared by the blocks of one conversion.

    In a draft, pages that are needed may be missing.
    """

    page: Page | None = None
    draft: bool = False

    def error(self, message: str, near: str = "") -> BookError:
        """Make an error that names the page and the line of the text `near`.

        A message that names a file already is kept as it is.
        """
        if self.page is None or message.startswith(f"docs/{self.page.path}"):
            return BookError(message)
        first = near.strip().split("\n")[0]
        line = self.page.line_of(first) if first else None
        place = f"docs/{self.page.path}" + (f":{line}" if line else "")
        return BookError(f"{place}: {message}")

    def link(self, page: Page | str, anchor: str = "") -> str:
        """Relative link to a page, as one writes it in Markdown."""
        target = page.path if isinstance(page, Page) else page
        here = posixpath.dirname(self.page.path) if self.page else ""
        if self.page and self.page.path == target and anchor:
            return f"#{anchor}"
        link = posixpath.relpath(target, here or ".")
        return f"{link}#{anchor}" if anchor else link
