"""A line on the terminal that says how far things are."""

import shutil
import sys
from types import TracebackType
from typing import Self

__all__ = ["Bar"]


class Bar:
    """A progress bar on the standard error; silent where that is not a terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __call__(self, done: int, total: int, name: str) -> None:
        """Show that ``done`` of ``total`` are done, and what comes next."""
        if not self._shown:
            return
        cells = 24 * done // max(total, 1)
        bar = "█" * cells + "·" * (24 - cells)
        room = max(shutil.get_terminal_size().columns - 1, 40)
        line = f"{bar} {done}/{total} {name}"[:room]
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.clear()

    def clear(self) -> None:
        """Make room for other output."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
