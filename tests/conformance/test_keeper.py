"""keeper: nothing that a worker starts outlives it, and it fills no memory."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reference.conformance.keeper import descendants, size

ROOT = Path(__file__).resolve().parents[2]

# By name and not as a script, so that its lines are counted.
KEEPER = "reference.conformance.keeper"

MEBI = 2**20

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="asks Linux which processes there are"
)


def keep(source, limit=2**40):
    """Start a keeper whose worker runs some Python."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-m", KEEPER, str(limit), sys.executable, "-c", source],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )


def told(keeper):
    """Return what a keeper said at the end, and what the worker printed."""
    lines = [line for line in keeper.stdout.read().decode().splitlines() if line]
    keeper.wait()
    keeper.stdin.close()
    keeper.stdout.close()
    return json.loads(lines[-1]), lines[1:-1]


def lives(pid):
    """Say whether a process lives; one that only waits to be noticed does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pid):
    """Wait until a process is gone."""
    end = time.monotonic() + 10
    while lives(pid) and time.monotonic() < end:
        time.sleep(0.01)
    return not lives(pid)


def spoken(keeper):
    """Return the process that the first line names."""
    line = next(line for line in keeper.stdout if line.strip())
    return json.loads(line)["pid"]


@pytest.mark.parametrize(
    ("source", "status"),
    [("pass", 0), ("import sys; sys.exit(3)", 3), ("import os; os.abort()", -6)],
)
def test_it_says_how_the_worker_ended(source, status):
    event, _ = told(keep(source))
    assert event == {"event": "ended", "status": status, "reason": ""}


@pytest.mark.parametrize("own_session", [False, True])
def test_what_the_worker_leaves_is_ended(own_session):
    event, lines = told(
        keep(
            "import os, signal, subprocess, sys\n"
            "source = 'import signal, time\\n"
            "for n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\\n"
            "print(flush=True)\\ntime.sleep(600)'\n"
            "child = subprocess.Popen([sys.executable, '-c', source], "
            f"stdout=subprocess.PIPE, start_new_session={own_session})\n"
            "child.stdout.readline()\n"
            "print(child.pid, flush=True)\n"
            "os._exit(0)"
        )
    )
    assert event["status"] == 0
    assert gone(int(lines[0]))


def test_children_that_go_on_making_children_are_ended():
    source = (
        "import os, time\n"
        "print(os.getpid(), flush=True)\n"
        "for _ in range(3): os.fork()\n"
        "end = time.monotonic() + 5\n"
        "while time.monotonic() < end:\n"
        "    time.sleep(0.05)\n"
        "    if os.fork(): os._exit(0)\n"
    )
    before = time.monotonic()
    event, _ = told(keep(source))
    assert event["status"] == 0
    assert time.monotonic() - before < 4
    assert not descendants(os.getpid())


def test_when_the_other_end_lets_go_everything_ends():
    keeper = keep(
        "import signal, time\n"
        "for n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\n"
        "time.sleep(600)"
    )
    pid = spoken(keeper)
    keeper.stdin.write(b"still here")
    keeper.stdin.flush()
    assert lives(pid)
    keeper.stdin.close()
    last = json.loads(keeper.stdout.read())
    keeper.stdout.close()
    assert keeper.wait() == 0
    assert last == {"event": "ended", "status": -9, "reason": ""}
    assert gone(pid)


def test_nobody_need_listen():
    keeper = keep("import time; time.sleep(0.3)")
    pid = spoken(keeper)
    keeper.stdout.close()
    assert keeper.wait() == 0
    keeper.stdin.close()
    assert gone(pid)


def test_a_worker_ends_with_its_keeper():
    keeper = keep(
        "import time\n"
        "from reference.conformance.keeper import end_with_parent\n"
        "end_with_parent()\n"
        "print(flush=True)\n"
        "print('{}', flush=True)\n"
        "time.sleep(600)"
    )
    pid = spoken(keeper)
    assert next(line for line in keeper.stdout if line.strip()) == b"{}\n"
    os.kill(keeper.pid, signal.SIGKILL)
    assert keeper.wait() == -9
    keeper.stdin.close()
    keeper.stdout.close()
    assert gone(pid)


HOLDS = "data = bytearray({}); data[::4096] = b'x' * len(data[::4096])\n"


def test_a_worker_that_takes_too_much_memory_is_ended():
    source = f"import time\n{HOLDS.format(200 * MEBI)}time.sleep(600)"
    event, _ = told(keep(source, limit=100 * MEBI))
    assert event == {"event": "ended", "status": -9, "reason": "memory"}


def test_memory_of_children_counts():
    source = (
        "import os, time\nif not os.fork():\n"
        f"    {HOLDS.format(200 * MEBI)}\n    time.sleep(600)\ntime.sleep(600)"
    )
    event, _ = told(keep(source, limit=100 * MEBI))
    assert event["reason"] == "memory"


def test_memory_in_common_is_counted_once():
    source = (
        f"import os, time\n{HOLDS.format(100 * MEBI)}"
        "for _ in range(2): os.fork()\n"
        "time.sleep(1.5)"
    )
    event, _ = told(keep(source, limit=200 * MEBI))
    assert event == {"event": "ended", "status": 0, "reason": ""}


def test_who_is_gone_has_no_children_and_takes_no_memory():
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    assert descendants(done.pid) == []
    assert size([done.pid]) == 0
    assert size([os.getpid(), done.pid]) > MEBI
    assert size([os.getpid(), done.pid], limit=2**50) >= size([os.getpid()])
