"""What was measured, for people and for programs."""

import json
import math
from dataclasses import asdict
from typing import Any

from reference.conformance.accuracy_run import Measured
from reference.conformance.accuracy_tally import KINDS, range_name
from reference.conformance.accuracy_truth import UNARY

__all__ = ["as_json", "as_text"]


def as_text(measured: list[Measured], head: dict[str, Any], broken: list[str]) -> str:
    """Write a table, then what could not be measured, then broken promises."""
    version = f" {head['version']}" if head["version"] else ""
    lines = [
        f"{head['target']}{version}, measured by lemmata {head['lemmata']} "
        f"(numpy {head['numpy']})",
        "",
    ]
    shown = [m for m in measured if m.tally.inputs]
    width = max([len(m.name) for m in shown], default=8)
    lines.append(
        f"{'function':<{width}}  {'dtype':<7}  {'inputs':>13}  {'correct':>11}  "
        f"{'max ulp':>8}  wrong  worst input"
    )
    lines += [_row(m, width) for m in shown]
    few = len({m.name for m in shown}) <= 2
    for m in shown if few else []:
        lines += ["", f"{m.name}, {m.dtype}, by range of x", *_ranges(m)]
    lines += _details(shown)
    for m in measured:
        lines += [f"FINDING  {m.name}, {m.dtype}: {text}" for text in m.findings]
    lines += [f"PROMISE  {text}" for text in broken]
    lacking = sorted({f"{m.name} ({m.lacks})" for m in measured if m.lacks == m.dtype})
    if lacking:
        lines += ["", f"Dtypes not kept: {', '.join(lacking)}"]
    return "\n".join(lines) + "\n"


def _row(m: Measured, width: int) -> str:
    tally = m.tally
    kinds = sum(note["count"] for note in tally.kinds.values())
    part = "" if m.blocks == m.of else f"  ({m.blocks} of {m.of} blocks)"
    return (
        f"{m.name:<{width}}  {m.dtype:<7}  {tally.inputs:>13,}  "
        f"{_percent(tally.correct, tally.inputs):>11}  {_ulps(tally.ulps):>8}  "
        f"{kinds or '.':>5}  {tally.worst.get('x', '')}{part}"
    )


def _percent(correct: int, inputs: int) -> str:
    """Write a share; only all of them are 100 %."""
    wrong = inputs - correct
    if not wrong:
        return "100 %"
    text = f"{100 * correct / inputs:.3f} %"
    return f"all but {wrong}" if text.startswith("100") else text


def _ulps(ulps: float) -> str:
    if ulps <= 0.5:
        return "0.5"
    return f"{ulps:.4g}" if ulps >= 0.50005 else "0.5000"


def _ranges(m: Measured) -> list[str]:
    rows = sorted((int(place), row) for place, row in m.tally.ranges.items())
    return [
        f"  {range_name(place):<24}  {int(inputs):>13,}  "
        f"{_percent(int(correct), int(inputs)):>11}  {_ulps(ulps):>8}"
        for place, (inputs, correct, ulps) in rows
    ]


def _details(shown: list[Measured]) -> list[str]:
    lines = []
    for m in shown:
        for kind in KINDS:
            note = m.tally.kinds.get(kind)
            if note:
                what = "the wrong sign" if kind == "sign" else kind
                lines.append(
                    f"{m.name}, {m.dtype}: {what}, {note['count']:,} times, as at "
                    f"{note['x']}: got {note['got']}, expected {note['want']}"
                )
        for end in m.ends:
            lines.append(
                f"{m.name}, {m.dtype}: at {end['x']} got {end['got']}, "
                f"the limit is {end['want']}"
            )
    return ["", *lines] if lines else []


def as_json(measured: list[Measured], head: dict[str, Any], broken: list[str]) -> str:
    """Write the report for programs; a sweep's entry is its certificate."""
    results = []
    for m in measured:
        tally = asdict(m.tally)
        tally["ulps"] = m.tally.ulps if math.isfinite(m.tally.ulps) else None
        tally["ranges"] = {
            range_name(int(place)): {
                "inputs": row[0],
                "correct": row[1],
                "ulps": row[2],
            }
            for place, row in sorted(tally["ranges"].items(), key=lambda i: int(i[0]))
        }
        results.append(
            {
                "function": m.name,
                "dtype": m.dtype,
                "exhaustive": m.of > 1 or (m.dtype == "float16" and m.name in UNARY),
                "complete": m.blocks == m.of,
                "findings": m.findings,
                "lacks": m.lacks,
                "ends": m.ends,
                **tally,
            }
        )
    content = {**head, "broken_promises": broken, "results": results}
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
