"""What a run means: which laws fail of what cause, and which of them count."""

import ast
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata

import reference
from reference.conformance.known import Divergence, divergences
from reference.conformance.results import Result, Run
from reference.conformance.witness import Failure

__all__ = ["COLUMNS", "Cause", "Report", "changed", "page_address", "snippet"]

# How a law can stand, in the order of the table.
COLUMNS = ("holds", "fails", "known", "departs", "not offered", "not judged")

# Ways of being wrong that have one cause when one function shows them.
FAMILY = {"zero": "value", "law": "value", "infinity": "nan"}


@dataclass(frozen=True)
class Cause:
    """Failures of one function in one way; the first of them tells it best."""

    results: tuple[Result, ...]

    @property
    def failure(self) -> Failure:
        """What is shown of it."""
        failure = self.results[0].failure
        if failure is None:
            msg = "only failures have a cause"
            raise ValueError(msg)
        return failure


class Report:
    """What a run means.

    Attributes
    ----------
    run : Run
        The run.
    profile : str
        How thoroughly was looked.
    strict : bool
        Whether departures and known divergences count.
    fails, departs : list of Cause
        What breaks mathematics, and what only departs from the contract.
    known : list of (Divergence, list of Result)
        What is known about the library, and shows.
    stale : list of Divergence
        What is said to be known and did not show.
    """

    def __init__(self, run: Run, *, profile: str, strict: bool) -> None:
        self.run, self.profile, self.strict = run, profile, strict
        failed = [r for r in run.results.values() if r.outcome == "fails"]
        entries = divergences(run.target, run.version)
        self.known = [(e, [r for r in failed if _excuses(e, r)]) for e in entries]
        excused = {r.law.id for _, results in self.known for r in results}
        self.stale = [e for e, found in self.known if not found and _was_run(e, run)]
        self.known = [(entry, found) for entry, found in self.known if found]
        rest = [r for r in failed if r.law.id not in excused]
        self.fails = _causes(r for r in rest if r.law.level == "mathematics")
        self.departs = _causes(r for r in rest if r.law.level == "contract")
        self._excused = excused

    @property
    def code(self) -> int:
        """The exit status of the command."""
        if self.run.interrupted:
            return 130
        strictly = self.strict and (self.departs or self.known)
        return 1 if self.fails or strictly else 0

    def standing(self, result: Result) -> str:
        """Return the column of the table that a result is counted in."""
        if result.outcome != "fails":
            return result.outcome
        if result.law.id in self._excused:
            return "known"
        return "fails" if result.law.level == "mathematics" else "departs"

    def table(self) -> dict[str, Counter[str]]:
        """Return for each function how many of its laws stand how."""
        asked = self.run.only or self.run.functions
        rows = {n: Counter[str]() for n in self.run.functions if n in asked}
        for result in self.run.results.values():
            for name in result.law.functions:
                if name in rows:
                    rows[name][self.standing(result)] += 1
        return rows

    def not_offered(self) -> list[str]:
        """Return the functions of the contract that the target lacks."""
        asked = self.run.only or reference.__all__
        return [name for name in asked if name not in self.run.functions]


def snippet(failure: Failure, run: Run) -> list[str]:
    """Return the lines of Python that reproduce a failure, with NumPy alone."""
    if not failure.calls or any("<" in call for call in failure.calls):
        return []
    names = sorted({call.partition("(")[0] for call in failure.calls})
    own = [
        f"{run.renamed[name]} as {name}" if name in run.renamed else name
        for name in names
    ]
    lines = ["import numpy as np", f"from {run.source} import {', '.join(own)}"]
    if changed(failure):
        return [*lines, _before_and_after(failure)]
    return [*lines, f"print({', '.join(failure.calls)})"]


def changed(failure: Failure) -> bool:
    """Say whether a failure is that of changing an argument; its detail says which."""
    return failure.kind == "conduct" and failure.cause.endswith("changes its argument")


def _before_and_after(failure: Failure) -> str:
    """Write a call so that the argument it changes is printed afterwards."""
    tree = ast.parse(failure.calls[0], mode="eval")
    call, *inside = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    arrays = [n for n in inside if "random" not in ast.unparse(n.func)]
    number = int(failure.detail.rpartition(" ")[2]) - 1
    array = ast.unparse(arrays[number])
    rest = ast.unparse(call).replace(array, "x", 1)
    return f"x = {array}; {rest}; print(x)"


def page_address(page: str) -> str:
    """Return where a page of the book is: on its site, or in the source tree."""
    try:
        found = metadata.metadata("lemmata").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        found = []
    for line in found:
        label, _, address = line.partition(", ")
        if label == "Documentation":
            return f"{address.rstrip('/')}/{page}/"
    return f"docs/{page}.md"


def _excuses(entry: Divergence, result: Result) -> bool:
    return result.failure is not None and entry.excuses(result.law, result.failure)


def _was_run(entry: Divergence, run: Run) -> bool:
    """Say whether any law of an entry was judged."""
    if run.interrupted:
        return False
    spoken = [r for r in run.results.values() if entry.speaks_of(r.law)]
    return any(result.outcome == "holds" for result in spoken)


def _causes(results: Iterable[Result]) -> list[Cause]:
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        failure = Cause((result,)).failure
        family = FAMILY.get(failure.kind, failure.kind)
        if family in ("raises", "conduct", "type"):
            family = failure.cause
        groups.setdefault((failure.function, family), []).append(result)
    return [Cause(tuple(sorted(group, key=_telling))) for group in groups.values()]


def _telling(result: Result) -> tuple[bool, bool, int]:
    """Sort first what compares two numbers, for a short input."""
    failure = Cause((result,)).failure
    if not failure.calls:
        return (True, True, 0)
    return (not failure.expected, len(failure.calls) > 1, len(failure.calls[0]))
