"""The verdicts: what is right is not accused, and what a library does is explained."""

import re
from pathlib import Path

import pytest

from reference.conformance.known import ANY, FOLDER, divergences
from reference.conformance.laws import SUITE
from reference.conformance.report import Report
from reference.conformance.request import Request
from reference.conformance.runner import run
from reference.conformance.target import ADAPTERS

TARGETS = Path(__file__).resolve().parent / "targets"


def report(target):
    return Report(run(Request(target)), profile="quick", strict=False)


def accusations(found):
    return [
        (result.law.id, cause.failure.cause)
        for cause in found.fails
        for result in cause.results
    ]


@pytest.mark.nightly  # CI asks `lemmata check` about the first of them
@pytest.mark.parametrize("name", ["plain", "exact"])
def test_a_right_implementation_is_not_accused(name):
    found = report(str(TARGETS / f"{name}.py"))
    assert accusations(found) == []
    assert sum(row["holds"] for row in found.table().values()) > 250


@pytest.mark.nightly
def test_the_reference_keeps_its_own_contract():
    found = report("reference")
    assert accusations(found) == []
    assert found.departs == []


@pytest.mark.nightly
@pytest.mark.libraries
@pytest.mark.parametrize("name", ADAPTERS)
def test_every_finding_in_a_library_is_explained(name):
    found = report(name)
    assert accusations(found) == []
    assert found.stale == []


@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem
)
def test_an_entry_names_laws_that_exist_and_says_why(path):
    assert path.stem in ADAPTERS
    for entry in divergences(path.stem, "unknown"):
        assert entry.laws
        assert set(entry.kinds) <= {"value", "zero", "nan", "infinity", "law", "raises"}
        assert len(entry.reason) > 40
        assert not entry.link or entry.link.startswith("https://")
        for law in set(entry.laws) - {ANY}:
            file, _, name = law.partition("::")
            source = (SUITE / file).read_text(encoding="utf-8")
            assert re.search(rf"def {name.partition('[')[0]}\(\s*impl\b", source)
