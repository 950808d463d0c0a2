"""Which variant libraries follow: asked by one command, kept in a file, on a page.

``python -m docs._extension.variants`` asks every library that is installed, by its own
defaults, and writes `docs/reference/variants.json`; with names, only those are asked
again. The page shows what the file holds; the numbers beside it are computed from the
variants while the book is built.
"""

from __future__ import annotations

import json
import platform
import re
import sys
import tempfile
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from markdown.extensions.toc import slugify
from pymdownx.blocks.block import type_string

import reference
from docs._extension import separations
from docs._extension.blocks import BookBlock
from docs._extension.book import ROOT, BookError
from docs._extension.html import Element, Options, plain, table, tag
from docs._extension.separations import Separation, asked, followers, separation
from reference.conformance.cli import main as lemmata
from reference.conformance.identify_report import as_text
from reference.conformance.identify_run import ask
from reference.conformance.variants import Variant, families

__all__ = [
    "LIBRARIES",
    "AskedBlock",
    "ConventionsBlock",
    "IdentifiedBlock",
    "VariantsBlock",
    "update",
]

LIBRARIES = ("torch", "keras", "jax", "optax", "numpy", "scipy", "sklearn", "mygrad")


def _ask(library: str, folder: Path) -> dict[str, Any] | None:
    """Ask one library; None if it cannot be loaded."""
    path = folder / "report.json"
    path.unlink(missing_ok=True)
    lemmata(["identify", library, "--report", str(path)])
    if not path.exists():
        return None
    report = json.loads(path.read_text(encoding="utf-8"))
    found: dict[str, dict[str, Any]] = {}
    for answer in report["answers"]:
        if answer["verdict"] == "finding":
            message = f"{library}:{answer['label']}: {answer['findings']}"
            raise BookError(message)
        names = [variant["name"] for variant in answer["variants"]]
        kept = names if len(names) > 1 else (names or [None])[0]
        found.setdefault(answer["family"], {})[answer["label"]] = kept
    return {
        "version": report["version"],
        "lemmata": reference.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "families": {name: dict(sorted(found[name].items())) for name in sorted(found)},
    }


def update(libraries: list[str]) -> None:
    """Ask libraries and put their answers into the file."""
    path = separations.DATA
    content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        for library in libraries:
            answers = _ask(library, Path(folder))
            if answers:
                content[library] = answers
    order = [name for name in LIBRARIES if name in content]
    text = json.dumps({n: content[n] for n in order}, indent=1, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")


class VariantsBlock(BookBlock):
    """``/// variants | gelu``: who follows which variant, and what it does."""

    NAME = "variants"
    ARGUMENT = True
    OPTIONS: ClassVar[Options] = {"input": ("", type_string)}

    def make(self) -> Element:
        """Write the table, and the variants that nobody asked follows."""
        names = self.argument.split()
        known = families()
        if unknown := [name for name in names if name not in known]:
            message = f"there is no family {unknown[0]!r}; there are {', '.join(known)}"
            raise BookError(message)
        family = known[names[0]]
        following = followers(names)
        shown = [v for v in family.variants if following.get(v.name)]
        separated = separation(names[0], self.options["input"])
        gives = separated.among([v.name for v in shown])
        rows: list[list[Element | str]] = [
            [_variant(v), _names(following[v.name]), plain(gives[v.name])]
            for v in shown
        ]
        if strangers := following.get(None):
            none = tag("span", plain("none of these"), class_="variant")
            rows.append([none, _names(strangers), ""])
        label = f"{family.title}: variants"
        parts = [
            tag("p", plain(f"Input: {separated.sentence}."), class_="probe"),
            table(["variant", "followed by", "gives"], rows, label=label),
        ]
        rest = [v for v in family.variants if v not in shown]
        if rest:
            parts.append(_others(rest, separated))
        return tag("div", *parts, class_="variants")


def _variant(variant: Variant) -> Element:
    return tag(
        "span",
        tag("a", plain(variant.name), href=variant.link),
        tag("small", plain(variant.note)),
        class_="variant",
    )


def _names(libraries: dict[str, list[str]]) -> Element:
    parts = [
        tag("span", plain(f"{library} "), _code(function))
        for library, functions in libraries.items()
        for function in functions
    ]
    return tag("span", *parts, class_="followers")


def _code(name: str) -> Element:
    """Write a name that may break behind its underscores and brackets."""
    pieces = re.split(r"(?<=[_(])", name)
    breaks = [part for piece in pieces[1:] for part in (tag("wbr"), plain(piece))]
    return tag("code", plain(pieces[0]), *breaks)


def _others(variants: list[Variant], separated: Separation) -> Element:
    count = len(variants)
    title = f"{count} more that `identify` knows" if count > 1 else "One more"
    items = [
        tag(
            "li",
            tag("a", plain(variant.name), href=variant.link),
            plain(f" ({variant.follows}): {variant.note}. "),
            plain(f"Gives {separated.results[variant.name]}."),
        )
        for variant in variants
    ]
    return tag("details", tag("summary", title), tag("ul", *items))


class AskedBlock(BookBlock):
    """``/// asked``: which libraries were asked, in which version."""

    NAME = "asked"

    def make(self) -> Element:
        """Write a table of versions."""
        rows: list[list[Element | str]] = [
            [
                plain(library),
                plain(answers["version"]),
                plain(str(sum(len(f) for f in answers["families"].values()))),
                plain(f"{answers['python']}, {answers['numpy']}"),
            ]
            for library, answers in asked().items()
        ]
        head = ["library", "version", "functions", "Python, NumPy"]
        return table(head, rows, label="Libraries that were asked")


class ConventionsBlock(BookBlock):
    """``/// conventions``: a row for each family, a column for each library."""

    NAME = "conventions"

    def make(self) -> Element:
        """Write the table."""
        titles = [family.title for family in families().values()]
        rows: list[list[Element | str]] = []
        for name, family in sorted(families().items(), key=lambda f: f[1].title):
            own = titles.count(family.title) == 1
            text = family.title if own else f"{family.title}: {name.replace('_', ' ')}"
            link = tag("a", plain(text), href=f"#{slugify(family.title, '-')}")
            cells = [
                plain(_told(found["families"].get(name, {})))
                for found in asked().values()
            ]
            rows.append([link, *cells])
        made = table(["concept", *asked()], rows, label="Variants by library")
        return tag("div", made, class_="conventions")


def _told(functions: dict[str, Any]) -> str:
    """Name the variants that a library's functions follow."""
    if not functions:
        return "—"
    named = [name for kept in functions.values() for name in _listed(kept)]
    return "; ".join(dict.fromkeys(named))


def _listed(kept: Any) -> list[str]:
    return kept if isinstance(kept, list) else [kept or "none of these"]


class IdentifiedBlock(BookBlock):
    """``/// identified | docs/examples/my_functions.py``: what the command prints."""

    NAME = "identified"
    ARGUMENT = True

    def make(self) -> Element:
        """Run the command."""
        path = ROOT / self.argument.strip()
        if not path.is_file():
            message = f"there is no file {self.argument.strip()}"
            raise BookError(message)
        text = as_text(ask(str(path)).answers, "")
        code = tag("code", plain(text))
        return tag("div", tag("pre", code), class_="highlight")


BLOCKS = (VariantsBlock, AskedBlock, ConventionsBlock, IdentifiedBlock)

if __name__ == "__main__":
    update(sys.argv[1:] or list(LIBRARIES))
