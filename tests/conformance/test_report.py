"""report: causes first, nothing lost, and every format can be read by its reader."""

import json
from html.parser import HTMLParser
from importlib import metadata
from xml.etree import ElementTree

import pytest

from reference.conformance import known as known_module
from reference.conformance.known import Divergence, divergences
from reference.conformance.laws import Law
from reference.conformance.report import Cause, Report, page_address, snippet
from reference.conformance.report_files import as_json, as_xml
from reference.conformance.report_html import as_html
from reference.conformance.report_text import as_text
from reference.conformance.results import Result, Run
from reference.conformance.witness import Failure


def law(name, *functions, level="mathematics"):
    sentence = name.replace("_", " ").capitalize()
    identity = f"activations/test_relu.py::test_{name}"
    return Law(identity, sentence, functions, level, "activations/relu")


def value(function="relu", call="relu(np.array([2.0]))", **fields):
    plain = {"kind": "value", "cause": f"{function} is wrong", "calls": (call,)}
    shown = {"got": "3", "expected": "2", "bound": "allowed 16 ulp", "ulps": 1e15}
    return Failure(function, **{**plain, **shown, **fields})


def run(*results, **fields):
    learned = Run("mine.py", functions=["relu", "tanh"], source="mine", **fields)
    for result in results:
        learned.add(result)
    return learned


def report(*results, strict=False, **fields):
    return Report(run(*results, **fields), profile="quick", strict=strict)


HOLDS = Result(law("odd", "tanh"), "holds", seconds=0.25)
FAILS = Result(law("max", "relu"), "fails", failure=value())
AGAIN = Result(
    law("twice", "relu"), "fails", failure=value(call="relu(np.array([2.0, 2.0]))")
)
DEPARTS = Result(
    law("dtype", "relu", level="contract"),
    "fails",
    failure=Failure("relu", "law", "relu breaks a law", detail="assert 1 < 2 & 3"),
)
MISSING = Result(law("axis", "tanh"), "not offered", "offers no axis for tanh")
HABIT = Result(
    Law("conduct::relu::prints", "Quiet", ("relu",), "contract", "activations/relu"),
    "fails",
    failure=Failure(
        "relu", "conduct", "relu prints", ("relu(1.0)",), detail="<hi>\x07"
    ),
)
EVERYTHING = (HOLDS, FAILS, AGAIN, DEPARTS, MISSING, HABIT)

BLOCK = """\
FAILS  relu is wrong
  law        Max
  input      relu(np.array([2.0]))
  got        3
  expected   2
  off by     1e+15 ulp
  bound      allowed 16 ulp
  try it     import numpy as np
             from mine import relu
             print(relu(np.array([2.0])))
  page       {page}
  also fails Twice
"""


# ------------------------------------------------------------------------- the verdict


@pytest.mark.parametrize(
    ("results", "strict", "code"),
    [
        ((HOLDS,), False, 0),
        ((HOLDS, MISSING), True, 0),
        ((HOLDS, DEPARTS), False, 0),
        ((HOLDS, DEPARTS), True, 1),
        ((HOLDS, HABIT), True, 1),
        ((HOLDS, FAILS), False, 1),
    ],
)
def test_only_mathematics_fails_a_stranger(results, strict, code):
    assert report(*results, strict=strict).code == code


def test_failures_of_one_cause_are_one_block():
    causes = report(*EVERYTHING).fails
    assert [[r.law.sentence for r in c.results] for c in causes] == [["Max", "Twice"]]


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("value", "zero", True),
        ("value", "law", True),
        ("nan", "infinity", True),
        ("value", "nan", False),
        ("raises", "value", False),
        ("hang", "end", False),
    ],
)
def test_what_counts_as_one_cause(one, other, together):
    results = [
        Result(law(kind, "relu"), "fails", failure=value(kind=kind, cause=kind))
        for kind in (one, other)
    ]
    assert len(report(*results).fails) == (1 if together else 2)


