"""``lemmata check``: run the laws on a target, print and write what they say."""

import argparse
import os
import sys
import tempfile
from difflib import get_close_matches
from pathlib import Path

import reference
from reference.conformance.errors import CommandError
from reference.conformance.process import Limits
from reference.conformance.progress import Bar
from reference.conformance.report import Report
from reference.conformance.report_files import as_json, as_xml
from reference.conformance.report_html import as_html
from reference.conformance.report_text import as_text
from reference.conformance.request import Request
from reference.conformance.runner import run

__all__ = ["command", "writable", "write_whole"]

FORMATS = {".json": as_json, ".xml": as_xml, ".html": as_html}


def command(options: argparse.Namespace) -> int:
    """Run ``lemmata check`` and return its exit status."""
    _known_names(options.only)
    if options.report:
        writable(options.report, tuple(FORMATS))
    request = Request(
        target=options.target,
        name=options.name,
        only=options.only,
        profile=options.profile,
        seed=options.seed,
    )
    limits = Limits(memory=options.memory)
    with Bar() as bar:
        learned = run(request, limits=limits, progress=bar, jobs=options.jobs)
    if learned.unloadable:
        raise CommandError(learned.unloadable)
    if learned.broken:
        msg = f"the laws cannot be run: {learned.broken[0]}"
        raise CommandError(msg)
    lacking = [name for name in options.only if name not in learned.functions]
    if lacking and not learned.interrupted:
        msg = f"{options.target} offers no {', '.join(lacking)}"
        raise CommandError(msg)
    report = Report(learned, profile=options.profile, strict=options.strict)
    if options.report:
        write_whole(options.report, FORMATS[options.report.suffix](report))
    sys.stdout.write(as_text(report))
    if learned.interrupted:
        raise KeyboardInterrupt
    return report.code


def _known_names(names: list[str]) -> None:
    for name in names:
        if name not in reference.__all__:
            close = get_close_matches(name, reference.__all__, n=1)
            hint = f", did you mean {close[0]}?" if close else ""
            msg = f"the contract has no {name}{hint}"
            raise CommandError(msg)


def writable(path: Path, suffixes: tuple[str, ...]) -> None:
    """Refuse a report that could not be written, before the work is done."""
    if path.suffix not in suffixes:
        msg = f"a report is a {', '.join(suffixes)} file, got {path.name}"
        raise CommandError(msg)
    if path.is_dir():
        msg = f"cannot write {path}: it is a folder"
        raise CommandError(msg)
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        msg = f"cannot write {path}: {error.strerror}"
        raise CommandError(msg) from error


def write_whole(path: Path, text: str) -> None:
    """Write the whole file or none of it."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".lemmata-")
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        msg = f"cannot write {path}: {error.strerror}"
        raise CommandError(msg) from error
