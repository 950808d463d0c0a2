"""Print the share of mutants that the laws killed, and fail where it is too small.

The last step of ``make mutate``, which leaves the counts in ``mutants/``.
"""

import json
import sys
from pathlib import Path

LEAST = 0.95
COUNTS = Path("mutants/mutmut-cicd-stats.json")


def main() -> int:
    """Return 0 if enough mutants died."""
    counts = json.loads(COUNTS.read_text(encoding="utf-8"))
    killed, total = counts["killed"] + counts["timeout"], counts["total"]
    score = killed / total if total else 0.0
    sys.stdout.write(f"{killed} of {total} mutants were killed: {score:.1%}\n")
    return 0 if score >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
