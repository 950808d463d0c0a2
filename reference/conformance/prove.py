"""``lemmata prove``: check derivations again, and print them."""

import argparse
import io
import sys
import time

from derivations.engine import StepError
from derivations.engine.catalog import discover
from derivations.engine.typography import unicode
from reference.conformance.errors import CommandError
from reference.conformance.progress import Bar

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Run ``lemmata prove`` and return its exit status."""
    # The terminal may be older than the mathematics it is asked to show.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        derivations = list(discover(*options.names))
    except KeyError as error:
        raise CommandError(str(error.args[0])) from error
    except StepError as error:
        msg = f"a derivation is malformed: {error}"
        raise CommandError(msg) from error
    begin, refused = time.perf_counter(), []
    with Bar() as bar:
        for number, (name, derivation) in enumerate(derivations):
            bar(number, len(derivations), name)
            since = time.perf_counter()
            verdict = ""
            try:
                derivation.check()
            except StepError as error:
                refused.append(name)
                verdict = f"\n\nREFUSED: {error}"
            milliseconds = 1000 * (time.perf_counter() - since)
            bar.clear()
            text = f"{unicode(derivation)}{verdict}"
            sys.stdout.write(f"{name}  ({milliseconds:.0f} ms)\n\n{text}\n\n")
    seconds = time.perf_counter() - begin
    total = len(derivations)
    if refused:
        sys.stdout.write(f"{len(refused)} of {total} refused: {', '.join(refused)}\n")
        return 1
    noun = "derivation holds" if total == 1 else "derivations hold"
    sys.stdout.write(f"{total} {noun}, every step checked in {seconds:.1f} s.\n")
    return 0
