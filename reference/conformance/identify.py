"""``lemmata identify``: which published variant a target's functions follow."""

import argparse
import sys

from reference.conformance.check import writable, write_whole
from reference.conformance.identify_report import as_json, as_text, exit_status
from reference.conformance.identify_run import ask
from reference.conformance.progress import Bar

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Run ``lemmata identify`` and return its exit status."""
    if options.report:
        writable(options.report, (".json",))
    with Bar() as bar:
        asked = ask(options.target, options.name, progress=bar)
    library = options.target.partition(":")[0]
    head = f"{library} {asked.version}" if asked.version else ""
    if options.report:
        text = as_json(options.target, asked.version, asked.answers)
        write_whole(options.report, text)
    sys.stdout.write(as_text(asked.answers, head))
    if asked.interrupted:
        raise KeyboardInterrupt
    return exit_status(asked.answers)