def test_different_exceptions_are_different_causes():
    results = [
        Result(law(text, "relu"), "fails", failure=value(kind="raises", cause=text))
        for text in ("relu raises A", "relu raises B")
    ]
    assert len(report(*results).fails) == 2


def test_the_table_counts_every_law_once():
    table = report(*EVERYTHING).table()
    assert dict(table["relu"]) == {"fails": 2, "departs": 2}
    assert dict(table["tanh"]) == {"holds": 1, "not offered": 1}


def test_a_selection_is_all_that_is_spoken_of():
    selected = report(HOLDS, only=["tanh"])
    assert list(selected.table()) == ["tanh"]
    assert selected.not_offered() == []


# -------------------------------------------------------------------------------- text


def test_a_block_puts_the_cause_first():
    page = page_address("activations/relu")
    assert BLOCK.format(page=page) in as_text(report(*EVERYTHING))


def test_departures_are_listed_apart():
    text = as_text(report(*EVERYTHING))
    apart = "DEPARTS FROM THE CONTRACT: listed, and not counted without --strict\n"
    assert f"{apart}  relu\n    - Dtype\n    - It prints (<hi>\x07)\n" in text
    assert "The mathematics fails in relu." in text
    strict = as_text(report(*EVERYTHING, strict=True))
    assert "DEPARTS  relu breaks a law\n" in strict
    assert apart not in strict


def test_what_is_right_is_told_in_a_line():
    assert as_text(report(HOLDS)).endswith(
        "\nThe mathematics holds: 1 law of 2 functions.\n"
    )


def test_no_line_of_prose_is_too_long():
    long = value(bound="allowed 16 ulp: " + "a long reason " * 20)
    text = as_text(report(Result(law("max", "relu"), "fails", failure=long)))
    assert max(len(line) for line in text.splitlines()) <= 88


@pytest.mark.parametrize(
    ("failure", "last"),
    [
        (value(), "print(relu(np.array([2.0])))"),
        (
            value(calls=("relu(np.array([2.0]))", "tanh(1.0)")),
            "print(relu(np.array([2.0])), tanh(1.0))",
        ),
        (
            Failure(
                "relu",
                "conduct",
                "relu changes its argument",
                ("relu(np.array([2.0]), np.array([-1.0]), p=0.5)",),
                detail="array 2",
            ),
            "x = np.array([-1.0]); relu(np.array([2.0]), x, p=0.5); print(x)",
        ),
    ],
)
def test_a_snippet_is_three_lines(failure, last):
    lines = snippet(failure, run())
    assert lines[0] == "import numpy as np"
    assert lines[2] == last
    compile("\n".join(lines), "snippet", "exec")


def test_a_block_does_not_number_the_argument_that_its_snippet_prints():
    failure = Failure(
        "relu",
        "conduct",
        "relu changes its argument",
        ("relu(np.array([-1.0]))",),
        detail="array 1",
    )
    text = as_text(report(Result(law("pure", "relu"), "fails", failure=failure)))
    assert "relu(x); print(x)" in text
    assert "array 1" not in text


def test_a_snippet_uses_the_targets_own_names():
    learned = run(renamed={"relu": "rectify"})
    assert snippet(value(), learned)[1] == "from mine import rectify as relu"


def test_what_cannot_be_written_down_has_no_snippet():
    long = value(call="relu(<float16 array of shape (65536,)>)")
    assert snippet(long, run()) == []
    assert "try it" not in as_text(
        report(Result(law("a", "relu"), "fails", failure=long))
    )


