"""The museum of real bugs: read from tables, judged by one command, shown on a page.

Each entry of `docs/reference/museum/<chapter>.toml` is a defect that a public thread
documents, with a planted fault that has the same defect. ``python -m
docs._extension.museum`` judges those faults by the laws of their concepts and writes
`docs/reference/museum.json`: those that are new or have changed, those that are named,
or with ``--all`` all of them. The page shows what both files hold.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sys
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pymdownx.highlight import Highlight

from docs._extension import sources
from docs._extension.blocks import BookBlock
from docs._extension.book import CHAPTERS, ROOT, BookError, Page, pages
from docs._extension.html import Element, plain, slug, table, tag

__all__ = [
    "DATA",
    "FAULTS",
    "TABLES",
    "Bug",
    "MuseumBlock",
    "MuseumIndexBlock",
    "MuseumNumbersBlock",
    "bugs",
    "caught",
    "exercise",
    "fingerprint",
    "found",
    "judged",
    "room",
    "stale",
]

TABLES = ROOT / "docs" / "reference" / "museum"
DATA = ROOT / "docs" / "reference" / "museum.json"
FAULTS = ROOT / "tests" / "faults"

# A call that is longer than that is shown only if no other law fails.
LONGEST = 120

# Beyond that a number of ulps only says that no digit is right.
MOST_ULPS = 1e9

_TEXTS = ("title", "where", "link", "fault", "story", "lesson", "status")
_OPTIONAL = ("also", "law", "again")
_LINK = re.compile(r"https://github\.com/([\w.-]+/([\w.-]+))/(?:issues|pull)/(\d+)")
_STATUS = re.compile(r"(fixed|open|documented|closed)\b")


@dataclass(frozen=True)
class Bug:
    """One entry.

    Attributes
    ----------
    chapter : str
        The table it stands in.
    title, where, link, fault, story, lesson, status : str
        As written there. `link` is a thread on GitHub, `fault` the stem of a file in
        `tests/faults`, `status` starts with *fixed*, *open*, *documented* or *closed*.
    year : int
        The year of the thread.
    also : tuple of str
        Other threads about the same defect.
    law : str
        The law to show, if not the first one that finds a wrong value: the name of
        its test.
    again : str
        Why this fault stands in the museum more than once.
    """

    chapter: str
    title: str
    where: str
    year: int
    link: str
    fault: str
    story: str
    lesson: str
    status: str
    also: tuple[str, ...] = ()
    law: str = ""
    again: str = ""

    @property
    def state(self) -> str:
        """The first word of `status`."""
        match = _STATUS.match(self.status)
        return match[1] if match else ""

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return slug(self.title)


def thread(link: str) -> str:
    """Name a thread as people do: ``pytorch#113708``."""
    match = _LINK.fullmatch(link)
    if match is None:
        msg = f"{link!r} is no issue or pull request on GitHub"
        raise BookError(msg)
    return f"{match[2]}#{match[3]}"


def _bug(file: str, chapter: str, entry: dict[str, Any]) -> Bug:
    place = f"{file}, entry {entry.get('title', '(no title)')!r}"
    for key in _TEXTS:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            msg = f"{place}: {key!r} is missing"
            raise BookError(msg)
    unknown = sorted(set(entry) - {*_TEXTS, *_OPTIONAL, "year"})
    if unknown:
        msg = f"{place}: unknown key {unknown[0]!r}"
        raise BookError(msg)
    if type(entry.get("year")) is not int or not 2000 <= entry["year"] <= 2100:
        msg = f"{place}: year must be a year, got {entry.get('year')!r}"
        raise BookError(msg)
    if not _STATUS.match(entry["status"]):
        msg = f"{place}: status must start with fixed, open, documented or closed"
        raise BookError(msg)
    if not (FAULTS / f"{entry['fault']}.py").is_file():
        msg = f"{place}: there is no tests/faults/{entry['fault']}.py"
        raise BookError(msg)
    also = tuple(entry.get("also", ()))
    for link in (entry["link"], *also):
        thread(link)
    return Bug(
        chapter=chapter,
        year=entry["year"],
        also=also,
        law=entry.get("law", ""),
        again=entry.get("again", ""),
        **{key: entry[key].strip() for key in _TEXTS},
    )


