"""The house: one concept, four files, one path; one flat public namespace."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import reference
from derivations.engine.catalog import discover

ROOT = Path(__file__).resolve().parents[2]
INVENTORY = Path(__file__).with_name("inventory.txt")
# Chapters that are whole: the number of their entries, so that none can get lost.
WHOLE = {
    "activations": 18,
    "losses": 11,
    "layers": 12,
    "backpropagation": 10,
    "optimizers": 9,
}
LONGEST = 310
REASON = re.compile(r"longer than|module (is )?long|(O|o)ver 300 lines|(O|o)ne module")


def modules(top):
    """Return ``chapter/concept`` for every concept's file under one tree."""
    return {
        path.relative_to(ROOT / top).with_suffix("").as_posix()
        for path in (ROOT / top).glob("*/*.py")
        if not path.stem.startswith("_")
        and path.parent.name not in {"conformance", "engine"}
    }


CONCEPTS = sorted(modules("reference"))


def front_matter(page):
    text = page.read_text(encoding="utf-8")
    match = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    assert match, f"{page} has no front matter"
    return yaml.safe_load(match[1])


def pages():
    return {
        path.relative_to(ROOT / "docs").with_suffix("").as_posix(): path
        for path in (ROOT / "docs").glob("*/*.md")
        if path.relative_to(ROOT / "docs").with_suffix("").as_posix() in CONCEPTS
    }


def inventory():
    """Return chapter → entries; a chapter in brackets stands above its entries."""
    chapters = {}
    for line in INVENTORY.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            entries = chapters.setdefault(line.strip("[]"), [])
        else:
            entries += line.split()
    return chapters


ENTRIES = inventory()


def test_the_same_concepts_stand_in_all_four_trees():
    tests = {
        f"{path.parent.name}/{path.stem.removeprefix('test_')}"
        for path in (ROOT / "tests").glob("*/test_*.py")
        if path.parent.name in {concept.split("/")[0] for concept in CONCEPTS}
    }
    assert modules("derivations") == set(CONCEPTS)
    assert tests == set(CONCEPTS)
    assert set(pages()) == set(CONCEPTS)


def test_every_chapter_has_an_overview():
    for chapter in {concept.split("/")[0] for concept in CONCEPTS}:
        assert (ROOT / "docs" / chapter / "index.md").exists(), chapter


def test_the_namespace_is_every_concept_and_nothing_else():
    names = [
        name
        for concept in CONCEPTS
        for name in importlib.import_module(
            "reference." + concept.replace("/", ".")
        ).__all__
    ]
    assert len(names) == len(set(names)), "two concepts export one name"
    assert sorted(names) == sorted(reference.__all__)
    for name in names:
        assert callable(getattr(reference, name))


def test_every_entry_of_the_inventory_is_on_one_page_of_its_chapter():
    covered = {}
    for concept, page in pages().items():
        chapter = concept.split("/")[0]
        covered.setdefault(chapter, []).extend(front_matter(page)["entries"])
    assert {c: sorted(e) for c, e in covered.items()} == {
        c: sorted(e) for c, e in ENTRIES.items()
    }
    everything = [entry for entries in ENTRIES.values() for entry in entries]
    assert len(everything) == len(set(everything)), "an entry is listed twice"


@pytest.mark.parametrize("chapter", WHOLE)
def test_no_entry_of_a_whole_chapter_is_lost(chapter):
    assert len(ENTRIES[chapter]) == WHOLE[chapter]


@pytest.mark.parametrize("entry", [e for chapter in WHOLE for e in ENTRIES[chapter]])
def test_an_entry_of_a_whole_chapter_has_one_page_and_its_four_files(entry):
    found = [c for c, page in pages().items() if entry in front_matter(page)["entries"]]
    assert len(found) == 1, f"{entry} is on {found}"
    chapter, name = found[0].split("/")
    assert (ROOT / "derivations" / chapter / f"{name}.py").is_file()
    assert (ROOT / "reference" / chapter / f"{name}.py").is_file()
    assert (ROOT / "tests" / chapter / f"test_{name}.py").is_file()
    page = (ROOT / "docs" / chapter / f"{name}.md").read_text(encoding="utf-8")
    own = rf"{chapter}\.{name}"
    for part in (
        rf"/{{3,}} derivation \| {own}\.\w+",
        rf"/{{3,}} figure \| {own}\.\w+",
        rf"/{{3,}} properties \| {own}",
        rf"::: reference\.{own}",
        r"/{3,} exercise \| .+",
    ):
        assert re.search(rf"^{part}$", page, re.MULTILINE), f"{found[0]}: no {part}"


def test_every_derivation_is_shown_on_the_page_of_its_concept():
    for concept, page in pages().items():
        text = page.read_text(encoding="utf-8")
        shown = re.findall(r"^/{3,} *derivation *\| *(\S+)", text, re.MULTILINE)
        own = {name for name, _ in discover(concept.replace("/", "."))}
        assert own <= set(shown), f"{page} lacks {own - set(shown)}"


def test_every_chapter_with_derivations_has_a_page_that_lists_them():
    folder = ROOT / "docs" / "reference" / "derivations"
    listed = {path.stem for path in folder.glob("*.md")} - {"index"}
    assert listed == {name.split(".")[0] for name, _ in discover()}
    for chapter in listed:
        text = (folder / f"{chapter}.md").read_text(encoding="utf-8")
        assert f"/// derivations | {chapter}\n" in text


def test_what_a_page_needs_exists():
    for concept, page in pages().items():
        for needed in front_matter(page)["needs"]:
            assert needed in CONCEPTS, f"{concept} needs {needed}"


@pytest.mark.parametrize("concept", CONCEPTS)
def test_every_concept_has_two_planted_faults(concept):
    stem = concept.split("/")[1]
    faults = list((ROOT / "tests" / "faults").glob(f"{stem}__*.py"))
    assert len(faults) >= 2, f"{concept} has {len(faults)} planted faults"


@pytest.mark.parametrize("top", ["reference", "derivations"])
def test_long_files_give_their_reason(top):
    for path in (ROOT / top).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > LONGEST:
            docstring, first, *_ = ast.parse(text).body
            assert isinstance(docstring, ast.Expr), f"{path} has no docstring"
            head = "\n".join(text.splitlines()[: first.lineno - 1])
            assert REASON.search(head), f"{path.relative_to(ROOT)} is long"


def loaded_by(statement):
    """Return the top-level modules that a fresh interpreter loads for a statement."""
    code = f"{statement}; import sys; print(*{{m.split('.')[0] for m in sys.modules}})"
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return set(run.stdout.split())


def test_importing_the_reference_loads_nothing_but_numpy():
    extra = loaded_by("import reference") - loaded_by("import numpy")
    assert extra - sys.stdlib_module_names <= {"reference"}, extra


def test_importing_the_derivations_does_not_load_the_reference():
    loaded = loaded_by("import derivations.engine, derivations.activations.sigmoid")
    assert "sympy" in loaded
    assert not loaded & {"reference", "hypothesis", "pytest", "docs", "tests"}
