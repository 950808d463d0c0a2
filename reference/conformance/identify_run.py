"""Ask a target in a process of its own, and outlive whatever it does there."""

import queue
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reference.conformance.beacon import Beacon
from reference.conformance.errors import CommandError
from reference.conformance.identify_verdict import Answer, judge
from reference.conformance.identify_worker import Request
from reference.conformance.process import Limits, Worker
from reference.conformance.variants import families

__all__ = ["LIMITS", "Asked", "ask"]

# No call here is long: the inputs are a few numbers.
LIMITS = Limits(call=2.0)

Progress = Callable[[int, int, str], None]


class Asked:
    """What a target was asked, and what it answered.

    Attributes
    ----------
    answers : list of Answer
        In the order of the target's functions.
    version : str
        Of the library, where it has one.
    done : list of str
        The keys of what need not be asked again.
    total : int
        How many there are to be asked.
    interrupted : bool
        Whether somebody wanted it to end before all was asked.
    """

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.version = ""
        self.done: list[str] = []
        self.total, self.interrupted = 1, False
        self._open: dict[str, Any] | None = None

    def take(self, event: dict[str, Any]) -> None:
        """Learn from an event."""
        match event["event"]:
            case "unloadable":
                raise CommandError(event["reason"])
            case "loaded":
                self.version, self.total = event["version"], event["total"]
            case "subject":
                self._open = event
            case "played" if self._open:
                family = families()[self._open["family"]]
                self.answers.append(judge({**self._open, **event}, family))
                self._close(event["key"])

    def bury(self, late: str, ending: str) -> None:
        """Note what the process did not survive."""
        if self._open is None:
            message = f"the process that asks it {ending}"
            raise CommandError(message)
        finding = late or f"it {ending}"
        label, family = self._open["label"], families()[self._open["family"]]
        self.answers.append(Answer(label, family, "finding", findings={"": finding}))
        self._close(self._open["key"])

    @property
    def asking(self) -> str:
        """What is being asked."""
        return str(self._open["label"]) if self._open else ""

    def _close(self, key: str) -> None:
        self.done.append(key)
        self._open = None


def ask(
    target: str,
    name: str = "",
    *,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Asked:
    """Ask a target which variants it follows.

    An interrupt ends it; what has been answered so far is returned.

    Parameters
    ----------
    target, name : str
        As :func:`reference.conformance.identify_target.subjects` takes them.
    limits : Limits, optional
        How long things may take.
    progress : callable, optional
        Called with the number of functions asked, how many are known of, and the one
        in hand.

    Raises
    ------
    CommandError
        The target cannot be loaded.
    """
    asked, limits = Asked(), limits or LIMITS
    with tempfile.TemporaryDirectory(prefix="lemmata-") as folder:
        path = Path(folder, "beacon")
        beacon = Beacon.create(path)
        try:
            finished = False
            while not finished:
                request = Request(target, name, asked.done, limits.call, str(path))
                finished = _attempt(asked, request, limits, beacon, progress)
        except KeyboardInterrupt:
            asked.interrupted = True
        finally:
            beacon.close()
    return asked


def _attempt(
    asked: Asked,
    request: Request,
    limits: Limits,
    beacon: Beacon,
    progress: Progress | None,
) -> bool:
    """Run one process to its end, and return whether all has been asked."""
    beacon.dim()
    worker = Worker(request, limits, beacon, "identify_worker")
    try:
        late = _follow(asked, worker, progress)
    finally:
        status = worker.stop()
    if worker.done:
        return True
    ending = worker.ending(status)
    if not worker.loaded:
        raise CommandError(late or f"importing it {ending}")
    asked.bury(late, ending)
    return False


def _follow(asked: Asked, worker: Worker, progress: Progress | None) -> str:
    """Learn from a process; return why it has to be ended, if it has to be."""
    while True:
        try:
            event = worker.next()
        except queue.Empty:
            if late := worker.late():
                return late
            time.sleep(0.01)
            continue
        if event is None:
            return ""
        asked.take(event)
        if progress:
            progress(len(asked.answers), asked.total, asked.asking)
