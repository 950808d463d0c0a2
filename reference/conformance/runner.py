"""Run the laws in processes of their own, and outlive whatever happens to them."""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

import reference
from reference.conformance.beacon import Beacon
from reference.conformance.laws import Law, chapters, mentioned
from reference.conformance.results import Result, Run, habit, law_of
from reference.conformance.witness import Failure
from reference.conformance.worker import Request

__all__ = ["Limits", "Worker", "run"]

# A function that ended the process this often is not called again.
PATIENCE = 2

# Twice as many would each import everything once more, to judge half as many laws.
MOST_WORKERS = 2

# So few files of laws are judged sooner than a second worker is ready.
FEW = 4

Progress = Callable[[int, int, str], None]

# Yields whether something happened, and returns when there is no more to come.
Steps = Generator[bool, None, Any]


@dataclass(frozen=True)
class Limits:
    """Seconds that things may take."""

    load: float = 120.0
    call: float = 5.0
    law: float = 300.0


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
    parts = [
        _Part(replace(request, paths=paths), limits or Limits(), progress)
        for paths in _shares(request)
    ]
    learned = [part.learned for part in parts]
    for part in parts:
        part.others = [run for run in learned if run is not part.learned]
    waiting = [part.steps() for part in parts]
    try:
        while waiting:
            happened = [(steps, next(steps, None)) for steps in waiting]
            waiting = [steps for steps, event in happened if event is not None]
            if not any(event for _, event in happened):
                time.sleep(0.02)
    finally:
        for steps in waiting:
            steps.close()
    whole = Run(request.target, only=request.only, seed=request.seed)
    for part in parts:
        whole.merge(part.learned)
    return whole


def _shares(request: Request) -> list[list[str]]:
    """Divide the files of laws among the workers, evenly by size."""
    paths = [Path(path) for path in request.paths] or chapters()
    files = [f for p in paths for f in (sorted(p.rglob("*.py")) if p.is_dir() else [p])]
    laws = [file for file in files if file.name.startswith("test_")]
    if not laws:  # then pytest has something to say about them
        return [request.paths]
    if request.only:
        laws = [file for file in laws if mentioned(file, request.only)] or laws[:1]
    few = request.stop_first or len(laws) < FEW
    workers = 1 if few else min(MOST_WORKERS, os.cpu_count() or 1)
    shares: list[list[Path]] = [[] for _ in range(workers)]
    for file in sorted(laws, key=lambda f: -f.stat().st_size):
        min(shares, key=lambda share: sum(f.stat().st_size for f in share)).append(file)
    return [sorted(map(str, share)) for share in shares]


class Worker:
    """One process that does what is asked, and what it has been doing since when.

    Parameters
    ----------
    request : dataclass
        What to do, as the module in the process reads it.
    limits : Limits
        How long things may take.
    beacon : Beacon
        Where the process leaves word of the call under way.
    module : str
        The module that runs there.
    """

    def __init__(
        self, request: Any, limits: Limits, beacon: Beacon, module: str = "worker"
    ) -> None:
        self.limits, self.beacon = limits, beacon
        self.loaded = self.done = False
        self.law: Law | None = None
        self.since = time.monotonic()
        self._events: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        # -P: nothing in the current folder may shadow what is installed.
        module = f"reference.conformance.{module}"
        command = [sys.executable, "-P", "-m", module]
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
        with cast("IO[bytes]", self._process.stdout) as lines:  # a pipe, always
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
        """Return the next event, None at the end; ``queue.Empty`` if there is none."""
        event = self._events.get_nowait()
        if event is None:
            return None
        match event["event"]:
            case "loaded":
                self.loaded = True
            case "done":
                self.done = True
            case "start":
                self.law, self.since = law_of(event["law"]), time.monotonic()
            case "result":
                self.law = None
        return event

    def late(self) -> str:
        """Say what is taking too long, if anything is."""
        elapsed = time.monotonic() - self.since
        if not self.loaded and elapsed > self.limits.load:
            return f"importing it takes longer than {self.limits.load:g} s"
        call, late = self.beacon.read()
        if call and late > self.limits.call + 1:
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


class _Part:
    """A share of the laws, and the workers that judge it, one after another."""

    def __init__(
        self, request: Request, limits: Limits, progress: Progress | None
    ) -> None:
        self.learned = Run(request.target)
        self.others: list[Run] = []
        self._request = replace(request, seconds=limits.call)
        self._limits, self._progress = limits, progress
        self._deaths: dict[str, int] = {}

    def steps(self) -> Steps:
        """Judge all laws of the share, a step at a time."""
        with tempfile.TemporaryDirectory(prefix="lemmata-") as folder:
            path = Path(folder, "beacon")
            beacon = Beacon.create(path)
            again = True
            while again:
                deaths = self._deaths.items()
                request = replace(
                    self._request,
                    beacon=str(path),
                    done=sorted(self.learned.results),
                    given_up=sorted(n for n, times in deaths if times >= PATIENCE),
                )
                again = yield from self._attempt(request, beacon)
            beacon.close()
        for law in self.learned.laws.values() if not self._request.stop_first else ():
            reason = f"{', '.join(law.functions)} ended the process before"
            self.learned.add(Result(law, "not judged", reason))

    def _attempt(self, request: Request, beacon: Beacon) -> Steps:
        """Run one worker to its end, and return whether another one is needed."""
        beacon.dim()
        worker = Worker(request, self._limits, beacon)
        try:
            late = yield from self._follow(worker)
        finally:
            status = worker.stop()
        if worker.done or self.learned.unloadable:
            return False
        how = f"(signal {-status})" if status < 0 else f"(exit status {status})"
        ending = f"ends the process {how}"
        if not worker.loaded:
            self.learned.unloadable = late or f"importing it {ending}"
            return False
        call, _ = beacon.read()
        if worker.law is None and not call:
            self.learned.broken.append(f"the process that runs the laws {ending}")
            return False
        self._bury(worker.law, call, late, ending)
        return True

    def _follow(self, worker: Worker) -> Steps:
        """Learn from a worker; return why it has to be ended, if it has to be."""
        while True:
            try:
                event = worker.next()
            except queue.Empty:
                if late := worker.late():
                    return late
                yield False
                continue
            if event is None:
                return ""
            self.learned.take(event)
            if self._progress and event["event"] in ("start", "result"):
                self._tell(self._progress, worker.law)
            yield True

    def _tell(self, progress: Progress, law: Law | None) -> None:
        runs = [self.learned, *self.others]
        judged = sum(law in run.results for run in runs for law in run.laws)
        total = sum(len(run.laws) for run in runs)
        progress(judged, total, law.sentence if law else "")

    def _bury(self, law: Law | None, call: str, late: str, ending: str) -> None:
        """Record which function a worker did not survive."""
        function = _function(call) or ", ".join(law.functions if law else ())
        cause, calls = late or f"{function} {ending}", (call,) if call else ()
        failure = Failure(function, "hang" if late else "end", cause, calls)
        # Without a law it was the probe of what it offers, which would come again.
        times = self._deaths.get(function, 0) + 1 if law else PATIENCE
        self._deaths[function] = times
        law = law or habit(failure, "mathematics")
        self.learned.add(Result(law, "fails", failure=failure))


def _function(call: str) -> str:
    return call.partition("(")[0]


def _environment() -> dict[str, str]:
    """Let the worker find this package where this process found it."""
    root = str(Path(reference.__file__).resolve().parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
