"""A report for people: causes first, then the count."""

import textwrap

from reference.conformance.evidence import Row, evidence, page_address, words
from reference.conformance.report import COLUMNS, Cause, Report, head, next_step
from reference.conformance.results import Result, Run

__all__ = ["as_text", "block", "departure", "partial"]

WIDTH = 88

# So many names or laws are listed; of more, it is told how many there are.
MANY = 8


def as_text(report: Report) -> str:
    """Write a report for people."""
    run = report.run
    version = f" {run.version}" if run.version else ""
    parts = ["\n".join(_wrapped(f"{run.target}{version}, {', '.join(head(report))}"))]
    if run.interrupted:
        parts.append(partial(run))
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
    if explained := words("\n".join(parts[1:])):
        parts.append(_glossary(explained))
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
    lines = _wrapped(f"{heading}  {cause.failure.cause}", hang=len(heading) + 2)
    rows = [*evidence(cause, run), Row("page", page_address(cause.results[0].law.page))]
    also = [other.law.sentence for other in cause.results[1:]]
    if len(also) > MANY:
        also[MANY - 1 :] = [f"and {len(also) - MANY + 1} more laws"]
    rows += [Row("also fails" if not i else "", text) for i, text in enumerate(also)]
    for row in rows:
        start = f"  {row.label:<11}"
        text = f"{start}{row.text}"
        lines += [text] if row.code else _wrapped(text, hang=len(start))
    return "\n".join(lines)


def _wrapped(text: str, *, hang: int = 2) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        subsequent_indent=" " * hang,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _glossary(explained: list[tuple[str, str]]) -> str:
    """Explain the words that were used."""
    lines = ["WORDS"]
    for word, means in explained:
        lines += _wrapped(f"  {word}: {means}", hang=4)
    return "\n".join(lines)


def _known(report: Report) -> str:
    lines = ["KNOWN DIVERGENCES: documented, and not counted"]
    if report.strict:
        lines = ["KNOWN DIVERGENCES: documented, and counted, as --strict asks"]
    for entry, results in report.known:
        names = sorted({r.failure.function for r in results if r.failure})
        lines += _wrapped(f"  {', '.join(names)}: {entry.reason}", hang=4)
        lines += [f"    {line}" for line in (entry.example, entry.link) if line]
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
    lines = [
        "DEPARTS FROM THE CONTRACT: not counted, and told one by one with --strict"
    ]
    told: dict[str, list[str]] = {}
    for cause in report.departs:
        for result in cause.results:
            told.setdefault(cause.failure.function, []).append(departure(result))
    for function, departures in told.items():
        habits = [text for text in dict.fromkeys(departures) if text]
        laws = departures.count("")
        habits += [f"breaks {laws} {'law' if laws == 1 else 'laws'}"] * bool(laws)
        lines += _wrapped(f"  {function}: {'; '.join(habits)}", hang=4)
    return "\n".join(lines)


def departure(result: Result) -> str:
    """Write a habit in a line; nothing of a law."""
    failure = result.failure
    if failure is None or failure.kind != "conduct":
        return ""
    detail = failure.detail.partition("\n")[0]
    habit = failure.cause.removeprefix(failure.function).strip()
    return f"{habit} ({detail})" if detail else habit


def _counts(report: Report) -> str:
    table = report.table()
    used = [
        c
        for c in COLUMNS
        if c in ("holds", "fails") or any(row[c] for row in table.values())
    ]
    width = max((len(name) for name in (*table, "laws that")), default=0)
    lines = ["  ".join([f"{'laws that':<{width}}", *used, "offers"])]
    for name, row in table.items():
        counts = [f"{row[column] or '.':>{len(column)}}" for column in used]
        offers = " ".join(report.run.capabilities.get(name, []))
        lines.append("  ".join([f"{name:<{width}}", *counts, offers]).rstrip())
    missing = report.not_offered()
    if len(missing) > MANY:
        total = len(missing) + len(table)
        lines += [
            "",
            f"Not offered: {len(missing)} of the {total} functions of the book.",
        ]
    elif missing:
        lines += ["", *_wrapped(f"Not offered: {', '.join(missing)}")]
    return "\n".join(lines)


def _conclusion(report: Report) -> str:
    table = report.table()
    if report.run.interrupted:
        return partial(report.run)
    bad = [name for name, row in table.items() if row["fails"]]
    if bad:
        names = ", ".join(bad)
        lines = _wrapped(f"The mathematics fails in {names}.")
        return "\n".join([*lines, f"Next: mend one, and run {next_step(report)}"])
    holds = sum(report.standing(r) == "holds" for r in report.run.results.values())
    apart = ", apart from what is known" if report.known else ""
    laws = "1 law" if holds == 1 else f"{holds} laws"
    functions = "1 function" if len(table) == 1 else f"{len(table)} functions"
    return f"The mathematics holds{apart}: {laws} of {functions}."
