"""The parent of a worker: it ends whatever the worker leaves, and says how it went.

A worker may start processes, kill its parent, or fill the memory; and the command that
waits for it may itself be killed. So a process of its own stands between them. It runs
as a script and imports nothing but the standard library, so that it starts at once.

Its arguments are the most memory that a worker and its children may take, in bytes,
and the worker's command line. When its standard input ends, so does everything: the
command holds the other end, and lets go of it whatever becomes of the command.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

__all__ = ["descendants", "end_with_parent", "main", "size"]

# What Linux calls the wish to end with one's parent, and to adopt orphans.
END_WITH_PARENT, ADOPT_ORPHANS = 1, 36

# Seconds between two looks at the memory.
PERIOD = 0.25

# Seconds for which children are hunted that go on making children.
HUNT = 5.0


def main() -> None:
    """Run a worker to its end, or to its limits."""
    limit, *command = sys.argv[1:]
    _ask_system(ADOPT_ORPHANS, 1)
    worker = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    threading.Thread(target=_wait_for_the_end, args=(worker,), daemon=True).start()
    _say({"event": "began", "pid": worker.pid})
    reason = _watch(worker, int(limit))
    _end(worker)
    _say({"event": "ended", "status": worker.wait(), "reason": reason})


def end_with_parent() -> None:
    """Let this process be killed when its parent ends."""
    _ask_system(END_WITH_PARENT, 9)


def _ask_system(request: int, argument: int) -> None:
    """Ask Linux for something; elsewhere nothing is asked."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).prctl(request, argument, 0, 0, 0)


def _say(event: dict[str, Any]) -> None:
    """Write an event to the standard output, on a line of its own."""
    with suppress(OSError):  # nobody listens any more
        os.write(1, f"\n{json.dumps(event)}\n".encode())


def _wait_for_the_end(worker: subprocess.Popen[bytes]) -> None:
    """End the worker when nobody holds the other end of the standard input."""
    while os.read(0, 1):
        pass
    worker.kill()


def _watch(worker: subprocess.Popen[bytes], limit: int) -> str:
    """Wait until a worker ends, and return why it has to be ended before."""
    while True:
        with suppress(subprocess.TimeoutExpired):
            worker.wait(timeout=PERIOD)
            return ""
        if size(descendants(os.getpid()), limit) > limit:
            return "memory"


def _end(worker: subprocess.Popen[bytes]) -> None:
    """End a worker, its group, and all processes that it has left."""
    with suppress(OSError, AttributeError):  # gone, or there are no groups
        os.killpg(worker.pid, signal.SIGKILL)
    worker.kill()
    worker.wait()
    end = time.monotonic() + HUNT
    while (left := descendants(os.getpid())) and time.monotonic() < end:
        for pid in left:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            with suppress(OSError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.001)


def descendants(pid: int) -> list[int]:
    """Return the processes below one; none where the system does not tell."""
    found, waiting = [], [pid]
    while waiting:
        folder = Path(f"/proc/{waiting.pop()}/task")
        with suppress(OSError):  # it has just ended
            for task in folder.iterdir():
                text = (task / "children").read_text()
                children = [int(word) for word in text.split()]
                found += children
                waiting += children
    return found


def size(pids: list[int], limit: int = 0) -> int:
    """Return the bytes that processes take; 0 where the system does not tell.

    Above the limit, what they have in common is counted once and not for each.
    """
    taken = sum(map(_resident, pids))
    return taken if taken <= limit else min(taken, sum(map(_proportional, pids)))


def _resident(pid: int) -> int:
    """Return the bytes that a process has in memory."""
    with suppress(OSError):
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _proportional(pid: int) -> int:
    """Return the bytes of a process, less what others have of those it shares."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return 1024 * sum(int(li.split()[1]) for li in lines if li.startswith("Pss:"))
    return _resident(pid)


if __name__ == "__main__":
    main()
