"""Run the laws in processes of their own, and outlive whatever happens to them."""

import itertools
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

import reference
from reference.conformance.beacon import Beacon
from reference.conformance.laws import Law, chapters, mentioned
from reference.conformance.results import Result, Run, habit, law_of
from reference.conformance.witness import Failure
from reference.conformance.worker import Request, claimed

__all__ = ["Limits", "Worker", "run"]

KEEPER = str(Path(__file__).with_name("keeper.py"))

# A function that ended the process this often is not called again.
PATIENCE = 2

# So few files of laws are judged sooner than a second worker is ready.
FEW = 4

# Seconds for a process that has done everything to end by itself, or one that has not.
GRACE, HASTE = 5.0, 0.2

Progress = Callable[[int, int, str], None]

# Yields whether something happened, and returns when there is no more to come.
Steps = Generator[bool, None, Any]


@dataclass(frozen=True)
class Limits:
    """Seconds that things may take, and GB of memory."""

    load: float = 120.0
    call: float = 5.0
    law: float = 300.0
    memory: float = 4.0


def run(
    request: Request,
    *,
    limits: Limits | None = None,
    progress: Progress | None = None,
    jobs: int | None = None,
) -> Run:
    """Check a target, and start again after every law that the worker did not survive.

    An interrupt ends the workers; what they have found so far is returned.

    Parameters
    ----------
    request : Request
        What to check.
    limits : Limits, optional
        How long things may take, and how much memory.
    progress : callable, optional
        Called with the number of laws judged, their total, and the law in hand.
    jobs : int, optional
        How many processes; as many as there are cores unless told.
    """
    learned = Run(request.target, only=request.only, seed=request.seed)
    deaths: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="lemmata-") as folder:
        parts = [
            _Part(own, limits or Limits(), learned, deaths, progress)
            for own in _divided(request, jobs or os.cpu_count() or 1, folder)
        ]
        try:
            _take_turns([part.steps() for part in parts])
        except KeyboardInterrupt:
            learned.interrupted = True
    if not (learned.interrupted or request.stop_first):
        for law in learned.laws.values():
            reason = f"{', '.join(law.functions)} ended the process before"
            learned.add(Result(law, "not judged", reason))
    learned.sort()
    return learned


def _take_turns(waiting: list[Steps]) -> None:
    """Let all of them make their steps, until there is nothing left to do."""
    try:
        while waiting:
            happened = [(steps, next(steps, None)) for steps in waiting]
            waiting = [steps for steps, event in happened if event is not None]
            if not any(event for _, event in happened):
                time.sleep(0.02)
    finally:
        for steps in waiting:
            steps.close()


def _divided(request: Request, jobs: int, folder: str) -> list[Request]:
    """Divide the files of laws; who is done with a share helps with the others'."""
    shares = _shares(request, jobs)
    parts = []
    for number, paths in enumerate(shares):
        # What the others come to last, they are likely to need help with.
        others = [share[::-1] for share in shares if share is not paths]
        mixed = itertools.chain.from_iterable(itertools.zip_longest(*others))
        spare = [path for path in mixed if path]
        part = replace(
            request,
            number=number,
            paths=paths,
            spare=spare,
            claims=folder if spare else "",
            beacon=str(Path(folder, f"beacon-{number}")),
        )
        parts.append(part)
    return parts