@pytest.mark.parametrize(
    ("addresses", "found"),
    [
        (None, "docs/activations/relu.md"),
        (["Source, https://a.b/src"], "docs/activations/relu.md"),
        (["Source, https://a.b", "Documentation, https://c.d/"], "https://c.d/{}/"),
    ],
)
def test_a_page_has_an_address(monkeypatch, addresses, found):
    class Metadata:
        """Stands in for that of the distribution."""

        def get_all(self, name):
            """Return the addresses in it."""
            return addresses if name == "Project-URL" else None

    monkeypatch.setattr(metadata, "metadata", lambda _: Metadata())
    assert page_address("activations/relu") == found.format("activations/relu")


def test_a_page_has_an_address_without_installation(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "metadata", missing)
    assert page_address("activations/relu") == "docs/activations/relu.md"


# ------------------------------------------------------------------------ JSON and XML


def test_json_holds_everything():
    content = json.loads(as_json(report(*EVERYTHING)))
    assert content["format"] == 1
    assert content["exit"] == 1
    assert content["target"] == "mine.py"
    (cause,) = content["causes"]
    assert cause["calls"] == ["relu(np.array([2.0]))"]
    assert cause["laws"] == [FAILS.law.id, AGAIN.law.id]
    assert cause["reproduce"][-1] == "print(relu(np.array([2.0])))"
    standings = {entry["id"]: entry["standing"] for entry in content["laws"]}
    assert standings[MISSING.law.id] == "not offered"
    assert len(standings) == len(EVERYTHING)


def test_json_has_no_infinity():
    endless = Result(law("a", "relu"), "fails", failure=value(ulps=float("inf")))
    assert json.loads(as_json(report(endless)))["causes"][0]["ulps"] is None


@pytest.mark.parametrize(("strict", "failures"), [(False, 2), (True, 4)])
def test_xml_counts_what_counts(strict, failures):
    root = ElementTree.fromstring(as_xml(report(*EVERYTHING, strict=strict)))
    (suite,) = root
    assert suite.get("tests") == "6"
    assert suite.get("failures") == str(failures)
    assert len(suite.findall("testcase/failure")) == failures
    assert suite.get("skipped") == str(6 - failures - 1)
    assert len(suite.findall("testcase/skipped")) == 6 - failures - 1
    case = suite.find("testcase[@name='test_max']")
    assert case.get("classname") == "activations.test_relu"
    assert "expected   2" in case.find("failure").text


def test_xml_survives_control_characters():
    text = as_xml(report(*EVERYTHING, strict=True))
    assert "\x07" not in text
    assert "&lt;hi&gt;" in text


# -------------------------------------------------------------------------------- HTML


class Reader(HTMLParser):
    """Checks that tags are balanced and that nothing is loaded from elsewhere."""

    EMPTY = frozenset({"meta"})

    def __init__(self):
        super().__init__()
        self.open, self.text, self.addresses = [], [], []

    def handle_starttag(self, tag, attributes):
        """Remember what is open."""
        if tag not in self.EMPTY:
            self.open.append(tag)
        self.addresses += [v for k, v in attributes if k in ("src", "href")]

    def handle_endtag(self, tag):
        """Close it."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Keep what is read."""
        self.text.append(data)


def test_html_is_one_whole_page():
    reader = Reader()
    reader.feed(as_html(report(*EVERYTHING)))
    assert reader.open == []
    assert reader.addresses == []
    text = " ".join(reader.text)
    for expected in ("relu is wrong", "relu(np.array([2.0]))", "<hi>", "relu prints"):
        assert expected in text


def test_html_of_what_is_right_and_complete_is_short(monkeypatch):
    monkeypatch.setattr(Report, "not_offered", lambda _: [])
    text = as_html(report(HOLDS))
    assert "The mathematics holds." in text
    assert "Not offered" not in text
    assert "What fails" not in text


def test_html_leaves_out_what_is_not_known():
    bare = Failure("relu", "hang", "relu does not return")
    text = as_html(report(Result(law("a", "relu"), "fails", failure=bare)))
    for label in ("got", "expected", "off by", "bound", "try it", "input"):
        assert f"<dt>{label}</dt>" not in text


# ------------------------------------------------------------------------- divergences


