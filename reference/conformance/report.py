"""What a run means: which laws fail of what cause, and which of them count."""

import shlex
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import reference
from reference.conformance.failure import Failure
from reference.conformance.known import Divergence, divergences
from reference.conformance.results import Result, Run

__all__ = ["COLUMNS", "Cause", "Report", "head", "next_step"]

# How a law can stand, in the order of the table.
COLUMNS = ("holds", "fails", "known", "departs", "not offered", "not judged")

# The order in which one is told of a function: what stops everything comes first.
ORDER = ("end", "hang", "raises", "type", "shape", "value", "nan", "conduct")

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
        self.fails = _causes(run, (r for r in rest if r.law.level == "mathematics"))
        self.departs = _causes(run, (r for r in rest if r.law.level == "contract"))
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


def head(report: Report) -> list[str]:
    """Say in a few words what was checked, how, and how much of it."""
    run = report.run
    seconds = sum(result.seconds for result in run.results.values())
    judged = sum(r.outcome in ("holds", "fails") for r in run.results.values())
    return [
        f"checked against lemmata {reference.__version__}",
        f"profile {report.profile}",
        f"seed {run.seed}",
        f"{judged} {'law' if judged == 1 else 'laws'} in {seconds:.1f} s",
    ]


def next_step(report: Report) -> str:
    """Return the command to run next; empty if nothing fails."""
    if not report.fails:
        return ""
    name = report.fails[0].failure.function
    words = ["lemmata", "check", report.run.target]
    if name in report.run.renamed:
        return shlex.join([*words, "--as", name])
    return shlex.join([*words, "-k", name])


def _excuses(entry: Divergence, result: Result) -> bool:
    return result.failure is not None and entry.excuses(result.law, result.failure)


def _was_run(entry: Divergence, run: Run) -> bool:
    """Say whether any law that an entry names was judged."""
    if run.interrupted:
        return False
    spoken = [r for r in run.results.values() if entry.names(r.law)]
    return any(result.outcome == "holds" for result in spoken)


def _causes(run: Run, results: Iterable[Result]) -> list[Cause]:
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        failure = Cause((result,)).failure
        family = _family(failure)
        if family in ("raises", "conduct", "type"):
            family = failure.cause
        groups.setdefault((failure.function, family), []).append(result)
    causes = [Cause(tuple(sorted(group, key=_telling))) for group in groups.values()]
    return sorted(causes, key=lambda cause: _place(run, cause))


def _family(failure: Failure) -> str:
    """Name what failures of one cause have in common."""
    if failure.kind == "law" and "nan" in "".join(failure.returned):
        return "nan"
    if failure.cause.endswith("breaks a law"):
        return "value"
    return FAMILY.get(failure.kind, failure.kind)


def _place(run: Run, cause: Cause) -> tuple[int, int]:
    """Sort by function, and what stops a function before what is wrong with it."""
    kind = _family(cause.failure)
    place = {name: number for number, name in enumerate(run.functions)}
    return place.get(cause.failure.function, -1), ORDER.index(kind)


def _telling(result: Result) -> tuple[bool, bool, bool, bool, int]:
    """Sort first what compares two numbers, for a short input."""
    failure = Cause((result,)).failure
    length = len(failure.calls[0]) if failure.calls else 0
    return (
        not failure.calls,
        not failure.expected,
        len(failure.calls) > 1,
        failure.place is None,
        length,
    )