@lru_cache(maxsize=2)
def _bugs(stamp: tuple[tuple[Path, int], ...]) -> tuple[Bug, ...]:
    read: list[Bug] = []
    for path, _ in stamp:
        file = path.relative_to(ROOT).as_posix()
        if path.stem not in CHAPTERS:
            msg = f"{file}: a table is named for a chapter: {', '.join(CHAPTERS)}"
            raise BookError(msg)
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            msg = f"{file}: {error}"
            raise BookError(msg) from None
        read += [_bug(file, path.stem, entry) for entry in data.get("bug", ())]
    return tuple(sorted(read, key=lambda bug: CHAPTERS.index(bug.chapter)))


def bugs() -> tuple[Bug, ...]:
    """Return every entry, in the order of the chapters and tables."""
    files = sorted(TABLES.glob("*.toml"))
    return _bugs(tuple((path, path.stat().st_mtime_ns) for path in files))


# ------------------------------------------------------------------------- judging


def fingerprint(fault: str) -> str:
    """Return the hash of a fault's file."""
    content = (FAULTS / f"{fault}.py").read_text(encoding="utf-8")
    return hashlib.sha256(content.encode()).hexdigest()


def judged(fault: str) -> dict[str, Any]:
    """Judge one fault by the laws of mathematics of its concept."""
    # What is needed to judge is not needed to build the book.
    from reference.conformance.laws import chapters
    from reference.conformance.request import Request
    from reference.conformance.worker import judge

    concept = fault.partition("__")[0]
    paths = [folder / f"test_{concept}.py" for folder in chapters()]
    events: list[dict[str, Any]] = []
    request = Request(
        str(FAULTS / f"{fault}.py"),
        profile="quick",
        level="mathematics",
        paths=[str(path) for path in paths if path.is_file()],
    )
    judge(request, events.append)
    trouble = [e["reason"] for e in events if e["event"] in ("unloadable", "broken")]
    if trouble:
        msg = f"{fault} cannot be judged: {trouble[0]}"
        raise BookError(msg)
    results = [e for e in events if e["event"] == "result"]
    return {
        "fault": fault,
        "sha256": fingerprint(fault),
        "asked": sum(e["outcome"] in ("holds", "fails") for e in results),
        "failed": [
            {
                "law": e["law"]["id"],
                "page": e["law"]["page"],
                **_evidence(e["failure"]),
            }
            for e in results
            if e["outcome"] == "fails"
        ],
    }


def _evidence(failure: dict[str, Any]) -> dict[str, Any]:
    """Keep what a reader is shown of a failure."""
    ulps = failure["ulps"]
    kept = {
        "cause": failure["cause"],
        "calls": list(failure["calls"]),
        "got": failure["got"],
        "expected": failure["expected"],
        "ulps": round(ulps) if ulps is not None and ulps <= MOST_ULPS else None,
    }
    if not kept["got"] and len(kept["calls"]) == 1:
        # The law compares no numbers: what the call returns must speak for itself.
        kept |= {"got": " ".join(failure["returned"]), "expected": failure["ours"]}
    return kept


def stale() -> list[str]:
    """Name the faults that are not in the file as they are now."""
    kept = {one["fault"]: one["sha256"] for one in _kept()}
    faults = sorted({bug.fault for bug in bugs()})
    return [fault for fault in faults if kept.get(fault) != fingerprint(fault)]


def _kept() -> list[dict[str, Any]]:
    return list(json.loads(DATA.read_text("utf-8"))) if DATA.exists() else []


def update(names: list[str]) -> None:
    """Judge faults, and put what becomes of them into the file."""
    wanted = sorted({bug.fault for bug in bugs()})
    new = {}
    door, sys.stdout = sys.stdout, sys.stderr  # pytest talks
    try:
        for fault in wanted if names == ["--all"] else names or stale():
            new[fault] = judged(fault)
            failed = len(new[fault]["failed"])
            print(f"{fault}: {failed} of {new[fault]['asked']} laws fail", file=door)
    finally:
        sys.stdout = door
    known = {one["fault"]: one for one in _kept()}
    known |= {fault: _slim(judgment) for fault, judgment in new.items()}
    kept = [known[fault] for fault in wanted if fault in known]
    DATA.write_text(f"{json.dumps(kept, indent=1)}\n", encoding="utf-8")