ENTRY = Divergence((FAILS.law.id,), ("value",), "It rounds up.", ">=2", "https://a.b/1")


@pytest.fixture
def library(monkeypatch, tmp_path):
    """Make the target a library about which something is known."""

    def write(*entries, version="2.5.0+cpu"):
        lines = []
        for entry in entries:
            lines += [
                "[[divergence]]",
                f"laws = {json.dumps(entry.laws)}",
                f"kinds = {json.dumps(entry.kinds)}",
                f"reason = {json.dumps(entry.reason)}",
                f"versions = {json.dumps(entry.versions)}",
                f"link = {json.dumps(entry.link)}",
            ]
        (tmp_path / "library.toml").write_text("\n".join(lines), encoding="utf-8")
        monkeypatch.setattr(known_module, "FOLDER", tmp_path)

        def reported(*results, strict=False):
            learned = Run("library", functions=["relu", "tanh"], version=version)
            for result in results:
                learned.add(result)
            return Report(learned, profile="quick", strict=strict)

        return reported

    return write


def test_a_known_divergence_does_not_count(library):
    reported = library(ENTRY)
    known = reported(HOLDS, FAILS)
    assert known.code == 0
    assert known.fails == []
    assert known.table()["relu"]["known"] == 1
    text = as_text(known)
    assert "relu: It rounds up." in text
    assert "https://a.b/1" in text
    assert "holds, apart from what is known" in text
    assert json.loads(as_json(known))["known_divergences"][0]["laws"] == [FAILS.law.id]
    assert "It rounds up." in as_html(known)


def test_a_known_divergence_counts_when_strict(library):
    strict = library(ENTRY)(HOLDS, FAILS, strict=True)
    assert strict.code == 1
    assert "counted, as --strict asks" in as_text(strict)
    root = ElementTree.fromstring(as_xml(strict))
    assert root[0].get("failures") == "1"


def test_another_failure_of_the_same_law_counts(library):
    other = Result(FAILS.law, "fails", failure=value(kind="nan"))
    assert library(ENTRY)(other).code == 1


def test_another_law_counts(library):
    assert library(ENTRY)(FAILS, AGAIN).code == 1


def test_parameters_of_a_law_need_not_be_named():
    entry = Divergence(("a.py::test_x",), ("value",), "")
    for identity, known in [
        ("a.py::test_x", True),
        ("a.py::test_x[1-2]", True),
        ("a.py::test_xx", False),
    ]:
        assert entry.speaks_of(Law(identity, "", (), "", "")) is known


def test_what_no_longer_shows_is_stale(library):
    right = Result(FAILS.law, "holds")
    stale = library(ENTRY)(right)
    assert stale.stale == [ENTRY]
    assert stale.code == 0
    assert "STALE" in as_text(stale)
    assert "It rounds up." in as_html(stale)
    assert json.loads(as_json(stale))["stale_divergences"][0]["reason"] == ENTRY.reason


def test_what_was_not_judged_is_not_stale(library):
    reported = library(ENTRY)
    assert reported(HOLDS).stale == []
    assert reported(Result(FAILS.law, "not offered")).stale == []


@pytest.mark.parametrize(
    ("version", "known"),
    [("2.0", 1), ("3.1.4+cpu", 1), ("1.9", 0), ("2.0rc1", 1), ("unknown", 1)],
)
def test_versions_matter(library, version, known):
    library(ENTRY)
    assert len(divergences("library", version)) == known


def test_only_libraries_have_divergences(library):
    library(ENTRY)
    assert divergences("library:relu", "2.0") == [ENTRY]
    assert divergences("library.py", "2.0") == []
    assert divergences("no_library", "2.0") == []
    assert divergences("../library", "2.0") == []


def test_only_failures_have_causes():
    with pytest.raises(ValueError, match="only failures have a cause"):
        Cause((HOLDS,)).failure  # noqa: B018 -- the property is what is tested
