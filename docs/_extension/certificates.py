"""Check derivations and leave certificates: ``python -m docs._extension.certificates``.

With names (``activations.sigmoid``) only those are checked. The book shows the
derivation objects themselves, and it is built from certificates: one file for each
derivation, with a hash of everything its verdict depends on. A derivation whose
certificate is fresh is not checked again.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from derivations.engine import Derivation, StepError, certificate
from derivations.engine.catalog import discover
from docs._extension import proofs
from docs._extension.book import BookError
from reference.conformance.progress import Bar

# So few are checked sooner than another process is ready.
FEW = 20


def make(checked: Derivation) -> dict[str, Any]:
    """Check a derivation and return its certificate."""
    report = checked.report()
    return {
        **certificate(checked),
        "fingerprint": proofs.fingerprint(checked),
        "worlds": [step.worlds for step in report.steps],
    }


def is_fresh(name: str) -> bool:
    """Tell whether the certificate of a derivation is there and still about it."""
    try:
        proofs.certificate(name)
    except BookError:
        return False
    return True


def certify(name: str) -> None:
    """Check a derivation and write its certificate."""
    made = make(proofs.derivation(name))
    text = json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True)
    file = proofs.certificate_file(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(text + "\n", encoding="utf-8")
    fresh.replace(file)


def attempt(name: str) -> str:
    """Certify a derivation; return why it is refused, if it is."""
    try:
        certify(name)
    except StepError as error:
        proofs.certificate_file(name).unlink(missing_ok=True)
        return f"{name}: {error}"
    return ""


def attempts(names: list[str]) -> Iterator[str]:
    """Attempt to certify each of these, on all cores if they are many."""
    workers = min(os.cpu_count() or 1, len(names) // FEW)
    if workers < 2:
        yield from map(attempt, names)
        return
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        yield from pool.map(attempt, names, chunksize=4)


def main(asked: list[str]) -> int:
    """Certify every derivation (or those asked for) without a fresh certificate."""
    began = time.perf_counter()
    names = [name for name, _ in discover(*asked)]
    stale = [name for name in names if not is_fresh(name)]
    refused = []
    with Bar() as bar:
        bar(0, len(stale), "")
        for number, refusal in enumerate(attempts(stale), 1):
            bar(number, len(stale), stale[number - 1])
            refused += [refusal] if refusal else []
    for refusal in refused:
        print(refusal, file=sys.stderr)
    print(
        f"{len(names)} derivations, {len(stale)} of them checked again in "
        f"{time.perf_counter() - began:.1f} s, {len(refused)} refused"
    )
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
