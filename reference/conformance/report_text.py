"""A report for people: causes first, then the count."""

import textwrap

import reference
from reference.conformance.report import (
    COLUMNS,
    Cause,
    Report,
    changed,
    page_address,
    snippet,
)
from reference.conformance.results import Result, Run

__all__ = ["as_text", "block", "partial"]

WIDTH = 88


def as_text(report: Report) -> str:
    """Write a report for people."""
    run = report.run
    version = f" {run.version}" if run.version else ""
    checked = f"checked against lemmata {reference.__version__}, seed {run.seed}"
    parts = [f"{run.target}{version}, {checked}"]
    parts += [block(cause, run, "FAILS") for cause in report.fails]
    if report.known:
        parts.append(_known(report))
    if report.stale:
        parts.append(_stale(report))
    if report.departs:
        heading = "DEPARTS"
        if report.strict:
            parts += [block(cause, run, heading) for cause in report.departs]
        else:
            parts.append(_departures(report))
    parts += [_counts(report), _conclusion(report)]
    return "\n\n".join(parts) + "\n"


def partial(run: Run) -> str:
    """Say how far a run went that was interrupted."""
    return (
        f"PARTIAL: interrupted after {run.judged} of {len(run.laws)} laws; "
        "of the others nothing is said."
    )


def block(cause: Cause, run: Run, heading: str) -> str:
    """Write one cause: what is wrong, the evidence, and how to see it again."""
    failure, result = cause.failure, cause.results[0]
    lines = _wrapped(f"{heading}  {failure.cause}", hang=len(heading) + 2)
    rows = [("law", result.law.sentence)]
    rows += [("input", call) for call in failure.calls]
    if not changed(failure):
        rows += [("", line) for line in failure.detail.splitlines()]
    if failure.expected:
        rows += [("got", failure.got), ("expected", failure.expected)]
    if failure.ulps is not None:
        rows.append(("off by", f"{failure.ulps:.3g} ulp"))
    if failure.bound:
        rows.append(("bound", failure.bound))
    code = snippet(failure, run)
    rows += zip(["try it", "", ""], code, strict=False)
    rows.append(("page", page_address(result.law.page)))
    also = [other.law.sentence for other in cause.results[1:]]
    rows += [("also fails" if not i else "", text) for i, text in enumerate(also)]
    for label, text in rows:
        exact = text in code or label == "input"
        lines += _row(label, text, wrap=not exact)
    return "\n".join(lines)


def _row(label: str, text: str, *, wrap: bool) -> list[str]:
    start = f"  {label:<11}"
    return _wrapped(start + text, hang=len(start)) if wrap else [start + text]


def _wrapped(text: str, *, hang: int) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        subsequent_indent=" " * hang,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _known(report: Report) -> str:
    lines = ["KNOWN DIVERGENCES: documented, and not counted"]
    if report.strict:
        lines = ["KNOWN DIVERGENCES: documented, and counted, as --strict asks"]
    for entry, results in report.known:
        names = sorted({r.failure.function for r in results if r.failure})
        lines += _wrapped(f"  {', '.join(names)}: {entry.reason}", hang=4)
        lines += [f"    {entry.link}"] if entry.link else []
        for result in results:
            lines += _wrapped(f"    - {result.law.sentence}", hang=6)
    return "\n".join(lines)


def _stale(report: Report) -> str:
    lines = ["STALE: listed as known divergences, but these laws hold"]
    for entry in report.stale:
        lines += _wrapped(f"  {entry.reason}", hang=4)
        lines += [f"    - {law}" for law in entry.laws]
    return "\n".join(lines)


def _departures(report: Report) -> str:
    lines = ["DEPARTS FROM THE CONTRACT: listed, and not counted without --strict"]
    told: dict[str, list[str]] = {}
    for cause in report.departs:
        for result in cause.results:
            told.setdefault(cause.failure.function, []).append(_departure(result))
    for function, departures in told.items():
        lines.append(f"  {function}")
        for departure in dict.fromkeys(departures):
            lines += _wrapped(f"    - {departure}", hang=6)
    return "\n".join(lines)


def _departure(result: Result) -> str:
    """Write a departure in a line: what the function does, or the law it breaks."""
    failure = result.failure
    if failure is None or failure.kind != "conduct":
        return result.law.sentence
    detail = failure.detail.partition("\n")[0]
    habit = failure.cause.removeprefix(failure.function).strip()
    return f"It {habit} ({detail})" if detail else f"It {habit}"


def _counts(report: Report) -> str:
    table = report.table()
    used = [
        c
        for c in COLUMNS
        if c in ("holds", "fails") or any(row[c] for row in table.values())
    ]
    width = max((len(name) for name in table), default=0)
    lines = ["  ".join([f"{'':<{width}}", *used, "offers"])]
    for name, row in table.items():
        counts = [f"{row[column] or '.':>{len(column)}}" for column in used]
        offers = " ".join(report.run.capabilities.get(name, []))
        lines.append("  ".join([f"{name:<{width}}", *counts, offers]).rstrip())
    missing = report.not_offered()
    if missing:
        lines += ["", *_wrapped(f"Not offered: {', '.join(missing)}", hang=2)]
    return "\n".join(lines)


def _conclusion(report: Report) -> str:
    table = report.table()
    if report.run.interrupted:
        return partial(report.run)
    bad = [name for name, row in table.items() if row["fails"]]
    if bad:
        names = ", ".join(bad)
        return "\n".join(_wrapped(f"The mathematics fails in {names}.", hang=2))
    holds = sum(report.standing(r) == "holds" for r in report.run.results.values())
    apart = ", apart from what is known" if report.known else ""
    laws = "1 law" if holds == 1 else f"{holds} laws"
    functions = "1 function" if len(table) == 1 else f"{len(table)} functions"
    return f"The mathematics holds{apart}: {laws} of {functions}."