def _slim(judgment: dict[str, Any]) -> dict[str, Any]:
    """Keep the evidence of the failures that the page shows, and the law of others."""
    if not judgment["failed"]:
        return judgment
    kept = [choose(judgment, bug) for bug in bugs() if bug.fault == judgment["fault"]]
    failed = [
        one if one in kept else {"law": one["law"], "page": one["page"]}
        for one in judgment["failed"]
    ]
    return {**judgment, "failed": failed}


@lru_cache(maxsize=2)
def _found(_stamp: int) -> dict[str, dict[str, Any]]:
    return {found["fault"]: found for found in _kept()}


def found(fault: str) -> dict[str, Any]:
    """Return what became of a fault, as the file says."""
    known = _found(DATA.stat().st_mtime_ns)
    if fault not in known:
        msg = f"{fault} is not in museum.json: python -m docs._extension.museum"
        raise BookError(msg)
    return known[fault]


def choose(judgment: dict[str, Any], bug: Bug) -> dict[str, Any]:
    """Choose a failure: of the law asked for, else the first short one with a value."""
    failed = [f for f in judgment["failed"] if "calls" in f]
    if bug.law:
        failed = [f for f in failed if _test(f["law"]) == bug.law]
    if not failed:
        msg = f"{bug.fault} breaks no law {bug.law}".rstrip()
        raise BookError(msg)
    told = [f for f in failed if f["got"]] or failed
    short = [f for f in told if len(" ".join(f["calls"])) <= LONGEST]
    return short[0] if short else min(told, key=lambda f: len(" ".join(f["calls"])))


def _test(law: str) -> str:
    """Name the test of a law, without its parameters."""
    return law.partition("::")[2].partition("[")[0]


def caught() -> tuple[Bug, ...]:
    """Return the entries whose fault breaks at least one law of mathematics."""
    return tuple(bug for bug in bugs() if found(bug.fault)["failed"])


# ----------------------------------------------------------------------- the page


def exercise(fault: str) -> str:
    """Return a fault's code without its first sentence, which gives it away."""
    code = (FAULTS / f"{fault}.py").read_text(encoding="utf-8")
    first = ast.parse(code).body[0]
    return "\n".join(code.splitlines()[first.end_lineno :]).strip()


def room(chapter: str) -> Page:
    """Return the page that shows the entries of a chapter."""
    shown = re.compile(rf"^/{{3,}} museum \|.*\b{chapter}\b", re.M)
    found = [page for page in pages() if shown.search(page.source)]
    if len(found) != 1:
        msg = f"the bugs of {chapter} must be shown on one page, not on {len(found)}"
        raise BookError(msg)
    return found[0]


def _title(chapter: str) -> str:
    titles = {page.path: page.title for page in pages()}
    return titles.get(f"{chapter}/index.md", chapter)


