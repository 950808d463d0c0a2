"""Run the tasks of a measurement, survive the target, and go on after interruptions."""

import json
import platform
import queue
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import reference
from reference.conformance.accuracy_tally import Tally
from reference.conformance.accuracy_tasks import Task, perform
from reference.conformance.accuracy_worker import Request
from reference.conformance.beacon import Beacon
from reference.conformance.errors import CommandError
from reference.conformance.process import Limits, Worker
from reference.conformance.target import fingerprint

__all__ = ["Measured", "State", "collect", "identity", "run", "run_on"]

Result = dict[str, Any]
Progress = Callable[[int, int, str], None]


@dataclass
class Measured:
    """What was measured of one function in one dtype."""

    name: str
    dtype: str
    tally: Tally = field(default_factory=Tally)
    ends: list[dict[str, str]] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    lacks: str = ""
    blocks: int = 0
    of: int = 1


def collect(tasks: list[Task], results: dict[str, Result]) -> list[Measured]:
    """Add up the results of tasks, in the order of the tasks."""
    found: dict[tuple[str, str], Measured] = {}
    for task in tasks:
        pair = (task.name, task.dtype)
        measured = found.setdefault(pair, Measured(*pair, of=0))
        measured.of += 1
        result = results.get(task.key)
        if result is None:
            continue
        measured.blocks += 1
        measured.lacks = result.get("lacks", measured.lacks)
        if "finding" in result and result["finding"] not in measured.findings:
            measured.findings.append(result["finding"])
        if "tally" in result:
            measured.tally.merge(Tally.of(result["tally"]))
            measured.ends += result["ends"]
    return list(found.values())


def identity(target: str) -> dict[str, Any]:
    """Say what a measurement depends on."""
    return {
        "format": 1,
        "target": target,
        "lemmata": reference.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
    }


class State:
    """A file with the results of the tasks that are done; one line each.

    Results of code that has changed since are not gone on with.

    Raises
    ------
    CommandError
        The file cannot be read or written, or is about something else.
    """

    def __init__(self, path: Path | None, target: str) -> None:
        self.results: dict[str, Result] = {}
        self.version = ""
        self._path = path
        if path is None:
            return
        head = identity(target)
        try:
            head["code"] = fingerprint(target)
            lines = path.read_text("utf-8").splitlines() if path.exists() else []
            records = list(_records(lines))
            begun = records[0] if records else None
            if lines and begun != head:
                known = isinstance(begun, dict) and {**begun, "code": head["code"]}
                same = f"other code of {target}"
                what = same if known == head else "another measurement"
                message = f"{path} is the state of {what}: remove it to begin again"
                raise CommandError(message)
            for record in records[1:]:
                if "version" in record:
                    self.version = record["version"]
                else:
                    self.results[record["key"]] = record["result"]
            text = "".join(f"{json.dumps(line)}\n" for line in [head, *records[1:]])
            path.write_text(text, "utf-8")
        except (OSError, UnicodeDecodeError, KeyError, TypeError) as error:
            reason = getattr(error, "strerror", None) or "it is no state file"
            message = f"cannot use {path}: {reason}"
            raise CommandError(message) from error

    def add(self, key: str, result: Result) -> None:
        """Note a result, in the file as well."""
        self.results[key] = result
        self._write({"key": key, "result": result})

    def loaded(self, version: str) -> None:
        """Note which version of the target answers."""
        if version != self.version:
            self.version = version
            self._write({"version": version})

    def _write(self, record: dict[str, Any]) -> None:
        if self._path:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{json.dumps(record)}\n")


def _records(lines: list[str]) -> Iterator[Any]:
    """Read lines up to one that was cut off by an interruption."""
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:
            return


def run_on(
    executor: Executor,
    tasks: list[Task],
    state: State,
    progress: Progress | None = None,
) -> None:
    """Run tasks on any executor; what it does not survive is a finding."""
    todo = [task for task in tasks if task.key not in state.results]
    futures: dict[Future[Result], Task] = {}
    for task in todo:
        futures[executor.submit(perform, task)] = task
    for done, future in enumerate(as_completed(futures), 1):
        task = futures[future]
        try:
            state.add(task.key, future.result())
        except BrokenExecutor as error:
            finding = f"{task.name} ends the process ({error})"
            state.add(task.key, {"finding": finding})
        if progress:
            progress(len(tasks) - len(todo) + done, len(tasks), task.key)


