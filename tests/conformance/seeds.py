"""Laws that draw their inputs, under many seeds: a right library never looks flaky.

``python -m tests.conformance.seeds LIBRARY... [--seeds N] [--first SEED]`` judges in
one process, so that a library which compiles does so once for each shape. What no seed
can change, inputs that are enumerated and the contract, is left to ``lemmata check``.
"""

import argparse
import sys
import time

import pytest

from reference.conformance.guard import Guard
from reference.conformance.laws import Law, chapters
from reference.conformance.process import Limits
from reference.conformance.report import Report
from reference.conformance.report_text import as_text
from reference.conformance.request import Request
from reference.conformance.results import Run
from reference.conformance.target import load
from reference.conformance.worker import Recorder, run_laws, summary


class Drawing(Recorder):
    """Keeps the laws that Hypothesis draws inputs for."""

    def asked_for(self, item: pytest.Item, law: Law) -> bool:
        """Say whether a law is asked for, and a seed can make a difference to it."""
        drawn = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        return bool(drawn) and super().asked_for(item, law)


def main() -> int:
    """Judge under every seed; say at once what fails that nobody knows of."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("libraries", nargs="+", metavar="LIBRARY")
    parser.add_argument("--seeds", type=int, default=20, metavar="N")
    parser.add_argument("--first", type=int, default=1, metavar="SEED")
    options = parser.parse_args()
    accused = 0
    for library in options.libraries:
        target = load(library, guard=Guard(seconds=Limits().call))
        for seed in range(options.first, options.first + options.seeds):
            begun, learned = time.monotonic(), Run(library, seed=seed)
            learned.take({"event": "loaded", **summary(target)})
            request = Request(library, level="mathematics", seed=seed)
            recorder = Drawing(request, target, learned.take)
            run_laws(recorder, [str(folder) for folder in chapters()])
            report = Report(learned, profile=request.profile, strict=False)
            if learned.broken or report.fails:
                accused += 1
                sys.stdout.write("\n".join([*learned.broken, as_text(report)]))
            took = time.monotonic() - begun
            sys.stdout.write(
                f"{library} {learned.version}, seed {seed}: {learned.judged} laws, "
                f"{len(report.fails)} causes of failure, {took:.0f} s\n"
            )
            sys.stdout.flush()
    return 1 if accused else 0


if __name__ == "__main__":
    sys.exit(main())
