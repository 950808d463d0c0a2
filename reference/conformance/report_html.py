"""A report as one HTML page that needs nothing else."""

from html import escape

import reference
from reference.conformance.report import (
    COLUMNS,
    Cause,
    Report,
    changed,
    page_address,
    snippet,
)
from reference.conformance.report_text import partial
from reference.conformance.results import Run

__all__ = ["as_html"]

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
       padding: 0 1rem; }
code, pre { font: 14px/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .5rem .75rem; background: #8882; }
article { border-left: 4px solid #c33; padding-left: 1rem; margin: 1.5rem 0; }
article.departs, article.known { border-color: #b80; }
dl { display: grid; grid-template-columns: 7rem 1fr; gap: .2rem 1rem; }
dt { opacity: .75; } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #8884; }
th:first-child, td:first-child, td:last-child { text-align: left; }
""".strip()


def as_html(report: Report) -> str:
    """Write a report as one page."""
    run = report.run
    title = f"{run.target} {run.version}".strip()
    verdict = "The mathematics fails." if report.fails else "The mathematics holds."
    if run.interrupted:
        verdict = partial(run)
    body = [f"<h1>{escape(title)}</h1>", f"<p><strong>{verdict}</strong></p>"]
    checked = f"Checked against lemmata {reference.__version__}, seed {run.seed}."
    body.append(f"<p>{checked}</p>")
    body += _section("What fails", "fails", report.fails, run)
    if report.known:
        body.append("<h2>Known divergences</h2>")
    for entry, results in report.known:
        laws = "".join(f"<li>{escape(r.law.sentence)}</li>" for r in results)
        link = f' <a href="{escape(entry.link)}">discussion</a>' if entry.link else ""
        body.append(
            f'<article class="known"><p>{escape(entry.reason)}{link}</p>'
            f"<ul>{laws}</ul></article>"
        )
    if report.stale:
        items = "".join(f"<li>{escape(entry.reason)}</li>" for entry in report.stale)
        body.append(f"<h2>Stale divergences</h2><ul>{items}</ul>")
    body += _section("Departures from the contract", "departs", report.departs, run)
    body += ["<h2>Every function</h2>", _table(report)]
    missing = ", ".join(report.not_offered())
    if missing:
        body.append(f"<p>Not offered: {escape(missing)}.</p>")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}: report</title>\n<style>\n{_STYLE}\n</style>\n"
        f"</head>\n<body>\n<main>\n{chr(10).join(body)}\n</main>\n</body>\n</html>\n"
    )


def _section(heading: str, kind: str, causes: list[Cause], run: Run) -> list[str]:
    blocks = [_block(cause, kind, run) for cause in causes]
    return [f"<h2>{heading}</h2>", *blocks] if blocks else []


def _block(cause: Cause, kind: str, run: Run) -> str:
    failure, law = cause.failure, cause.results[0].law
    rows = [("law", escape(law.sentence))]
    rows += [("input", f"<code>{escape(call)}</code>") for call in failure.calls]
    if failure.detail and not changed(failure):
        rows.append(("detail", f"<pre>{escape(failure.detail)}</pre>"))
    if failure.expected:
        rows.append(("got", f"<code>{escape(failure.got)}</code>"))
        rows.append(("expected", f"<code>{escape(failure.expected)}</code>"))
    if failure.ulps is not None:
        rows.append(("off by", f"{failure.ulps:.3g} ulp"))
    if failure.bound:
        rows.append(("bound", escape(failure.bound)))
    if code := snippet(failure, run):
        rows.append(("try it", f"<pre>{escape(chr(10).join(code))}</pre>"))
    rows.append(("page", escape(page_address(law.page))))
    also = "".join(f"<li>{escape(r.law.sentence)}</li>" for r in cause.results[1:])
    if also:
        rows.append(("also fails", f"<ul>{also}</ul>"))
    listed = "".join(f"<dt>{label}</dt><dd>{text}</dd>" for label, text in rows)
    return (
        f'<article class="{kind}"><h3>{escape(failure.cause)}</h3>'
        f"<dl>{listed}</dl></article>"
    )


def _table(report: Report) -> str:
    heads = "".join(f'<th scope="col">{c}</th>' for c in ("", *COLUMNS, "offers"))
    lines = []
    for name, row in report.table().items():
        counts = "".join(f"<td>{row[column] or ''}</td>" for column in COLUMNS)
        offers = escape(", ".join(report.run.capabilities.get(name, [])))
        head = f'<th scope="row"><code>{name}</code></th>'
        lines.append(f"<tr>{head}{counts}<td>{offers}</td></tr>")
    return (
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    )