def _shares(request: Request, jobs: int) -> list[list[str]]:
    """Divide the files of laws among the workers, evenly by size."""
    paths = [Path(path) for path in request.paths] or chapters()
    files = [f for p in paths for f in (sorted(p.rglob("*.py")) if p.is_dir() else [p])]
    laws = [file for file in files if file.name.startswith("test_")]
    if not laws:  # then pytest has something to say about them
        return [request.paths]
    if request.only:
        laws = [file for file in laws if mentioned(file, request.only)] or laws[:1]
    workers = 1 if request.stop_first else min(jobs, 2 * len(laws) // FEW) or 1
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
        How long things may take, and how much memory.
    beacon : Beacon
        Where the process leaves word of the call under way.
    module : str
        The module that runs there.
    """

    def __init__(
        self, request: Any, limits: Limits, beacon: Beacon, module: str = "worker"
    ) -> None:
        self.limits, self.beacon = limits, beacon
        self.loaded = self.done = self._busy = False
        self.law: Law | None = None
        self.probed = ""
        self.since = time.monotonic()
        self._began: dict[str, Any] = {}
        self._ended: dict[str, Any] = {}
        self._events: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        # -P: nothing in the current folder may shadow what is installed.
        python = [sys.executable, "-P"]
        work = [*python, "-m", f"reference.conformance.{module}"]
        most = str(int(limits.memory * 1e9))
        self._keeper = subprocess.Popen(
            [*python, KEEPER, most, *work, json.dumps(asdict(request))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            # An interrupt on the terminal is for the command alone.
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        with cast("IO[bytes]", self._keeper.stdout) as lines:  # a pipe, always
            for line in lines:
                self._hear(line)
        self._events.put(None)

    def _hear(self, line: bytes) -> None:
        try:
            event = json.loads(line)
        except ValueError:
            return  # not ours: somebody found the door
        if not isinstance(event, dict):
            return
        match event.get("event"):
            case None:
                return
            case "began":
                self._began = event
            case "ended":
                self._ended = event
            case _:
                self._events.put(event)

    def next(self) -> dict[str, Any] | None:
        """Return the next event, None at the end; ``queue.Empty`` if there is none."""
        event = self._events.get_nowait()
        if event is None:
            return None
        self.since = time.monotonic()
        match event["event"]:
            case "loaded":
                self.loaded = True
            case "done":
                self.done = True
            case "probe":
                self.probed = event["function"]
            case "collected":
                self.probed = ""
            case "start":
                self.law, self._busy = law_of(event["law"]), True
            case "result":
                self.law, self._busy = None, False
            case "task":
                self._busy = True
        return event

    def late(self) -> str:
        """Say what is taking too long, if anything is."""
        elapsed = time.monotonic() - self.since
        if self.done:
            return "it does not end" if elapsed > GRACE else ""
        if not self.loaded and elapsed > self.limits.load:
            return f"importing it takes longer than {self.limits.load:g} s"
        call, late = self.beacon.read()
        if call and late > self.limits.call + 1:
            return f"{_function(call)} does not return, and nothing interrupts it"
        if self.law and elapsed > self.limits.law:
            return f"this law takes longer than {self.limits.law:g} s"
        if not self._busy and elapsed > max(self.limits.law, self.limits.load):
            return "the process does nothing"
        return ""

    def stop(self) -> int:
        """End the process, by force where it does not end by itself."""
        with suppress(subprocess.TimeoutExpired):
            self._keeper.wait(timeout=GRACE if self.done else HASTE)
        with suppress(OSError):
            cast("IO[bytes]", self._keeper.stdin).close()  # that ends everything
        try:
            status = self._keeper.wait(timeout=2 * GRACE)
        except subprocess.TimeoutExpired:
            self._keeper.kill()
            status = self._keeper.wait()
        if self._began and not self._ended:  # somebody ended the keeper
            with suppress(OSError, AttributeError):
                os.killpg(self._began["pid"], signal.SIGKILL)
        self._listener.join(timeout=1.0)
        return int(self._ended.get("status", status))

    def ending(self, status: int) -> str:
        """Say how the process ended, after the name of who ended it."""
        if self._ended.get("reason") == "memory":
            return f"takes more than {self.limits.memory:g} GB of memory"
        how = f"signal {-status}" if status < 0 else f"exit status {status}"
        return f"ends the process ({how})"


class _Part:
    """A share of the laws, and the workers that judge it, one after another."""

    def __init__(
        self,
        request: Request,
        limits: Limits,
        learned: Run,
        deaths: dict[str, int],
        progress: Progress | None,
    ) -> None:
        self.learned = learned
        self._request = replace(request, seconds=limits.call)
        self._limits, self._deaths, self._progress = limits, deaths, progress

    def steps(self) -> Steps:
        """Judge all laws of the share, a step at a time."""
        beacon = Beacon.create(Path(self._request.beacon))
        try:
            again = True
            while again:
                again = yield from self._attempt(self._again(), beacon)
        finally:
            beacon.close()

    def _again(self) -> Request:
        """Return what is left to do, and for whom it is not worth trying."""
        request, deaths = self._request, self._deaths.items()
        return replace(
            request,
            paths=request.paths + [p for p in request.spare if claimed(request, p)],
            done=sorted(self.learned.results),
            given_up=sorted(name for name, times in deaths if times >= PATIENCE),
        )

    def _attempt(self, request: Request, beacon: Beacon) -> Steps:
        """Run one worker to its end, and return whether another one is needed."""
        beacon.dim()
        worker = Worker(request, self._limits, beacon)
        try:
            late = yield from self._follow(worker)
        finally:
            status = worker.stop()
        if worker.done or self.learned.unloadable or self._idle(worker):
            return False
        ending = worker.ending(status)
        if not worker.loaded:
            self.learned.unloadable = late or f"importing it {ending}"
            return False
        call = beacon.read()[0] or worker.probed
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
                if (late := worker.late()) or self._idle(worker):
                    return late
                yield False
                continue
            if event is None:
                return ""
            self.learned.take(event)
            if self._progress and event["event"] in ("start", "result"):
                law = worker.law.sentence if worker.law else ""
                self._progress(self.learned.judged, len(self.learned.laws), law)
            yield True

    def _idle(self, worker: Worker) -> bool:
        """Say whether others have taken everything before a worker was ready."""
        request = self._request
        files = request.paths + request.spare
        return (
            bool(request.claims and self.learned.functions)
            and not worker.loaded
            and all(claimed(request, path) is False for path in files)
        )

    def _bury(self, law: Law | None, call: str, late: str, ending: str) -> None:
        """Record which function a worker did not survive."""
        function = _function(call) or ", ".join(law.functions if law else ())
        cause, calls = late or f"{function} {ending}", (call,) if "(" in call else ()
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
    # A run can be repeated: sets of strings keep their order.
    once = {"PYTHONHASHSEED": "0", **os.environ}
    return {**once, "PYTHONPATH": os.pathsep.join(paths)}
