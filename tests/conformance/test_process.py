"""process: whatever stands between the command and a worker, the command goes on.

In place of the keeper stands a script that does what a keeper should not.
"""

import json
import os
import queue
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from reference.conformance import process
from reference.conformance.beacon import Beacon
from reference.conformance.laws import Law
from reference.conformance.process import Limits, Worker


@dataclass
class Nothing:
    """A request for nothing."""


@pytest.fixture
def kept_by(tmp_path, monkeypatch):
    """Return a function that starts a worker under a keeper that runs some code."""
    beacon = Beacon.create(tmp_path / "beacon")

    def start(code, limits=None):
        script = tmp_path / "keeper.py"
        script.write_text(code, encoding="utf-8")
        monkeypatch.setattr(process, "KEEPER", str(script))
        return Worker(Nothing(), limits or Limits(), beacon)

    yield start
    beacon.close()


def heard(worker, least=1):
    """Return the events of a worker until it ends, or until there are enough."""
    events, end = [], time.monotonic() + 30
    while len(events) < least and time.monotonic() < end:
        try:
            event = worker.next()
        except queue.Empty:
            time.sleep(0.01)
            continue
        if event is None:
            break
        events.append(event)
    return events


def test_lines_that_are_no_events_are_not_heard(kept_by):
    worker = kept_by(
        "print('[1]'); print('{}'); print('x'); print('{\"event\": \"done\"}')"
    )
    assert heard(worker, least=2) == [{"event": "done"}]
    assert worker.stop() == 0


def test_a_worker_that_took_too_much_memory_is_said_to_have(kept_by):
    end = '{"event": "ended", "status": -9, "reason": "memory"}'
    worker = kept_by(f"print('{end}')", Limits(memory=2.0))
    assert heard(worker) == []
    assert worker.ending(worker.stop()) == "takes more than 2 GB of memory"


def test_a_process_that_is_not_busy_is_late_at_last(kept_by):
    code = 'import sys; print(\'{"event": "loaded"}\', flush=True); sys.stdin.read()'
    worker = kept_by(code, Limits(load=0.05, law=0.05))
    assert heard(worker) == [{"event": "loaded"}]
    time.sleep(0.1)
    assert worker.late() == "the process does nothing"
    assert worker.stop() == 0


@pytest.mark.parametrize(("patience", "late"), [(1.0, True), (1000.0, False)])
def test_a_library_that_asks_for_more_time_gets_it_for_its_laws(
    kept_by, patience, late
):
    law = Law("a/test_a.py::test_b", "It holds", ("relu",), "mathematics", "a/a")
    events = [
        {"event": "loaded", "patience": patience},
        {"event": "start", "law": asdict(law)},
    ]
    lines = "\n".join(map(json.dumps, events))
    code = f"import sys; print({lines!r}, flush=True); sys.stdin.read()"
    worker = kept_by(code, Limits(load=60, law=0.05))
    assert len(heard(worker, least=2)) == 2
    time.sleep(0.1)
    assert bool(worker.late()) is late
    assert worker.stop() == 0


def test_a_keeper_that_does_not_end_is_ended_with_its_worker(kept_by, monkeypatch):
    monkeypatch.setattr(process, "GRACE", 0.2)
    code = """
import json, subprocess, sys, time
worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"],
                          start_new_session=True)
print(json.dumps({"event": "began", "pid": worker.pid}), flush=True)
print(json.dumps({"event": "loaded"}), flush=True)
time.sleep(60)
"""
    worker = kept_by(code)
    assert heard(worker) == [{"event": "loaded"}]
    pid = worker._began["pid"]
    assert os.getpgid(pid) == pid
    assert worker.stop() == -9
    end = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_running(pid)


def is_running(pid):
    """Say whether a process is there and not only its name."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        return text.rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
