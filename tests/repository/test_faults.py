"""The laws have teeth: every planted fault breaks one of them.

One process judges the faults of some concepts, one after another, and stops at the
first law of mathematics that fails: nobody needs to know by how small an input.
"""

import json
import subprocess
import sys
from collections import defaultdict

import pytest

from reference.conformance.laws import SUITE, chapters

FAULTS = sorted((SUITE / "faults").glob("[!_]*.py"))

JUDGE = """
import json, sys
from reference.conformance.request import Request
from reference.conformance.worker import judge

door = sys.stdout
sys.stdout = sys.stderr
for laws, fault in json.loads(sys.argv.pop()):
    events = []
    request = Request(
        fault, profile="faults", level="mathematics", paths=[laws], stop_first=True
    )
    judge(request, events.append)
    failed = [e["law"]["id"] for e in events if e.get("outcome") == "fails"]
    failed += [e["failure"]["cause"] for e in events if e["event"] == "conduct"
               and e["level"] == "mathematics"]
    trouble = [e["reason"] for e in events if e["event"] in ("unloadable", "broken")]
    print(json.dumps({"failed": failed, "trouble": trouble}), file=door)
"""

# To start a process takes as long as to judge six faults.
TOGETHER = 4


def concept(fault):
    return fault.stem.partition("__")[0]


def laws_of(name):
    found = [folder / f"test_{name}.py" for folder in chapters()]
    (path,) = [path for path in found if path.is_file()]
    return path


CONCEPTS = defaultdict(list)
for _fault in FAULTS:
    CONCEPTS[concept(_fault)].append(_fault)


def verdicts(names):
    """Judge all faults of some concepts, in one process."""
    faults = [(name, fault) for name in names for fault in CONCEPTS[name]]
    request = json.dumps([(str(laws_of(name)), str(fault)) for name, fault in faults])
    run = subprocess.run(
        [sys.executable, "-c", JUDGE, request],
        capture_output=True,
        check=True,
        cwd=SUITE.parent,
        text=True,
        timeout=600,
    )
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return dict(zip([fault.stem for _, fault in faults], lines, strict=True))


NAMES = sorted(CONCEPTS)
GROUPS = [NAMES[k : k + TOGETHER] for k in range(0, len(NAMES), TOGETHER)]


@pytest.mark.parametrize("names", GROUPS, ids="-".join)
def test_every_fault_of_these_concepts_is_caught(names):
    found = verdicts(names)
    assert {fault: of["trouble"] for fault, of in found.items() if of["trouble"]} == {}
    assert [fault for fault, of in found.items() if not of["failed"]] == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda path: path.stem)
def test_fault_says_what_is_wrong_with_it(fault):
    first = fault.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith('"""')
    assert first.endswith((".", '."""'))


def test_every_concept_has_at_least_two_faults():
    concepts = {
        path.stem.removeprefix("test_")
        for folder in chapters()
        for path in folder.glob("test_*.py")
    }
    assert {name for name in concepts if len(CONCEPTS[name]) < 2} == set()
