"""Run the laws in processes of their own, and outlive whatever happens to them."""

import itertools
import os
import queue
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from reference.conformance.beacon import Beacon
from reference.conformance.failure import Failure
from reference.conformance.laws import Law, chapters, mentioned
from reference.conformance.process import Limits, Worker, function_of
from reference.conformance.request import Request, claimed
from reference.conformance.results import Result, Run, habit

__all__ = ["run"]

# A function that ended the process this often is not called again.
PATIENCE = 2

# So few files of laws are judged sooner than a second worker is ready.
FEW = 4

Progress = Callable[[int, int, str], None]

# Yields whether something happened, and returns when there is no more to come.
Steps = Generator[bool, None, Any]


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
        function = function_of(call) or ", ".join(law.functions if law else ())
        cause, calls = late or f"{function} {ending}", (call,) if "(" in call else ()
        failure = Failure(function, "hang" if late else "end", cause, calls)
        # Without a law it was the probe of what it offers, which would come again.
        times = self._deaths.get(function, 0) + 1 if law else PATIENCE
        self._deaths[function] = times
        law = law or habit(failure, "mathematics")
        self.learned.add(Result(law, "fails", failure=failure))
