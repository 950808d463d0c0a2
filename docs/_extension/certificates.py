"""Check derivations and leave certificates: ``python -m docs._extension.certificates``.

With names (``activations.sigmoid``) only those are checked. The book shows the
derivation objects themselves, and it is built from certificates: one file for each
derivation, with a hash of everything its verdict depends on. A derivation whose
certificate is fresh is not checked again.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from derivations.engine import Derivation, StepError, certificate
from derivations.engine.catalog import discover
from docs._extension import proofs
from docs._extension.book import BookError


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


def main(asked: list[str]) -> int:
    """Certify every derivation (or those asked for) without a fresh certificate."""
    began = time.perf_counter()
    names = [name for name, _ in discover(*asked)]
    stale = [name for name in names if not is_fresh(name)]
    refused = 0
    for name in stale:
        try:
            certify(name)
        except StepError as error:
            refused += 1
            proofs.certificate_file(name).unlink(missing_ok=True)
            print(f"{name}: {error}", file=sys.stderr)
    print(
        f"{len(names)} derivations, {len(stale)} of them checked again in "
        f"{time.perf_counter() - began:.1f} s, {refused} refused"
    )
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
