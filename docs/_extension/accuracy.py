"""The atlas of accuracy: measured by one command, kept in a file, rendered on a page.

``python -m docs._extension.accuracy`` measures the reference and every library that has
an adapter and is installed, and writes `docs/reference/accuracy.json`; with names, only
those are measured again. The page shows what the file holds.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from docs._extension.blocks import BookBlock
from docs._extension.book import ROOT, BookError
from docs._extension.html import Element, plain, table, tag
from reference.conformance.accuracy_tasks import DTYPES
from reference.conformance.cli import main as lemmata
from reference.conformance.target import ADAPTERS

__all__ = ["DATA", "SWEEPS", "AccuracyBlock", "atlas", "measure", "sweeps"]

DATA = ROOT / "docs" / "reference" / "accuracy.json"
SWEEPS = DATA.parent / "sweeps"

# What the file keeps of a report.
_HEAD = ("version", "lemmata", "numpy", "python", "machine")
_KEPT = ("inputs", "correct", "ulps", "worst", "kinds", "ends", "digest")


@cache
def atlas() -> dict[str, Any]:
    """Read the file."""
    return dict(json.loads(DATA.read_text(encoding="utf-8")))


@cache
def sweeps() -> dict[str, dict[str, Any]]:
    """Read the certificates: what came out for each function, on all float32."""
    reports = (json.loads(p.read_text("utf-8")) for p in sorted(SWEEPS.glob("*.json")))
    return {
        result["function"]: {**{key: report[key] for key in _HEAD}, **result}
        for report in reports
        for result in report["results"]
    }


def measure(target: str, folder: Path) -> dict[str, Any] | None:
    """Measure one target; None if it cannot be loaded."""
    path = folder / "report.json"
    path.unlink(missing_ok=True)
    lemmata(["accuracy", target, "--report", str(path)])
    if not path.exists():
        return None
    report = json.loads(path.read_text(encoding="utf-8"))
    results = [
        {
            "function": r["function"],
            "dtype": r["dtype"],
            **{key: r[key] for key in _KEPT},
        }
        for r in report["results"]
        if r["inputs"]
    ]
    return {**{key: report[key] for key in _HEAD}, "results": results}


def update(targets: list[str]) -> None:
    """Measure targets and put them into the file."""
    content = json.loads(DATA.read_text(encoding="utf-8")) if DATA.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        for target in targets:
            measured = measure(target, Path(folder))
            if measured and measured["results"]:
                content[target] = measured
    order = [name for name in ("reference", *ADAPTERS) if name in content]
    text = json.dumps({name: content[name] for name in order}, indent=1)
    DATA.write_text(f"{text}\n", encoding="utf-8")


class AccuracyBlock(BookBlock):
    """``/// accuracy | float64``: every function and library in one dtype."""

    NAME = "accuracy"
    ARGUMENT = True

    def make(self) -> Element:
        """Write a table of the largest errors, and below it one of all there is."""
        dtype = self.argument.strip()
        if dtype not in DTYPES:
            message = f"accuracy is of {', '.join(DTYPES)}, got {dtype!r}"
            raise BookError(message)
        found = {
            (r["function"], target): r
            for target, measured in atlas().items()
            for r in measured["results"]
            if r["dtype"] == dtype
        }
        head = ["function", "library", "max ulp", "correctly rounded", "worst input"]
        head += ["wrong 0, inf, nan, sign"]
        order = sorted(found, key=lambda pair: (pair[0], list(atlas()).index(pair[1])))
        rows = [_row(target, found[name, target]) for name, target in order]
        whole = table(head, rows, label=f"Accuracy in {dtype}")
        summary = tag("summary", "With shares, worst inputs and wrong results")
        return tag("div", _largest(found, dtype), tag("details", summary, whole))


def _largest(found: dict[tuple[str, str], dict[str, Any]], dtype: str) -> Element:
    """Write the largest error of each function, a column for each library."""
    names = sorted({name for name, _ in found})
    targets = [t for t in atlas() if any(target == t for _, target in found)]
    rows: list[list[Element | str]] = [
        [
            tag("code", plain(name)),
            *(plain(_cell(found.get((name, target)))) for target in targets),
        ]
        for name in names
    ]
    head = ["function", *targets]
    return table(head, rows, label=f"Largest error in {dtype}, in ulp")


def _cell(result: dict[str, Any] | None) -> str:
    """Write a largest error; a star says that results are wrong beyond it."""
    if result is None:
        return ""
    return ulps(result["ulps"], digits=2) + "*" * bool(result["kinds"])


class SweepsBlock(BookBlock):
    """``/// sweeps``: for which functions all float32 have been tried."""

    NAME = "sweeps"

    def make(self) -> Element:
        """Write a table of the certificates."""
        rows: list[list[Element | str]] = [
            [
                tag("code", plain(name)),
                plain(f"{result['inputs']:,}"),
                plain(f"{result['inputs'] - result['correct']:,}"),
                plain(f"{result['decided'] + result['audited']:,}"),
                f"[{name}.json](sweeps/{name}.json)",
            ]
            for name, result in sweeps().items()
        ]
        head = ["function", "inputs", "not correctly rounded", "by definition"]
        return table([*head, "certificate"], rows, label="Sweeps of float32")


class MeasuredBlock(BookBlock):
    """``/// measured``: what was measured, in which version."""

    NAME = "measured"

    def make(self) -> Element:
        """Write a table of versions."""
        rows: list[list[Element | str]] = [
            [
                plain(target),
                plain(found["version"]),
                plain(found["numpy"]),
                plain(f"{found['python']}, {found['machine']}"),
            ]
            for target, found in atlas().items()
        ]
        head = ["library", "version", "NumPy", "Python, processor"]
        return table(head, rows, label="What was measured")


def _row(target: str, result: dict[str, Any]) -> list[Element | str]:
    kinds = {kind: note["count"] for kind, note in result["kinds"].items()}
    wrong = ", ".join(f"{count:,} × {kind}" for kind, count in kinds.items())
    return [
        tag("code", plain(result["function"])),
        plain(target),
        plain(ulps(result["ulps"])),
        plain(share(result)),
        tag("code", plain(worst(result))) if result["worst"] else "",
        plain(wrong),
    ]


def ulps(value: float | None, *, digits: int = 4) -> str:
    """Write an error."""
    if value is None:
        return "∞"
    if value <= 0.5:
        return "0.5"
    if 10**digits <= value < 10_000:
        return f"{value:.0f}"
    return re.sub(r"e\+0*", "e", f"{value:.{digits}g}")


def share(result: dict[str, Any]) -> str:
    """Write the share of correctly rounded results; only all of them are 100 %."""
    wrong = result["inputs"] - result["correct"]
    if not wrong:
        return "100 %"
    text = f"{100 * result['correct'] / result['inputs']:.2f} %"
    return f"all but {wrong}" if text.startswith("100") else text


def worst(result: dict[str, Any]) -> str:
    """Write the input of the largest error, without the zeros at its end."""
    x = result["worst"]["x"]
    mantissa, _, exponent = x.partition("p")
    return f"{mantissa.rstrip('0').rstrip('.')}p{exponent}" if exponent else x


BLOCKS = (AccuracyBlock, MeasuredBlock, SweepsBlock)

if __name__ == "__main__":
    update(sys.argv[1:] or ["reference", *ADAPTERS])