def run(
    tasks: list[Task],
    state: State,
    *,
    jobs: int = 1,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> None:
    """Run tasks in processes that a target may hang or end, and note what it did.

    Parameters
    ----------
    tasks : list of Task
        What to do, all for one target.
    state : State
        Where results go; what is there already is not done again.
    jobs : int
        How many processes.
    limits : Limits, optional
        How long things may take.
    progress : callable, optional
        Called with the number of tasks done, their total, and the one in hand.

    Raises
    ------
    CommandError
        The target cannot be loaded.
    """
    todo = [task for task in tasks if task.key not in state.results]
    told = progress or _silent

    def note(key: str) -> None:
        told(sum(task.key in state.results for task in tasks), len(tasks), key)

    shares = [
        _Share(todo[n::jobs], state, limits or Limits(), note) for n in range(jobs)
    ]
    waiting = [share.steps() for share in shares if share.todo]
    try:
        while waiting:
            happened = [(steps, next(steps, None)) for steps in waiting]
            waiting = [steps for steps, event in happened if event is not None]
            if not any(event for _, event in happened):
                time.sleep(0.02)
    finally:
        for steps in waiting:
            steps.close()


def _silent(done: int, total: int, name: str) -> None:
    """Show nothing."""


class _Share:
    """Tasks of one process, and of those that follow it when it dies."""

    def __init__(
        self,
        tasks: list[Task],
        state: State,
        limits: Limits,
        note: Callable[[str], None],
    ) -> None:
        self.todo = tasks
        self._state, self._limits, self._note = state, limits, note
        self._name = ""

    def steps(self) -> Generator[bool, None, None]:
        """Do the tasks; yield whether something happened."""
        with tempfile.TemporaryDirectory(prefix="lemmata-") as folder:
            path = Path(folder, "beacon")
            beacon = Beacon.create(path)
            while self.todo:
                yield from self._attempt(str(path), beacon)
            beacon.close()

    def _attempt(self, path: str, beacon: Beacon) -> Generator[bool, None, None]:
        beacon.dim()
        self._name = ""
        worker = Worker(self._request(path), self._limits, beacon, "accuracy_worker")
        try:
            late = yield from self._follow(worker)
        finally:
            status = worker.stop()
        if worker.done:
            return
        how = f"(signal {-status})" if status < 0 else f"(exit status {status})"
        if not worker.loaded:
            raise CommandError(late or f"importing it ends the process {how}")
        called = beacon.read()[0].partition("(")[0]
        name = called or self._name or self.todo[0].name
        finding = late or f"{name} ends the process {how}"
        # It is not called again, in no dtype.
        for task in [task for task in self.todo if task.name == name]:
            self._state.add(task.key, {"finding": finding})
        self.todo = [task for task in self.todo if task.name != name]

    def _request(self, path: str) -> Request:
        parts: dict[tuple[str, str], list[int]] = {}
        for task in self.todo:
            parts.setdefault((task.name, task.dtype), []).append(task.block)
        listed = [[*pair, blocks] for pair, blocks in parts.items()]
        return Request(self.todo[0].target, listed, self._limits.call, path)

    def _follow(self, worker: Worker) -> Generator[bool, None, str]:
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
            self._take(event)
            yield True

    def _take(self, event: dict[str, Any]) -> None:
        match event["event"]:
            case "unloadable":
                raise CommandError(event["reason"])
            case "loaded":
                self._state.loaded(event["version"])
            case "task":
                self._name = event["name"]
                self._note(event["key"])
            case "measured":
                key = event["key"]
                known = ("tally", "ends", "finding", "lacks")
                self._state.add(key, {k: event[k] for k in known if k in event})
                self.todo = [task for task in self.todo if task.key != key]
