"""The museum of real bugs: every entry is whole, and every fault is caught."""

import ast
import json
import re
import subprocess
import sys
from collections import Counter

import markdown
import pytest

from docs._extension import museum, sources
from docs._extension.book import ROOT, BookError
from docs._extension.museum import DATA, FAULTS, bugs, choose, found, thread

BUGS = bugs()
ENTRY = """
[[bug]]
title = "A title"
where = "A project"
year = 2020
link = "https://github.com/owner/repo/issues/1"
fault = "relu__in_place"
story = "A story."
lesson = "A lesson."
status = "open"
"""


def each(entries):
    return pytest.mark.parametrize("bug", entries, ids=lambda bug: bug.anchor)


@pytest.fixture
def tables(monkeypatch, tmp_path):
    """Read the tables from an empty folder."""
    monkeypatch.setattr(museum, "ROOT", tmp_path)
    monkeypatch.setattr(museum, "TABLES", tmp_path)

    def write(text, name="activations"):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        return museum.bugs()

    return write


def convert(text):
    return markdown.markdown(text, extensions=["docs._extension"])


# --------------------------------------------------------------------------- entries


def test_there_are_at_least_forty_bugs_of_twenty_projects():
    assert len(BUGS) >= 40
    assert len({bug.where for bug in BUGS}) >= 20
    assert len({bug.anchor for bug in BUGS}) == len(BUGS)


@each(BUGS)
def test_a_story_is_short_and_a_lesson_is_a_sentence(bug):
    assert 100 <= len(bug.story) <= 700
    assert bug.story.endswith((".", "?", "!", "*"))
    assert re.fullmatch(r"[^\n]{20,160}[.?!]", bug.lesson)
    assert not re.search(r"[.!] [A-Z]", bug.lesson)
    assert not bug.title.endswith(".")


def test_a_thread_is_told_twice_only_if_it_is_about_two_defects():
    told = Counter((link, bug.fault) for bug in BUGS for link in (bug.link, *bug.also))
    assert [pair for pair, times in told.items() if times > 1] == []


def test_a_fault_that_stands_here_twice_says_why():
    times = Counter(bug.fault for bug in BUGS)
    explained = Counter(bug.fault for bug in BUGS if bug.again)
    assert {f: explained[f] for f in times} == {f: n - 1 for f, n in times.items()}


@each(BUGS)
def test_a_fault_can_be_copied_as_it_stands(bug):
    tree = ast.parse((FAULTS / f"{bug.fault}.py").read_text(encoding="utf-8"))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= {"numpy", "reference", *sys.stdlib_module_names}


# -------------------------------------------------------------------------- verdicts


@each(BUGS)
def test_the_fault_is_caught_and_its_verdict_is_up_to_date(bug):
    judgment = found(bug.fault)
    assert judgment["sha256"] == museum.fingerprint(bug.fault)
    one = choose(judgment, bug)
    assert one["calls"]
    assert one["cause"]
    assert one["got"] != one["expected"] or not one["got"]
    assert 0 < len(judgment["failed"]) <= judgment["asked"]


@each(BUGS)
def test_every_law_that_fails_exists_and_is_of_mathematics(bug):
    for one in found(bug.fault)["failed"]:
        laws = {law.test: law for law in sources.laws(one["page"])}
        law = laws[f"tests/{one['law']}".partition("[")[0]]
        assert law.level == "mathematics"


def test_the_file_holds_the_faults_of_the_tables_and_no_others():
    kept = [found["fault"] for found in json.loads(DATA.read_text(encoding="utf-8"))]
    assert kept == sorted({bug.fault for bug in BUGS})


SOME = ["softplus__threshold", "leaky_relu__slope_alone", "softmax__rounded_away"]


JUDGE = """
import json, sys
from docs._extension.museum import judged

door, sys.stdout = sys.stdout, sys.stderr
print(json.dumps([judged(fault) for fault in sys.argv[1:]]), file=door)
"""


def test_the_verdict_is_what_is_found_today():
    # In a process of its own: pytest within pytest shares settings.
    run = subprocess.run(
        [sys.executable, "-c", JUDGE, *SOME],
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
        timeout=300,
    )
    for today in json.loads(run.stdout):
        kept = found(today["fault"])
        # Laws have come or gone: python -m docs._extension.museum --all
        assert today["asked"] == kept["asked"]
        laws = [one["law"] for one in kept["failed"]]
        assert [one["law"] for one in today["failed"]] == laws
        for bug in BUGS:
            if bug.fault == today["fault"]:
                shown = choose(kept, bug)
                assert shown in today["failed"]


