"""``lemmata accuracy``: how far off a target's functions are, and where."""

import argparse
import os
import sys
from difflib import get_close_matches

from reference.conformance.accuracy_promises import broken_promise
from reference.conformance.accuracy_report import as_json, as_text
from reference.conformance.accuracy_run import State, collect, identity, run
from reference.conformance.accuracy_tasks import DTYPES, NAMES, plan
from reference.conformance.check import writable, write_whole
from reference.conformance.errors import CommandError
from reference.conformance.progress import Bar

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Run ``lemmata accuracy`` and return its exit status."""
    names = _known(options.only) or list(NAMES)
    jobs = options.jobs or os.cpu_count() or 1
    if options.report:
        writable(options.report, (".json",))
    tasks = plan(
        options.target,
        names,
        options.dtype or list(DTYPES),
        exhaustive=options.exhaustive,
    )
    state = State(options.state, options.target)
    interrupted = False
    with Bar() as bar:
        try:
            run(tasks, state, jobs=jobs, progress=bar)
        except KeyboardInterrupt:
            interrupted = True
    measured = collect(tasks, state.results)
    lacking = [
        name
        for name in options.only
        if all(m.lacks == name for m in measured if m.name == name)
    ]
    if lacking and not interrupted:
        message = f"{options.target} offers no {', '.join(lacking)}"
        raise CommandError(message)
    measured = [m for m in measured if m.lacks != m.name]
    own = options.target == "reference"
    promises = [broken_promise(m) for m in measured if own and m.tally.inputs]
    broken = [text for text in promises if text]
    head = {**identity(options.target), "version": state.version}
    sys.stdout.write(as_text(measured, head, broken))
    if options.report:
        write_whole(options.report, as_json(measured, head, broken))
    if interrupted:
        raise KeyboardInterrupt
    return 1 if broken or any(m.findings for m in measured) else 0


def _known(names: list[str]) -> list[str]:
    for name in names:
        if name not in NAMES:
            close = get_close_matches(name, NAMES, n=1)
            hint = f", did you mean {close[0]}?" if close else ""
            message = f"the accuracy of {name} is not measured{hint}"
            raise CommandError(message)
    return list(dict.fromkeys(names))
