"""The blocks of the page on who catches what: counts and verdicts from the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docs._extension.blocks import BookBlock
from docs._extension.book import CHAPTERS, BookError, pages
from docs._extension.html import Element, plain, table, tag
from docs._extension.sensitivity import (
    CHECKERS,
    chapter_of,
    count,
    data,
    what_is_wrong,
)
from docs._extension.sensitivity.defects import DEFECTS, KINDS

__all__ = ["BLOCKS", "REASONS", "SensitivityBlock", "reason"]

Cells = list[Element | str]
Rows = list[dict[str, Any]]


class SensitivityBlock(BookBlock):
    """``/// sensitivity | planted``: one of the tables of the page."""

    NAME = "sensitivity"
    ARGUMENT = True

    def make(self) -> Element:
        """Write the table that is asked for."""
        name = self.argument.strip()
        if name not in TABLES:
            message = f"sensitivity is {', '.join(TABLES)}, got {name!r}"
            raise BookError(message)
        return TABLES[name]()


# ------------------------------------------------------------------------------ totals


def _summary() -> Element:
    """Every checker with its totals, of what it could be asked and of everything."""
    planted, defects = data()["planted"], data()["defects"]
    rows: list[Cells] = []
    for checker, name in CHECKERS.items():
        cells: Cells = [tag("code", plain(name))]
        for found in (planted, defects):
            total = count(found, checker)
            cells += [plain(str(total)), plain(total.of_all)]
        rows.append(cells)
    head = ["checker", "planted faults", f"of all {len(planted):,}"]
    head += ["generated defects", f"of all {len(defects):,}"]
    return table(head, rows, label="What each checker catches")


def _controls() -> Element:
    return _counted(
        "checker asked about", [["no defect", *_counts(data()["controls"])]]
    )


def _kinds() -> Element:
    rows = [
        [title, *_counts(r for r in data()["defects"] if r["defect"] in names)]
        for title, names in _by_kind()
    ]
    return _counted("kind of defect", rows)


def _defects() -> Element:
    """Every defect, a folded table a kind."""
    texts = {defect.name: defect.text for defect in DEFECTS}
    made = tag("div")
    for title, names in _by_kind():
        rows = [[texts[name], *_counts(_of(name))] for name in names]
        made.append(_folded(title, _counted("defect", rows)))
    return made


def _by_kind() -> list[tuple[str, list[str]]]:
    return [
        (title, [defect.name for defect in DEFECTS if defect.kind == kind])
        for kind, title in KINDS.items()
    ]


def _of(defect: str) -> Rows:
    return [row for row in data()["defects"] if row["defect"] == defect]


def _counts(rows: Iterable[dict[str, Any]]) -> list[str]:
    found = list(rows)
    return [str(count(found, checker)) for checker in CHECKERS]


def _counted(first: str, rows: list[list[str]]) -> Element:
    cells: list[Cells] = [[plain(cell) for cell in row] for row in rows]
    head = [first, *CHECKERS.values()]
    return _dense(table(head, cells, label=f"Caught, by {first}"))


def _dense(made: Element) -> Element:
    """Set a table in small type, for five columns on a phone."""
    made.set("class", "scroll glance")
    return made


def _folded(title: str, content: Element) -> Element:
    return tag("details", tag("summary", plain(title)), content, class_="contract")


# ------------------------------------------------------------------------- every case


def _planted() -> Element:
    """All planted faults, a folded table a chapter."""
    indexes = (page for page in pages() if page.path.endswith("/index.md"))
    titles = {page.chapter: page.title for page in indexes}
    made = tag("div")
    for chapter in CHAPTERS:
        rows = [r for r in data()["planted"] if chapter_of(r["fault"]) == chapter]
        if not rows:
            continue
        cells: list[Cells] = [
            [_fault(row), *(_verdict(row[checker]) for checker in CHECKERS)]
            for row in rows
        ]
        title = f"{titles.get(chapter, chapter)}: {len(rows)} faults"
        head = ["fault", *CHECKERS.values()]
        made.append(_folded(title, _dense(table(head, cells, label=title))))
    return made


def _fault(row: dict[str, Any]) -> Element:
    names = tag("code", plain(", ".join(row["functions"])))
    return tag("span", plain(f"{what_is_wrong(row['fault'])} "), names)


def _verdict(verdict: str) -> Element | str:
    if verdict == "missed":
        return tag("span", plain("missed"), class_="chip refuted")
    return plain("—" if verdict == "-" else verdict)


def _missed() -> Element:
    """Write what ours misses, reason by reason."""
    made = tag("div")
    lists: dict[str, Element] = {}
    for defect in DEFECTS:
        rows = _of(defect.name)
        missed = [row for row in rows if row["ours"] == "missed"]
        if not missed:
            continue
        why = reason(defect.name)
        if why not in lists:
            lists[why] = tag("ul")
            made.append(tag("p", why))
            made.append(lists[why])
        names = sorted({_wrong(row) for row in missed})
        total = f"missed in {len(missed)} of {len(rows)} pairs"
        if strict := sum(bool(row["contract"]) for row in missed):
            total += f", {strict} of them caught by the contract"
        lists[why].append(
            tag(
                "li",
                tag("strong", plain(defect.text)),
                plain(f", {total}: "),
                tag("code", plain(", ".join(names))),
            )
        )
    return made


def _wrong(row: dict[str, Any]) -> str:
    """Name what is wrong: one function, or both of a pair."""
    return " and ".join(row["functions"])


_ROUNDING = (
    "A few units in the last place: laws allow what rounding may cost a right "
    "implementation, and for a whole network that is more."
)
_SINGLE = (
    "The law that compares float32 with float64 is one of the contract there: which "
    "formats the network offers cannot be told from its arguments."
)

# What ours misses, and why: what has no reason here stops the build.
REASONS = {
    **{f"{place}_1e-14": _ROUNDING for place in ("gradient", "function", "both")},
    **{f"{place}_1e-15": _ROUNDING for place in ("gradient", "function", "both")},
    "float32": _SINGLE,
    "gradient_float32": _SINGLE,
}


def reason(defect: str) -> str:
    """Say why ours misses a defect in some functions."""
    if defect not in REASONS:
        message = f"{defect} is missed, and nobody has said why: add it to REASONS"
        raise BookError(message)
    return REASONS[defect]


# ------------------------------------------------------------------------- how it was


def _parameters() -> Element:
    settings = data()["parameters"]
    rows: list[Cells] = [
        [tag("code", plain(name)), tag("code", plain(_written(settings[checker])))]
        for checker, name in CHECKERS.items()
    ]
    rows.append(
        [plain("random inputs"), tag("code", plain(f"seed={settings['seed']}"))]
    )
    return table(["checker", "settings"], rows, label="Settings of the checkers")


def _written(options: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in options.items())


def _versions() -> Element:
    rows: list[Cells] = [
        [plain(name), plain(version)] for name, version in data()["versions"].items()
    ]
    return table(["library", "version"], rows, label="What took part")


TABLES = {
    "summary": _summary,
    "controls": _controls,
    "kinds": _kinds,
    "defects": _defects,
    "planted": _planted,
    "missed": _missed,
    "parameters": _parameters,
    "versions": _versions,
}

BLOCKS = (SensitivityBlock,)