class MuseumBlock(BookBlock):
    """``/// museum | layers networks``: every entry of some chapters."""

    NAME = "museum"
    ARGUMENT = True

    def make(self) -> Element:
        """Lay the entries out so that they read without scripts."""
        made = tag("div", class_="museum")
        for chapter in self.argument.split():
            listed = [bug for bug in bugs() if bug.chapter == chapter]
            if not listed:
                msg = f"the museum has no bugs of {chapter!r}"
                raise BookError(msg)
            made.append(tag("h2", plain(_title(chapter)), id=chapter))
            made.extend(self._entry(bug) for bug in listed)
        return made

    def _entry(self, bug: Bug) -> Element:
        title = tag("h3", bug.title, id=bug.anchor)
        links = [
            tag("a", plain(thread(link)), href=link) for link in (bug.link, *bug.also)
        ]
        head = tag("p", plain(f"{bug.where}, {bug.year} · "), class_="thread")
        for link in links:
            link.tail = plain(" · " if link is links[-1] else ", ")
            head.append(link)
        word = bug.state
        rest = bug.status.removeprefix(word).lstrip(", ")
        head.append(tag("span", plain(word), class_=f"chip {_CHIPS[word]}"))
        head.append(tag("span", f" {rest}" if rest else ""))
        made = tag("section", title, head, tag("p", bug.story), class_="bug")
        made.set("aria-labelledby", bug.anchor)
        made.append(
            tag(
                "details",
                tag("summary", plain("The defect in NumPy")),
                self._code(exercise(bug.fault)),
                class_="answer",
            )
        )
        made.append(self._caught(bug))
        made.append(tag("p", tag("strong", plain("Lesson.")), f" {bug.lesson}"))
        return made

    def _code(self, code: str) -> Element:
        """Show code, highlighted like any other code of the book."""
        painter = Highlight(use_pygments=True, md=self.md)
        painted = painter.highlight(code, "python")
        return tag("div", plain(self.md.htmlStash.store(painted)))

    def _caught(self, bug: Bug) -> Element:
        """Say which law catches the fault, with the smallest input."""
        all_failed = found(bug.fault)
        one = choose(all_failed, bug)
        made = tag("div", class_="caught")
        page = one["page"]
        law = next(law for law in sources.laws(page) if law.name == _test(one["law"]))
        failed, asked = len(all_failed["failed"]), all_failed["asked"]
        fail = "fails" if failed == 1 else "fail"
        more = f" Of the {asked} laws that were asked, {failed} {fail}."
        made.append(
            tag(
                "p",
                tag("strong", plain("Caught by the law")),
                " “",
                tag("a", law.sentence, href=self.context.link(f"{page}.md")),
                plain(f"”.{more}"),
            )
        )
        made.append(_evidence_list(one))
        return made


_CHIPS = {
    "fixed": "holds",
    "open": "refuted",
    "documented": "convention",
    "closed": "convention",
}


def _number(text: str) -> str:
    """Write a number without the name of its type."""
    return re.sub(r"^np\.(?:float|int)\d+\((.*)\)$", r"\1", text)


def _evidence_list(one: dict[str, Any]) -> Element:
    """Show the calls, what came out, and what should have."""
    entries: list[tuple[str, str, str]] = [
        ("input", call, ", then" if call != one["calls"][-1] else "")
        for call in one["calls"]
    ]
    if one["got"]:
        off = f" ({one['ulps']:,} ulp off)" if one["ulps"] else ""
        entries += [
            ("got", _number(one["got"]), off),
            ("expected", _number(one["expected"]), ""),
        ]
    made = tag("dl")
    for word, code, note in entries:
        made.append(tag("dt", plain(word)))
        made.append(tag("dd", tag("code", plain(code)), plain(note)))
    if not one["got"]:
        made.append(tag("dt", plain("finding")))
        made.append(tag("dd", plain(f"{one['cause']}.")))
    return made


class MuseumIndexBlock(BookBlock):
    """``/// museum-index``: all entries in one table, with a link to each."""

    NAME = "museum-index"

    def make(self) -> Element:
        """List title, project, year and state."""
        rows: list[list[Element | str]] = [
            [
                tag(
                    "a",
                    bug.title,
                    href=self.context.link(room(bug.chapter), bug.anchor),
                ),
                plain(bug.where),
                plain(str(bug.year)),
                tag("span", plain(bug.state), class_=f"chip {_CHIPS[bug.state]}"),
                plain(_title(bug.chapter)),
            ]
            for bug in bugs()
        ]
        head = ["Bug", "Project", "Year", "State", "Chapter"]
        return tag(
            "div",
            table(head, rows, label="All bugs of the museum"),
            class_="index bugs",
        )


class MuseumNumbersBlock(BookBlock):
    """``/// museum-numbers``: how many bugs there are, and how many are caught."""

    NAME = "museum-numbers"

    def make(self) -> Element:
        """Write one line."""
        listed = bugs()
        projects = len({bug.where for bug in listed})
        threads = len({link for bug in listed for link in (bug.link, *bug.also)})
        stands_open = sum(bug.state == "open" for bug in listed)
        words = (
            f"{len(listed)} bugs of {projects} projects, from {threads} public "
            f"threads. {len(caught())} of {len(listed)} are caught by a law of "
            f"mathematics. {stands_open} threads were still open when they were read."
        )
        return tag("p", tag("strong", plain(words)))


BLOCKS = (MuseumBlock, MuseumIndexBlock, MuseumNumbersBlock)

if __name__ == "__main__":
    update(sys.argv[1:])
