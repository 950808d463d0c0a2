"""The process that plays the probes: whatever it dies of, the command lives."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from reference.conformance.beacon import Beacon
from reference.conformance.calls import EndedError, HungError
from reference.conformance.guard import Guard
from reference.conformance.identify_target import Subject, contract_default, subjects
from reference.conformance.target import TargetError
from reference.conformance.values import UnusableError
from reference.conformance.variants import Probe
from reference.conformance.variants.predictions import rounded
from reference.conformance.worker import Emit, serve

__all__ = ["Request", "main"]

# A library that compiles takes long over its first calls.
PATIENCE = 4.0


@dataclass(frozen=True)
class Request:
    """What to ask.

    Attributes
    ----------
    target, name : str
        As :func:`reference.conformance.identify_target.subjects` takes them.
    done : list of str
        The keys of subjects not to ask again.
    seconds : float
        How long one call may take.
    beacon : str
        The file behind the beacon.
    """

    target: str
    name: str = ""
    done: list[str] = field(default_factory=list)
    seconds: float = 2.0
    beacon: str = ""


def ask(request: Request, emit: Emit) -> None:
    """Load a target, play what it can be asked, and emit what it returns."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    guard = Guard(seconds=request.seconds, beacon=Beacon(Path(request.beacon)))
    try:
        found = subjects(request.target, request.name)
    except TargetError as error:
        emit({"event": "unloadable", "reason": str(error)})
        return
    library = sys.modules.get(request.target.partition(":")[0].partition(".")[0])
    version = str(getattr(library, "__version__", ""))
    emit({"event": "loaded", "version": version, "total": len(found)})
    guard.patience = PATIENCE if "jax" in sys.modules else 1.0
    for subject in found:
        key = f"{subject.label} {subject.family.name}"
        if key not in request.done:
            _play(subject, key, guard, emit)


def _play(subject: Subject, key: str, guard: Guard, emit: Emit) -> None:
    fixed, names = _fixed(subject)
    emit(
        {
            "event": "subject",
            "key": key,
            "label": subject.label,
            "family": subject.family.name,
            "defaults": dict(subject.defaults),
            "fixed": fixed,
            "probes": names,
        }
    )
    wide = [_answers(subject, guard, options, names, np.float64) for options in fixed]
    if all("finding" in answer for answers in wide for answer in answers.values()):
        # Perhaps it takes float32 and nothing else.
        small = [
            _answers(subject, guard, options, names, np.float32) for options in fixed
        ]
        if any("values" in answer for answers in small for answer in answers.values()):
            wide = small
    emit({"event": "played", "key": key, "answers": wide})


def _fixed(subject: Subject) -> tuple[list[dict[str, Any]], list[str]]:
    """Return what options may be fixed at in the target, and the probes to play."""
    family, taken = subject.family, subject.spelling()

    def can_ask(probe: Probe) -> bool:
        return all(
            name in taken
            or name in family.fixed
            or value == contract_default(family.functions[-1], name)
            for name, value in probe.options.items()
        )

    probes = [probe for probe in family.probes if can_ask(probe)]
    lacking = [
        name
        for name in family.fixed
        if name not in taken and any(name in p.options for p in probes)
    ]
    values = product(*(family.fixed[name] for name in lacking))
    return [dict(zip(lacking, v, strict=True)) for v in values], [
        probe.name for probe in probes
    ]


def _answers(
    subject: Subject,
    guard: Guard,
    fixed: dict[str, Any],
    names: list[str],
    dtype: Any,
) -> dict[str, Any]:
    """Play the probes, and return for each what came out of it."""
    answers: dict[str, Any] = {}
    play = subject.family.play
    for probe in _probes(subject, names):
        asked = rounded(probe.at(**fixed), dtype)
        guard.calls.clear()
        guard.conduct.clear()
        try:
            result = np.asarray(play(subject.guarded(guard), asked))
        except HungError as error:
            return {name: {"finding": str(error)} for name in names}
        except (EndedError, UnusableError) as error:
            answers[probe.name] = {"finding": str(error)}
        except Exception as error:  # whatever the target raises is what it answers
            text = f": {error}" if str(error) else ""
            finding = f"{subject.label} raises {type(error).__name__}{text}"
            answers[probe.name] = {"finding": finding.splitlines()[0]}
        else:
            answers[probe.name] = _readable(result, subject.label)
    return answers


def _probes(subject: Subject, names: list[str]) -> Iterator[Probe]:
    return (probe for probe in subject.family.probes if probe.name in names)


def _readable(result: Any, label: str) -> dict[str, Any]:
    if result.dtype.kind not in "fiub":
        return {"finding": f"{label} returns {result.dtype}, and no real numbers"}
    floating = result.dtype in (np.float16, np.float32, np.float64)
    return {
        "values": result.astype(np.float64).tolist(),
        "dtype": result.dtype.name if floating else "float64",
    }


def main() -> None:
    """Serve one request."""
    serve(lambda fields, emit: ask(Request(**fields), emit))


if __name__ == "__main__":
    main()
