"""Small pieces of HTML as elements, so that links and ids stay visible to checks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from markdown.util import AtomicString

__all__ = ["Element", "Options", "plain", "slug", "table", "tag"]

# What a block declares of its options: a default, and how to read a value.
Options = dict[str, tuple[Any, Callable[[Any], Any]]]


def _joined(before: str | None, text: str) -> str:
    return text if before is None else before + text


def tag(name: str, *children: Element | str, **attributes: str | None) -> Element:
    """Make an element. Strings are Markdown text; wrap them in `plain` if not.

    ``class_`` stands for ``class``, ``for_`` for ``for``; underscores in the middle
    of a name become hyphens; an attribute that is None is left out.
    """
    made = Element(name)
    for key, value in attributes.items():
        if value is not None:
            made.set(key.rstrip("_").replace("_", "-"), value)
    last: Element | None = None
    for child in children:
        if isinstance(child, Element):
            made.append(child)
            last = child
        elif last is None:
            made.text = _joined(made.text, child)
        else:
            last.tail = _joined(last.tail, child)
    return made


def plain(text: str) -> AtomicString:
    """Text in which nothing is Markdown."""
    return AtomicString(text)


def slug(title: str) -> str:
    """Turn a title into an anchor."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def table(head: list[str], rows: list[list[Element | str]], *, label: str) -> Element:
    """Make a table whose first cell of each row is the row's header."""
    body = [
        tag(
            "tr",
            *(
                tag("th" if n == 0 else "td", cell, scope="row" if n == 0 else None)
                for n, cell in enumerate(row)
            ),
        )
        for row in rows
    ]
    top = tag("tr", *(tag("th", cell, scope="col") for cell in head))
    return tag(
        "div",
        tag("table", tag("thead", top), tag("tbody", *body), class_="tabular"),
        class_="scroll",
        role="group",
        aria_label=label,
    )