def test_judging_one_fault_leaves_the_verdicts_of_others(monkeypatch, tmp_path):
    path = tmp_path / "museum.json"
    kept = DATA.read_text(encoding="utf-8")
    path.write_text(kept, encoding="utf-8")
    monkeypatch.setattr(museum, "DATA", path)
    nothing = {"fault": BUGS[0].fault, "sha256": "", "asked": 3, "failed": []}
    monkeypatch.setattr(museum, "judged", lambda fault: {**nothing, "fault": fault})
    museum.update([BUGS[0].fault])
    today = json.loads(path.read_text(encoding="utf-8"))
    others = [one for one in json.loads(kept) if one["fault"] != BUGS[0].fault]
    assert [one for one in today if one["fault"] != BUGS[0].fault] == others
    with pytest.raises(BookError, match=f"{BUGS[0].fault} breaks no law"):
        choose(found(BUGS[0].fault), BUGS[0])


# ------------------------------------------------------------------------- the page


@pytest.mark.parametrize("chapter", sorted({bug.chapter for bug in BUGS}))
def test_a_room_shows_every_bug_with_its_law_and_its_code(chapter):
    page = convert(f"/// museum | {chapter}\n///")
    listed = [bug for bug in BUGS if bug.chapter == chapter]
    for bug in listed:
        assert f'id="{bug.anchor}"' in page
        assert f'href="{bug.link}"' in page
    assert page.count("<section") == page.count("<dl>") == len(listed)
    assert page.count('class="highlight"') == len(listed)


def test_a_chapter_without_bugs_has_no_room():
    with pytest.raises(BookError, match="the museum has no bugs of 'zoology'"):
        convert("/// museum | zoology\n///")
    with pytest.raises(BookError, match="zoology must be shown on one page, not on 0"):
        museum.room("zoology")


def test_the_index_links_every_bug_where_it_stands():
    index = convert("/// museum-index\n///")
    for bug in BUGS:
        assert f'href="{museum.room(bug.chapter).path}#{bug.anchor}"' in index
    numbers = convert("/// museum-numbers\n///")
    assert f"{len(BUGS)} of {len(BUGS)} are caught" in numbers


def test_the_sentence_that_gives_the_bug_away_is_not_shown():
    code = museum.exercise("softplus__threshold")
    assert code.startswith("import numpy as np")
    assert '"""' not in code
    assert "> 20" in code


def test_a_thread_is_named_as_people_name_it():
    assert thread("https://github.com/pytorch/pytorch/issues/1") == "pytorch#1"
    for wrong in ("https://github.com/pytorch/pytorch", "http://github.com/a/b/pull/1"):
        with pytest.raises(BookError, match="is no issue or pull request on GitHub"):
            thread(wrong)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('lesson = "A lesson."', "", "entry 'A title': 'lesson' is missing"),
        ('story = "A story."', 'story = " "', "entry 'A title': 'story' is missing"),
        ("year = 2020", "", "year must be a year, got None"),
        ("year = 2020", "year = 20", "year must be a year, got 20"),
        ('status = "open"', 'status = "lost"', "must start with fixed, open, documen"),
        ("relu__in_place", "relu__none", "there is no tests/faults/relu__none.py"),
        ("/issues/1", "", "is no issue or pull request on GitHub"),
        ("[[bug]]", "[[bug]]\nyaer = 1", "unknown key 'yaer'"),
        ("year = 2020", "year =", "Invalid value"),
    ],
)
def test_an_entry_that_is_not_whole_is_named(tables, old, new, message):
    assert ENTRY.count(old) == 1
    with pytest.raises(BookError, match=message):
        tables(ENTRY.replace(old, new))


def test_a_table_is_named_for_a_chapter(tables):
    [bug] = tables(ENTRY)
    assert (bug.chapter, bug.state, bug.anchor) == ("activations", "open", "a-title")
    with pytest.raises(BookError, match="is named for a chapter: linear_algebra, "):
        tables(ENTRY, name="bugs")


def test_a_fault_nobody_judged_is_named():
    with pytest.raises(BookError, match=r"relu__none is not in museum\.json"):
        found("relu__none")
