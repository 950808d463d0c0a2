"""Pieces of a measurement: what one process does, whoever runs it.

A task can be pickled and performed anywhere the target can be imported, so any
``concurrent.futures`` executor may run it; and its result is JSON, so that a run can
be interrupted, and go on later where it was.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.accuracy_inputs import (
    BLOCKS,
    LENGTHS,
    block,
    families,
    inputs,
)
from reference.conformance.accuracy_measure import (
    measure_exactly,
    measure_quickly,
    parts,
)
from reference.conformance.accuracy_tally import Tally, place
from reference.conformance.accuracy_truth import ROWWISE, UNARY
from reference.conformance.calls import HungError
from reference.conformance.guard import Guard
from reference.conformance.implementation import Implementation
from reference.conformance.target import load

__all__ = ["DTYPES", "NAMES", "Task", "attempt", "perform", "plan"]

DTYPES = ("float16", "float32", "float64")
NAMES = (*UNARY, *ROWWISE)

_BATCH = 1 << 16


@dataclass(frozen=True)
class Task:
    """One function in one dtype; of a sweep over all float32, one block."""

    target: str
    name: str
    dtype: str
    block: int = -1

    @property
    def key(self) -> str:
        """What the task is called in a state file."""
        return f"{self.name} {self.dtype} {self.block}"


def plan(
    target: str, names: list[str], dtypes: list[str], *, exhaustive: bool
) -> list[Task]:
    """List the tasks of a measurement."""
    tasks = []
    for name in names:
        for dtype in dtypes:
            whole = exhaustive and dtype == "float32" and name in UNARY
            blocks = range(BLOCKS) if whole else [-1]
            tasks += [Task(target, name, dtype, number) for number in blocks]
    return tasks


@lru_cache(maxsize=4)
def _loaded(target: str) -> Implementation:
    return load(target, guard=Guard(seconds=5.0))


def perform(task: Task) -> dict[str, Any]:
    """Do a task in this process, and return what :func:`attempt` does."""
    return attempt(task, _loaded(task.target))


def attempt(task: Task, target: Implementation) -> dict[str, Any]:
    """Measure, whatever the target does.

    Returns
    -------
    dict
        ``tally``, and ``ends`` with what is wrong at infinities and NaN; or
        ``finding`` with what kept the function from being measured; or ``lacks`` with
        what the target does not offer.
    """
    if task.name not in target.names:
        return {"lacks": task.name}
    try:
        if not target.offers(task.name, task.dtype):
            return {"lacks": task.dtype}
        if task.name in ROWWISE:
            return {"tally": asdict(_rowwise(task, target)), "ends": []}
        tally = _block(task, target) if task.block >= 0 else _sampled(task, target)
        ends = _ends(task, target) if task.block < 1 else []
        return {"tally": asdict(tally), "ends": ends}
    except (Exception, HungError) as error:  # whatever a stranger's function raises
        return {"finding": _said(task.name, error)}


def _said(name: str, error: BaseException) -> str:
    text = " ".join(str(error).split())[:200]
    if isinstance(error, (AssertionError, HungError)):  # ours: they say who did what
        return text
    kind = type(error).__name__
    return f"{name} raises {kind}: {text}" if text else f"{name} raises {kind}"


def _called(task: Task, target: Implementation, x: NDArray[Any]) -> NDArray[Any]:
    """Call the function and insist on a result of the right shape."""
    function: Callable[..., Any] = getattr(target, task.name)
    # Neither inputs nor results are remembered, nor how the function behaves.
    target.guard.calls.clear()
    target.guard.conduct.clear()
    result = np.asarray(function(x))
    reduces = task.name in ROWWISE and ROWWISE[task.name].reduces
    shape = x.shape[:-1] if reduces else x.shape
    if result.shape != shape:
        message = f"{task.name} returns shape {result.shape} for {x.shape}"
        raise AssertionError(message)
    if result.dtype.kind not in "fiub":
        message = f"{task.name} returns dtype {result.dtype}"
        raise AssertionError(message)
    return result.astype(task.dtype, copy=False)


def _sampled(task: Task, target: Implementation) -> Tally:
    function, whole = UNARY[task.name], Tally()
    for x in parts(inputs(task.name, task.dtype), _BATCH):
        got = _called(task, target, x)
        if task.dtype == "float64":
            exact = function.exact(x)
            whole.merge(measure_exactly(x, got, exact, size=function.size(x)))
        else:
            whole.merge(measure_quickly(function, x, got))
    return whole


def _block(task: Task, target: Implementation) -> Tally:
    function, whole = UNARY[task.name], Tally()
    for x, _ in block(function, task.block):
        ends = place(x[[0, -1]])
        # A piece is of one binade, and ranges end where binades do, or at 0.
        at = int(ends[0]) if ends[0] == ends[1] else None
        whole.merge(measure_quickly(function, x, _called(task, target, x), at=at))
    return whole


def _ends(task: Task, target: Implementation) -> list[dict[str, str]]:
    """Compare the ends of the domain, and NaN, with the limits."""
    function = UNARY[task.name]
    points = [*function.domain, float("nan")]
    wrong = []
    for point, limit in zip(points, [*function.ends, float("nan")], strict=True):
        want = float(np.asarray(limit).astype(task.dtype))
        try:
            got = float(_called(task, target, np.array([point], task.dtype))[0])
            text = got.hex() if np.isfinite(got) else str(got)
        except Exception as error:
            got, text = np.inf if np.isnan(point) else np.nan, _said(task.name, error)
        if got != want and not (np.isnan(got) and np.isnan(want)):
            wrong.append({"x": f"{point:g}", "got": text, "want": f"{want:g}"})
    return wrong


def _rowwise(task: Task, target: Implementation) -> Tally:
    function, whole = ROWWISE[task.name], Tally()
    for length in LENGTHS:
        for kind, rows in families(length, task.dtype).items():
            got = _called(task, target, rows)
            wide = rows.astype(np.float64)
            exact = np.array([function.exact(row) for row in wide], dtype=object)
            largest = np.abs(wide.max(axis=-1))
            size: Any = largest if function.reduces else 0.0
            name = f"{kind}, {length} scores"
            names = [f"{name}, row {n}" for n in range(len(rows))]
            if not function.reduces:
                names = [f"{n}, entry {i}" for n in names for i in range(length)]
            points = largest if function.reduces else wide.ravel()
            whole.merge(
                measure_exactly(
                    points, got.ravel(), exact.ravel(), names=np.array(names), size=size
                )
            )
    return whole
