"""A report for programs: JSON, and JUnit XML for continuous integration."""

import json
from collections import Counter
from dataclasses import asdict
from xml.etree import ElementTree

import reference
from reference.conformance.evidence import page_address, snippet
from reference.conformance.report import Cause, Report
from reference.conformance.report_text import block
from reference.conformance.results import Result, Run

__all__ = ["as_json", "as_xml"]


def as_json(report: Report) -> str:
    """Write a report for programs."""
    run = report.run
    content = {
        "format": 1,
        "lemmata": reference.__version__,
        "target": run.target,
        "version": run.version,
        "profile": report.profile,
        "seed": run.seed,
        "seconds": round(sum(r.seconds for r in run.results.values()), 4),
        "interrupted": run.interrupted,
        "judged": run.judged,
        "of": len(run.laws),
        "strict": report.strict,
        "exit": report.code,
        "capabilities": run.capabilities,
        "not_offered": report.not_offered(),
        "causes": [_cause_json(cause, run) for cause in report.fails],
        "departures": [_cause_json(cause, run) for cause in report.departs],
        "known_divergences": [
            {**asdict(entry), "laws": [r.law.id for r in results]}
            for entry, results in report.known
        ],
        "stale_divergences": [asdict(entry) for entry in report.stale],
        "table": {name: dict(row) for name, row in report.table().items()},
        "laws": [
            {
                **asdict(result.law),
                "standing": report.standing(result),
                "reason": result.reason,
                "seconds": round(result.seconds, 4),
            }
            for result in run.results.values()
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_xml(report: Report) -> str:
    """Write a report for continuous integration, as JUnit XML."""
    results = list(report.run.results.values())
    counts = Counter(report.standing(r) for r in results)
    failures = counts["fails"] + report.strict * (counts["departs"] + counts["known"])
    suite = ElementTree.Element(
        "testsuite",
        name=f"lemmata {report.run.target}",
        tests=str(len(results)),
        failures=str(failures),
        errors="0",
        skipped=str(len(results) - failures - counts["holds"]),
        time=f"{sum(r.seconds for r in results):.3f}",
    )
    properties = ElementTree.SubElement(suite, "properties")
    stated: dict[str, object] = {"profile": report.profile, "seed": report.run.seed}
    if report.run.interrupted:
        stated["interrupted after"] = report.run.judged
        stated["of"] = len(report.run.laws)
    for name, value in stated.items():
        ElementTree.SubElement(properties, "property", name=name, value=str(value))
    for result in results:
        _case(suite, result, report)
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode", xml_declaration=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_printable(text)}\n'


def _cause_json(cause: Cause, run: Run) -> dict[str, object]:
    failure = asdict(cause.failure)
    if failure["ulps"] is not None and failure["ulps"] == float("inf"):
        failure["ulps"] = None
    return {
        **failure,
        "law": cause.results[0].law.sentence,
        "laws": [result.law.id for result in cause.results],
        "page": page_address(cause.results[0].law.page),
        "reproduce": snippet(cause.failure, run),
    }


def _case(suite: ElementTree.Element, result: Result, report: Report) -> None:
    place, _, name = result.law.id.partition("::")
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=place.removesuffix(".py").replace("/", "."),
        name=name,
        time=f"{result.seconds:.3f}",
    )
    standing = report.standing(result)
    if standing == "holds":
        return
    failure = result.failure
    counted = standing == "fails" or (
        report.strict and standing in ("departs", "known")
    )
    message = failure.cause if failure else result.reason
    node = ElementTree.SubElement(
        case,
        "failure" if counted else "skipped",
        message=message if standing == "fails" else f"{standing}: {message}",
    )
    if failure and counted:
        node.text = block(Cause((result,)), report.run, standing.upper())


def _printable(text: str) -> str:
    """Leave out the characters that XML has no way to write."""
    return "".join(c for c in text if c in "\t\n\r" or c >= " ")
