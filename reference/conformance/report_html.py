"""A report as one HTML page that needs nothing else: no script, no other file."""

from collections import Counter
from html import escape

from reference.conformance.evidence import Row, evidence, page_address, words
from reference.conformance.known import Divergence
from reference.conformance.report import COLUMNS, Cause, Report, head, next_step
from reference.conformance.report_text import departure, partial
from reference.conformance.results import Result, Run

__all__ = ["as_html"]

_STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --soft: #57606a;
  --line: #d0d7de; --code: #f3f5f7; --link: #0550ae; --holds: #1a7f37;
  --fails: #cf222e; --known: #8250df; --departs: #9a6700; --rest: #8c959f; }
@media (prefers-color-scheme: dark) { :root { --paper: #0f1318; --ink: #e6edf3;
  --soft: #9aa5b1; --line: #343c46; --code: #1a2028; --link: #79b8ff;
  --holds: #3fb950; --fails: #ff7b72; --known: #c297ff; --departs: #d9a520;
  --rest: #6e7681; } }
* { box-sizing: border-box; }
body { font: 1rem/1.55 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem; }
main { overflow-wrap: anywhere; } .scroll { overflow-wrap: normal; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 0 0 .75rem; }
a { color: var(--link); }
code, pre { font: .875rem/1.5 ui-monospace, monospace; }
pre { white-space: pre-wrap; margin: 0; }
.about { color: var(--soft); margin: .25rem 0 1rem; }
.verdict { font-size: 1.15rem; font-weight: 600; margin: .75rem 0; }
.verdict.fails { color: var(--fails); } .verdict.holds { color: var(--holds); }
.bar { display: flex; height: .75rem; border-radius: .375rem; overflow: hidden;
  background: var(--line); gap: 2px; }
.bar span { min-width: 4px; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0;
  margin: .5rem 0 1rem; list-style: none; color: var(--soft); }
.legend span { display: inline-block; width: .7rem; height: .7rem;
  border-radius: 2px; margin-right: .4rem; }
.s-holds { background: var(--holds); } .s-fails { background: var(--fails); }
.s-known { background: var(--known); } .s-departs { background: var(--departs); }
.s-unjudged { background: var(--rest); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; margin: 0;
  list-style: none; }
article { border: 1px solid var(--line); border-left: 4px solid var(--fails);
  border-radius: .375rem; padding: 1rem; margin: 1rem 0; }
article.departs { border-left-color: var(--departs); }
article.known { border-left-color: var(--known); }
article p { margin: 0 0 .5rem; }
dl.evidence > div { display: grid; grid-template-columns: 6.5rem 1fr; gap: .75rem;
  margin: .25rem 0; }
dl { margin: 0; } dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
.evidence pre.try { background: var(--code); border-radius: .375rem;
  padding: .5rem .75rem; }
.words dt { color: var(--ink); font-weight: 600; } .words dd { margin: 0 0 .5rem; }
details { margin-top: .5rem; } summary { cursor: pointer; }
details ul { margin: .25rem 0; padding-left: 1.25rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: .25rem .75rem; text-align: right; white-space: nowrap;
  border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 400; }
th:first-child { text-align: left; padding-left: 0; font-weight: 400; }
td:last-child, thead th:last-child { text-align: left; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
@media (max-width: 34rem) {
  dl.evidence > div { grid-template-columns: 1fr; gap: 0; margin: .5rem 0; } }
@media print { body { max-width: none; padding: 0; font-size: 10pt; }
  article { break-inside: avoid; } details::details-content {
  content-visibility: visible; } nav { display: none; } }
""".strip()

# How laws stand that could be asked: with the style of the bar, and in words.
STANDINGS = (
    ("holds", "holds", "hold"),
    ("fails", "fails", "fail"),
    ("known", "known", "fail as is known"),
    ("departs", "departs", "depart from the contract"),
    ("not judged", "unjudged", "not judged"),
)

# The page asks nobody for anything, whatever a target has put into its messages.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def as_html(report: Report) -> str:
    """Write a report as one page."""
    run = report.run
    title = f"{run.target} {run.version}".strip()
    sections = [
        _summary(report, title),
        _causes("What fails", "fails", report.fails, run),
        _known(report),
        _stale(report),
        _departures(report),
    ]
    sections += [_words("".join(sections)), _every_function(report)]
    body = "\n".join(filter(None, sections))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{escape(title)}: report</title>\n<style>\n{_STYLE}\n</style>\n"
        f"</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _summary(report: Report, title: str) -> str:
    """Say first what matters: the verdict, the counts, where to look, what to do."""
    failing = {cause.failure.function: n for n, cause in _numbered(report.fails)[::-1]}
    total = len(report.table())
    apart = ", apart from what is known" if report.known else ""
    verdict, kind = f"The mathematics holds{apart}.", "holds"
    if failing:
        functions = "function" if total == 1 else "functions"
        verdict = f"The mathematics fails in {len(failing)} of {total} {functions}."
        kind = "fails"
    lines = [
        f"<header>\n<h1>{escape(title)}</h1>",
        f'<p class="about">{escape(", ".join(head(report)))}</p>',
        f'<p class="verdict {kind}">{verdict}</p>',
        f"<p>{escape(partial(report.run))}</p>" if report.run.interrupted else "",
        _bar(Counter(report.standing(r) for r in report.run.results.values())),
        "</header>",
    ]
    if failing:
        links = "".join(
            f'<li><a href="#cause-{n}"><code>{escape(name)}</code></a></li>'
            for name, n in sorted(failing.items(), key=lambda pair: pair[1])
        )
        command = f"<code>{escape(next_step(report))}</code>"
        lines += [
            f'<nav aria-label="Functions that fail"><ul>{links}</ul></nav>',
            f"<p>Mend one, and run {command}.</p>",
        ]
    return "\n".join(filter(None, lines))


def _bar(counts: Counter[str]) -> str:
    """Draw how many of the laws that could be asked stand how."""
    shown = [(name, style, text) for name, style, text in STANDINGS if counts[name]]
    parts = "".join(
        f'<span class="s-{style}" style="flex: {counts[name]}"></span>'
        for name, style, _ in shown
    )
    legend = "".join(
        f'<li><span class="s-{style}"></span>{counts[name]} {text}</li>'
        for name, style, text in shown
    )
    return (
        f'<div class="bar" aria-hidden="true">{parts}</div>\n'
        f'<ul class="legend" aria-label="Laws">{legend}</ul>'
    )


def _numbered(causes: list[Cause]) -> list[tuple[int, Cause]]:
    return list(enumerate(causes, start=1))


def _causes(heading: str, kind: str, causes: list[Cause], run: Run) -> str:
    if not causes:
        return ""
    cards = [_card(cause, kind, n, run) for n, cause in _numbered(causes)]
    return "\n".join([f"<h2>{heading}</h2>", *cards])


def _card(cause: Cause, kind: str, number: int, run: Run) -> str:
    """Write one cause."""
    name = f' id="cause-{number}"' if kind == "fails" else ""
    rows = "".join(_group(group) for group in _groups(evidence(cause, run)))
    page = _linked(page_address(cause.results[0].law.page))
    also = [r.law.sentence for r in cause.results[1:]]
    return (
        f'<article class="{kind}"{name}>\n<h3>{escape(cause.failure.cause)}</h3>\n'
        f'<dl class="evidence">{rows}<div><dt>page</dt><dd>{page}</dd></div></dl>\n'
        f"{_folded('also fails', also)}</article>"
    )


def _groups(rows: list[Row]) -> list[list[Row]]:
    """Put the lines that continue a row to it."""
    groups: list[list[Row]] = []
    for row in rows:
        if row.label or not groups:
            groups.append([])
        groups[-1].append(row)
    return groups


def _group(rows: list[Row]) -> str:
    label = rows[0].label
    code = "\n".join(escape(row.text) for row in rows if row.code)
    prose = " ".join(escape(row.text) for row in rows if not row.code)
    if label == "try it":
        code = f'<pre class="try">{code}</pre>'
    elif code:
        code = f"<pre>{code}</pre>"
    return f"<div><dt>{escape(label)}</dt><dd>{code}{prose}</dd></div>"


def _linked(address: str) -> str:
    text = escape(address)
    linkable = address.startswith(("https://", "http://"))
    return f'<a href="{text}">{text}</a>' if linkable else f"<code>{text}</code>"


def _folded(summary: str, laws: list[str]) -> str:
    """Write laws behind a summary that counts them."""
    if not laws:
        return ""
    count = f"{len(laws)} {'law' if len(laws) == 1 else 'laws'}"
    items = "".join(f"<li>{escape(law)}</li>" for law in laws)
    summary = f"{summary} {count}".strip()
    return f"<details><summary>{escape(summary)}</summary><ul>{items}</ul></details>\n"


def _known(report: Report) -> str:
    if not report.known:
        return ""
    counted = "counted, as --strict asks" if report.strict else "not counted"
    cards = [_divergence(entry, results) for entry, results in report.known]
    heading = "<h2>Known divergences</h2>"
    return "\n".join([heading, f"<p>Documented, and {counted}.</p>", *cards])


def _divergence(entry: Divergence, results: list[Result]) -> str:
    names = sorted({r.failure.function for r in results if r.failure})
    example = f"<p><code>{escape(entry.example)}</code></p>" if entry.example else ""
    link = f"<p>{_linked(entry.link)}</p>" if entry.link else ""
    return (
        f'<article class="known">\n<h3><code>{escape(", ".join(names))}</code></h3>\n'
        f"<p>{escape(entry.reason)}</p>{example}{link}"
        f"{_folded('', [r.law.sentence for r in results])}</article>"
    )


def _stale(report: Report) -> str:
    if not report.stale:
        return ""
    items = "".join(f"<li>{escape(entry.reason)}</li>" for entry in report.stale)
    return (
        "<h2>Stale divergences</h2>\n"
        f"<p>Listed as known, but these laws hold.</p><ul>{items}</ul>"
    )


def _departures(report: Report) -> str:
    if not report.departs:
        return ""
    heading = "Departures from the contract"
    if report.strict:
        return _causes(heading, "departs", report.departs, report.run)
    told: dict[str, list[str]] = {}
    for cause in report.departs:
        said = [f"It {habit}" for habit in map(departure, cause.results) if habit]
        said = said or [result.law.sentence for result in cause.results]
        told.setdefault(cause.failure.function, []).extend(said)
    folded = [_folded(f"{name}:", laws) for name, laws in told.items()]
    return "\n".join([f"<h2>{heading}</h2>", "<p>Not counted.</p>", *folded])


def _words(text: str) -> str:
    rows = "".join(f"<dt>{w}</dt><dd>{escape(means)}</dd>" for w, means in words(text))
    return f'<h2>Words</h2>\n<dl class="words">{rows}</dl>' if rows else ""


def _every_function(report: Report) -> str:
    """Write how many laws of each function stand how, and what is not offered."""
    heads = "".join(f'<th scope="col">{c}</th>' for c in (*COLUMNS, "offers"))
    lines = []
    for name, row in report.table().items():
        counts = "".join(f"<td>{row[column] or ''}</td>" for column in COLUMNS)
        offers = escape(", ".join(report.run.capabilities.get(name, [])))
        first = f'<th scope="row"><code>{escape(name)}</code></th>'
        lines.append(f"<tr>{first}{counts}<td>{offers}</td></tr>")
    missing = report.not_offered()
    lacking = ", ".join(f"<code>{escape(name)}</code>" for name in missing)
    folded = (
        f"<details><summary>{len(missing)} functions of the book are not offered"
        f"</summary><p>{lacking}</p></details>"
    )
    return (
        '<h2 id="functions">Every function</h2>\n'
        '<div class="scroll" tabindex="0" role="region" aria-labelledby="functions">'
        f'<table>\n<thead><tr><th scope="col">laws that</th>{heads}</tr></thead>\n'
        f"<tbody>\n{chr(10).join(lines)}\n</tbody></table></div>"
        f"{folded if missing else ''}"
    )
