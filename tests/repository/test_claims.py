"""The ledger: every claim is decided, by tests and derivations that exist."""

import ast
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from derivations.engine import discover

ROOT = Path(__file__).resolve().parents[2]
LEDGERS = sorted((ROOT / "docs" / "claims").glob("*.toml"))
VERDICTS = {
    "proved",
    "holds",
    "holds with conditions",
    "refuted",
    "imprecise",
    "convention",
    "not checkable",
}
FIELDS = {"id", "where", "says", "concept", "verdict", "because"}
OPTIONAL = {"correction", "derivations"}


def entries():
    for path in LEDGERS:
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["claim"]:
            yield path, entry


CLAIMS = {entry["id"]: (path, entry) for path, entry in entries()}


def marks():
    """Return claim id → names of the tests marked with it, read from the sources."""
    found = defaultdict(list)
    for path in sorted((ROOT / "tests").glob("*/test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            for decorator in node.decorator_list:
                if "mark.claim" in ast.unparse(decorator).split("(")[0]:
                    for argument in decorator.args:
                        found[argument.value].append((path, node))
    return found


MARKS = marks()


def test_no_claim_is_entered_twice():
    ids = [entry["id"] for _, entry in entries()]
    assert sorted(ids) == sorted(set(ids))


def test_each_article_has_one_file_in_order():
    for path in LEDGERS:
        ids = [
            e["id"] for e in tomllib.loads(path.read_text(encoding="utf-8"))["claim"]
        ]
        assert ids == sorted(ids), path.name
        assert {name.split("-")[0].lower() for name in ids} == {path.stem}


@pytest.mark.parametrize("claim", CLAIMS)
def test_entry_is_complete(claim):
    _, entry = CLAIMS[claim]
    assert re.fullmatch(r"A[0-4]-\d{3}", claim)
    assert set(entry) >= FIELDS
    assert set(entry) <= FIELDS | OPTIONAL
    assert entry["verdict"] in VERDICTS
    assert (ROOT / "reference" / f"{entry['concept']}.py").exists()
    if entry["verdict"] in {"refuted", "imprecise", "holds with conditions"}:
        assert entry.get("correction"), "says what is wrong, not what is right"


@pytest.mark.parametrize("claim", CLAIMS)
def test_entry_is_decided(claim):
    _, entry = CLAIMS[claim]
    decided = MARKS.get(claim, []) or entry.get("derivations", [])
    if entry["verdict"] == "not checkable":
        assert not decided, "decided, so it can be checked"
    else:
        assert decided, "no test and no derivation decides it"
    if entry["verdict"] == "refuted":
        assert MARKS.get(claim), "a refuted claim needs a test with a counterexample"


@pytest.mark.parametrize("claim", CLAIMS)
def test_entry_is_decided_where_its_page_shows_it(claim):
    _, entry = CLAIMS[claim]
    chapter, name = entry["concept"].split("/")
    laws = ROOT / "tests" / chapter / f"test_{name}.py"
    proofs = entry.get("derivations", [])
    shown = [path for path, _ in MARKS.get(claim, []) if path == laws]
    shown += [proof for proof in proofs if proof.startswith(f"{chapter}.{name}.")]
    assert shown or entry["verdict"] == "not checkable", entry["concept"]


def test_every_mark_names_an_entry():
    assert set(MARKS) <= set(CLAIMS)


@pytest.mark.parametrize("claim", sorted(MARKS))
def test_the_deciding_test_asserts_something(claim):
    for path, node in MARKS[claim]:
        body = ast.unparse(node)
        assert re.search(r"\bassert|pytest\.raises", body), f"{path.name}:{node.name}"


def test_every_named_derivation_exists():
    known = {name for name, _ in discover()}
    for claim, (_, entry) in CLAIMS.items():
        for name in entry.get("derivations", []):
            assert name in known, f"{claim} names {name}"
