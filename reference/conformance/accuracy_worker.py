"""The process that measures: whatever a target does to it, the command lives."""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reference.conformance.accuracy_tasks import Task, attempt
from reference.conformance.beacon import Beacon
from reference.conformance.guard import Guard
from reference.conformance.target import TargetError, load
from reference.conformance.worker import Emit, serve

__all__ = ["Request", "main"]


@dataclass(frozen=True)
class Request:
    """What to measure: for each function and dtype, the blocks of inputs.

    Attributes
    ----------
    target : str
        As :func:`reference.conformance.target.load` takes it.
    parts : list of [name, dtype, blocks]
        What to do, in this order.
    seconds : float
        How long one call may take.
    beacon : str
        The file behind the beacon.
    """

    target: str
    parts: list[list[Any]] = field(default_factory=list)
    seconds: float = 5.0
    beacon: str = ""


def measure(request: Request, emit: Emit) -> None:
    """Load a target, measure it, and emit what comes out."""
    # Several of these share the machine; none needs threads of its own.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    guard = Guard(seconds=request.seconds, beacon=Beacon(Path(request.beacon)))
    try:
        target = load(request.target, guard=guard)
    except TargetError as error:
        emit({"event": "unloadable", "reason": str(error)})
        return
    library = sys.modules.get(target.target.partition(".")[0])
    version = str(getattr(library, "__version__", ""))
    emit({"event": "loaded", "functions": target.names, "version": version})
    for name, dtype, blocks in request.parts:
        for block in blocks:
            task = Task(request.target, name, dtype, block)
            emit({"event": "task", "key": task.key, "name": name})
            emit({"event": "measured", "key": task.key, **attempt(task, target)})


def main() -> None:
    """Serve one request."""
    serve(lambda fields, emit: measure(Request(**fields), emit))


if __name__ == "__main__":
    main()
