"""Run the laws in a process of their own, and outlive whatever happens to it."""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import reference
from reference.conformance.beacon import Beacon
from reference.conformance.laws import Law
from reference.conformance.witness import Failure
from reference.conformance.worker import Request

__all__ = ["Limits", "Result", "Run", "run"]

# A function that ended the process this often is not called again.
PATIENCE = 2

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Limits:
    """Seconds that things may take."""

    load: float = 120.0
    call: float = 5.0
    law: float = 300.0


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
    """Everything that was learned about a target."""

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

    def add(self, result: Result) -> None:
        """Record what became of a law; what is known already stays."""
        self.results.setdefault(result.law.id, result)


class _Worker:
    """One process that runs laws, and what it has been doing since when."""

    def __init__(self, request: Request, limits: Limits, beacon: Beacon) -> None:
        self.limits, self.beacon = limits, beacon
        self.loaded = self.done = False
        self.law: Law | None = None
        self.call = ""
        self.since = time.monotonic()
        self._events: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        # -P: nothing in the current folder may shadow what is installed.
        command = [sys.executable, "-P", "-m", "reference.conformance.worker"]
        self._process = subprocess.Popen(
            [*command, json.dumps(asdict(request))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        if self._process.stdout is not None:
            with self._process.stdout as lines:
                for line in lines:
                    self._hear(line)
        self._events.put(None)

    def _hear(self, line: bytes) -> None:
        try:
            event = json.loads(line)
        except ValueError:
            return  # not ours: somebody found the door
        if isinstance(event, dict) and "event" in event:
            self._events.put(event)

    def next(self) -> dict[str, Any] | None:
        """Return the next event; None at the end."""
        return self._events.get(timeout=0.1)

    def late(self) -> str:
        """Say what is taking too long, if anything is."""
        elapsed = time.monotonic() - self.since
        if not self.loaded and elapsed > self.limits.load:
            return f"importing it takes longer than {self.limits.load:g} s"
        call, seconds = self.beacon.read()
        if seconds > 2 * self.limits.call + 1:
            return f"{_function(call)} does not return, and nothing interrupts it"
        if self.law and elapsed > self.limits.law:
            return f"this law takes longer than {self.limits.law:g} s"
        return ""

    def stop(self) -> int:
        """End the process, by force where it does not end by itself."""
        try:
            self._process.wait(timeout=5.0 if self.done else 0.2)
        except subprocess.TimeoutExpired:
            self._process.kill()
        status = self._process.wait()
        self._listener.join(timeout=1.0)
        return status


def run(
    request: Request, *, limits: Limits | None = None, progress: Progress | None = None
) -> Run:
    """Check a target, and start again after every law that the worker did not survive.

    Parameters
    ----------
    request : Request
        What to check.
    limits : Limits, optional
        How long things may take.
    progress : callable, optional
        Called with the number of laws judged, their total, and the law in hand.
    """
    limits = limits or Limits()
    learned = Run(request.target, only=request.only)
    deaths: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="lemmata-") as folder:
        path = Path(folder, "beacon")
        beacon = Beacon.create(path)
        request = replace(request, beacon=str(path), seconds=limits.call)
        while _attempt(request, learned, deaths, limits, beacon, progress):
            request = replace(
                request,
                done=sorted(learned.results),
                given_up=sorted(n for n, times in deaths.items() if times >= PATIENCE),
            )
        beacon.close()
    for law in learned.laws.values() if not request.stop_first else ():
        reason = f"{', '.join(law.functions)} ended the process before"
        learned.add(Result(law, "not judged", reason))
    return learned


def _attempt(
    request: Request,
    learned: Run,
    deaths: dict[str, int],
    limits: Limits,
    beacon: Beacon,
    progress: Progress | None,
) -> bool:
    """Run one worker to its end, and say whether another one is needed."""
    beacon.dim()
    worker = _Worker(request, limits, beacon)
    try:
        late = _follow(worker, learned, progress)
    finally:
        status = worker.stop()
    if worker.done or learned.unloadable:
        return False
    ending = f"ends the process{_status(status)}"
    if not worker.loaded:
        learned.unloadable = late or f"importing it {ending}"
        return False
    call, _ = beacon.read()
    if worker.law is None and not call:
        learned.broken.append(f"the process that runs the laws {ending}")
        return False
    named = worker.law.functions if worker.law else ()
    function = _function(call) or ", ".join(named)
    cause, calls = late or f"{function} {ending}", (call,) if call else ()
    failure = Failure(function, "hang" if late else "end", cause, calls)
    # Without a law it was the probe of what it offers, which would come again.
    deaths[function] = deaths.get(function, 0) + 1 if worker.law else PATIENCE
    law = worker.law or _habit(failure, "mathematics")
    learned.add(Result(law, "fails", failure=failure))
    return True


def _follow(worker: _Worker, learned: Run, progress: Progress | None) -> str:
    """Take in events until the worker ends; return why it has to be ended, if so."""
    while True:
        try:
            event = worker.next()
        except queue.Empty:
            if late := worker.late():
                return late
            continue
        if event is None:
            return ""
        _take(event, worker, learned)
        if progress and event["event"] in ("start", "result"):
            name = worker.law.sentence if worker.law else ""
            judged = sum(law in learned.results for law in learned.laws)
            progress(judged, len(learned.laws), name)


def _take(event: dict[str, Any], worker: _Worker, learned: Run) -> None:
    """Learn from one event."""
    match event["event"]:
        case "unloadable":
            learned.unloadable = event["reason"]
        case "broken":
            learned.broken.append(event["reason"])
        case "loaded":
            worker.loaded = True
            for name in ("functions", "source", "renamed", "version"):
                setattr(learned, name, event[name])
        case "offers":
            learned.capabilities[event["function"]] = event["capabilities"]
        case "collected":
            learned.laws = {
                law.id: law for law in map(_law, event["laws"])
            } | learned.laws
        case "conduct":
            failure = _failure(event["failure"])
            habit = Result(_habit(failure, event["level"]), "fails", "", failure)
            learned.results[habit.law.id] = habit
        case "done":
            worker.done = True
        case _:
            _take_law(event, worker, learned)


def _take_law(event: dict[str, Any], worker: _Worker, learned: Run) -> None:
    """Learn that a law is being judged, or was."""
    worker.law = None
    if event["event"] == "start":
        worker.law, worker.since = _law(event["law"]), time.monotonic()
    if event["event"] == "result":
        learned.add(_result(event))


def _result(event: dict[str, Any]) -> Result:
    failure = _failure(event["failure"]) if event["failure"] else None
    law, outcome = _law(event["law"]), event["outcome"]
    return Result(law, outcome, event["reason"], failure, event["seconds"])


def _law(fields: dict[str, Any]) -> Law:
    tuples = {name: tuple(fields[name]) for name in ("functions", "claims")}
    return Law(**{**fields, **tuples})


def _failure(fields: dict[str, Any]) -> Failure:
    return Failure(**{**fields, "calls": tuple(fields["calls"])})


def _habit(failure: Failure, level: str) -> Law:
    """Return the law that a function has no bad habits."""
    name = failure.function
    module = getattr(reference, name).__module__
    page = "/".join(module.split(".")[1:])
    habit = failure.cause.removeprefix(name).strip()
    sentence = "A function returns its result, and does nothing else"
    return Law(f"conduct::{name}::{habit}", sentence, (name,), level, page)


def _function(call: str) -> str:
    return call.partition("(")[0]


def _status(status: int) -> str:
    return f" (signal {-status})" if status < 0 else f" (exit status {status})"


def _environment() -> dict[str, str]:
    """Let the worker find this package where this process found it."""
    root = str(Path(reference.__file__).resolve().parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
