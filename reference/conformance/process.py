"""A process that does what is asked, and may die of it."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

import reference
from reference.conformance.beacon import Beacon
from reference.conformance.laws import Law
from reference.conformance.results import law_of

__all__ = ["Limits", "Worker", "function_of"]

KEEPER = str(Path(__file__).with_name("keeper.py"))

# Seconds for a process that has done everything to end by itself, or one that has not.
GRACE, HASTE = 5.0, 0.2


@dataclass(frozen=True)
class Limits:
    """Seconds that things may take, and GB of memory."""

    load: float = 120.0
    call: float = 5.0
    law: float = 300.0
    memory: float = 4.0


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
        self.patience = 1.0
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
                self.patience = float(event.get("patience", 1.0))
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
            return f"{function_of(call)} does not return, and nothing interrupts it"
        # A library that compiles what it runs may take as many times longer.
        limit = self.limits.law * self.patience
        if self.law and elapsed > limit:
            return f"this law takes longer than {limit:g} s"
        if not self._busy and elapsed > max(limit, self.limits.load):
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


def function_of(call: str) -> str:
    """Return the function that a call names."""
    return call.partition("(")[0]


def _environment() -> dict[str, str]:
    """Let the worker find this package where this process found it."""
    root = str(Path(reference.__file__).resolve().parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    # A run can be repeated: sets of strings keep their order.
    once = {"PYTHONHASHSEED": "0", **os.environ}
    return {**once, "PYTHONPATH": os.pathsep.join(paths)}
