"""What happens when somebody wants the command to end."""

import signal
import threading
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

__all__ = ["one_interrupt"]

# Ctrl-C, the polite request to end, and the end of the terminal, where they exist.
REQUESTS = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def one_interrupt() -> Iterator[None]:
    """Let the first request to end raise ``KeyboardInterrupt``, and ignore the rest.

    So a report of what was found so far is written in peace. A request that was
    ignored before, as under ``nohup``, stays so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what signals do
        return
    numbers = [getattr(signal, name) for name in REQUESTS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    heard = {n: how for n, how in before.items() if how not in (signal.SIG_IGN, None)}

    def first(number: int, frame: types.FrameType | None) -> NoReturn:
        del number, frame
        for other in heard:
            signal.signal(other, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in heard:
        signal.signal(number, first)
    try:
        yield
    finally:
        for number, how in heard.items():
            signal.signal(number, how)
