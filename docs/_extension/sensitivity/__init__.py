"""Who catches what: faults and defects put to four checkers, and kept in a file.

``python -m docs._extension.sensitivity`` puts every planted fault, and every defect
that a machine can give to any function and its gradient, to ``lemmata check``, to the
gradient checkers of PyTorch and JAX, and to a comparison with a library on random
inputs. It writes `docs/reference/sensitivity.json`; with names of faults or defects,
only those are judged again. The page shows what the file holds.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from docs._extension.book import ROOT, BookError

__all__ = [
    "CHECKERS",
    "DATA",
    "FAULTS",
    "Count",
    "chapter_of",
    "count",
    "data",
    "faults",
    "what_is_wrong",
]

DATA = ROOT / "docs" / "reference" / "sensitivity.json"
FAULTS = ROOT / "tests" / "faults"

# Columns of the file, and what the page calls them.
CHECKERS = {
    "ours": "lemmata check",
    "gradcheck": "gradcheck",
    "check_grads": "check_grads",
    "allclose": "allclose",
}


class Count(NamedTuple):
    """How many cases a checker caught, of those it could be asked about, of all."""

    caught: int
    asked: int
    all: int

    def __str__(self) -> str:
        return f"{self.caught:,} of {self.asked:,}" if self.asked else "—"

    @property
    def of_all(self) -> str:
        """The share of all cases, asked about or not, in whole percent."""
        return f"{100 * self.caught / self.all:.0f} %"


def count(rows: Iterable[dict[str, Any]], checker: str) -> Count:
    """Count the verdicts of one checker."""
    verdicts = [row[checker] for row in rows]
    asked = [verdict for verdict in verdicts if verdict != "-"]
    return Count(asked.count("caught"), len(asked), len(verdicts))


def faults() -> list[str]:
    """Return the names of all planted faults."""
    return sorted(path.stem for path in FAULTS.glob("[!_]*.py"))


def data() -> dict[str, Any]:
    """Read the file."""
    return _read(DATA.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(stamp: int) -> dict[str, Any]:
    del stamp
    return dict(json.loads(DATA.read_text(encoding="utf-8")))


def chapter_of(fault: str) -> str:
    """Return the chapter of the concept that a fault is named for."""
    concept = fault.partition("__")[0]
    for path in (ROOT / "tests").glob(f"*/test_{concept}.py"):
        return path.parent.name
    message = f"{fault} is named for no concept; run the command again"
    raise BookError(message)


def what_is_wrong(fault: str) -> str:
    """Return what the file of a fault says of it."""
    path = FAULTS / f"{fault}.py"
    if not path.is_file():
        message = f"there is no fault {fault}: python -m docs._extension.sensitivity"
        raise BookError(message)
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
