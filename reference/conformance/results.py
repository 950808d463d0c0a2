"""What is learned about a target, event by event."""

from dataclasses import dataclass, field
from typing import Any

import reference
from reference.conformance.failure import Failure
from reference.conformance.laws import Law

__all__ = ["Result", "Run", "habit"]


@dataclass(frozen=True)
class Result:
    """What became of one law.

    Attributes
    ----------
    law : Law
        Which one.
    outcome : str
        ``"holds"``, ``"fails"``, ``"not offered"``, or ``"not judged"`` where a
        function it needs had ended the process before.
    reason : str
        Why it was not judged.
    failure : Failure or None
        How it fails.
    seconds : float
        How long that took.
    """

    law: Law
    outcome: str
    reason: str = ""
    failure: Failure | None = None
    seconds: float = 0.0


@dataclass
class Run:
    """Everything that was learned about a target.

    Attributes
    ----------
    target : str
        What was checked.
    only : list of str
        The functions that were asked for; all of them if empty.
    functions, capabilities, source, renamed, version
        What the target says of itself once it is loaded.
    laws : dict
        The laws it can be asked, by id.
    results : dict
        What became of them, by id.
    unloadable : str
        Why there is nothing to learn.
    broken : list of str
        What is wrong with the laws themselves.
    seed : int
        Where Hypothesis began to draw.
    interrupted : bool
        Whether the run was ended before all laws were judged.
    """

    target: str
    only: list[str] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    capabilities: dict[str, list[str]] = field(default_factory=dict)
    source: str = ""
    renamed: dict[str, str] = field(default_factory=dict)
    version: str = ""
    laws: dict[str, Law] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    unloadable: str = ""
    broken: list[str] = field(default_factory=list)
    seed: int = 0
    interrupted: bool = False

    @property
    def judged(self) -> int:
        """How many of the laws have been judged."""
        return sum(law in self.results for law in self.laws)

    def add(self, result: Result) -> None:
        """Record what became of a law; what is known already stays."""
        self.results.setdefault(result.law.id, result)

    def take(self, event: dict[str, Any]) -> None:
        """Learn from one event of a worker."""
        match event["event"]:
            case "unloadable":
                self.unloadable = event["reason"]
            case "broken":
                self.broken.append(event["reason"])
            case "loaded":
                for name in ("functions", "source", "renamed", "version"):
                    setattr(self, name, event[name])
            case "offers":
                self.capabilities[event["function"]] = event["capabilities"]
            case "collected":
                for law in map(law_of, event["laws"]):
                    self.laws.setdefault(law.id, law)
            case "conduct":
                failure = _failure(event["failure"])
                law = habit(failure, event["level"])
                self._shortest(Result(law, "fails", failure=failure))
            case "result":
                self.add(_result(event))

    def sort(self) -> None:
        """Put in order what came from several workers: by files, habits last."""
        self.capabilities = dict(sorted(self.capabilities.items()))
        self.laws = dict(sorted(self.laws.items(), key=_file))
        self.results = dict(sorted(self.results.items(), key=_file))

    def _shortest(self, result: Result) -> None:
        """Keep of all calls that show a habit the shortest."""
        before = self.results.setdefault(result.law.id, result)
        if _length(result) < _length(before):
            self.results[result.law.id] = result


def _file(item: tuple[str, Any]) -> tuple[bool, str]:
    place, _, habit = item[0].partition("::")
    return (place == "conduct", habit if place == "conduct" else place)


def _length(result: Result) -> int:
    return len("".join(result.failure.calls)) if result.failure else 0


def habit(failure: Failure, level: str) -> Law:
    """Return the law that a function has no bad habits."""
    name = failure.function
    module = getattr(reference, name).__module__
    page = "/".join(module.split(".")[1:])
    what = failure.cause.removeprefix(name).strip()
    sentence = "A function returns its result, and does nothing else"
    return Law(f"conduct::{name}::{what}", sentence, (name,), level, page)


def law_of(fields: dict[str, Any]) -> Law:
    """Return the law that an event speaks of."""
    tuples = {name: tuple(fields[name]) for name in ("functions", "claims")}
    return Law(**{**fields, **tuples})


def _failure(fields: dict[str, Any]) -> Failure:
    lists = {name: tuple(v) for name, v in fields.items() if isinstance(v, list)}
    return Failure(**{**fields, **lists})


def _result(event: dict[str, Any]) -> Result:
    failure = _failure(event["failure"]) if event["failure"] else None
    law, outcome = law_of(event["law"]), event["outcome"]
    return Result(law, outcome, event["reason"], failure, event["seconds"])
