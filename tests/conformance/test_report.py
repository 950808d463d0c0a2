"""report: causes first, nothing lost, and every format can be read by its reader."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reference.conformance import known as known_module
from reference.conformance import runner
from reference.conformance.cli import main
from reference.conformance.evidence import WARNINGS, evidence, page_address, snippet
from reference.conformance.failure import Failure
from reference.conformance.known import Divergence, divergences
from reference.conformance.laws import SUITE, Law
from reference.conformance.report import Cause, Report, next_step
from reference.conformance.report_files import as_json, as_xml
from reference.conformance.report_html import as_html
from reference.conformance.report_text import as_text
from reference.conformance.request import Request
from reference.conformance.results import Result, Run


def law(name, *functions, level="mathematics"):
    sentence = name.replace("_", " ").capitalize()
    identity = f"activations/test_relu.py::test_{name}"
    return Law(identity, sentence, functions, level, "activations/relu")


def value(function="relu", call="relu(np.array([2.0]))", **fields):
    plain = {"kind": "value", "cause": f"{function} is wrong", "calls": (call,)}
    shown = {"got": "3", "expected": "2", "bound": "allowed 16 ulp", "ulps": 2.25e15}
    shown |= {"place": (0,), "returned": ("[3.]",), "ours": "[2.]"}
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
  input      relu(np.array([2.0]))
  got        3
  expected   2
  off by     2.25e+15 ulp, no digit is right
  bound      allowed 16 ulp
  law        Max
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
    selected = report(HOLDS, FAILS, only=["tanh"])
    assert list(selected.table()) == ["tanh"]
    assert selected.not_offered() == []


# -------------------------------------------------------------------------------- text


def test_a_block_puts_the_cause_first():
    page = page_address("activations/relu")
    assert BLOCK.format(page=page) in as_text(report(*EVERYTHING))


def test_departures_are_listed_apart():
    text = as_text(report(*EVERYTHING))
    apart = (
        "DEPARTS FROM THE CONTRACT: not counted, and told one by one with --strict\n"
    )
    assert f"{apart}  relu: prints (<hi>\x07); breaks 1 law\n" in text
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
        (["Source, https://a.b", "Documentation, https://c.d/"], "https://c.d/{}.html"),
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


def told(failure, *others, **fields):
    """Return the text of a report on one failure."""
    results = [Result(law("max", "relu"), "fails", failure=failure), *others]
    return as_text(report(*results, **fields))


def rows(failure):
    return [(row.label, row.text) for row in evidence(Cause((fails(failure),)), run())]


def fails(failure, name="max", level="mathematics"):
    return Result(law(name, "relu", level=level), "fails", failure=failure)


ARRAYS = value(
    call="relu(np.array([2.0, 1.0]))",
    place=(1,),
    returned=("[2. 3.]",),
    ours="[2. 1.]",
    expected="1",
    ulps=9e15,
)


def test_the_head_says_what_was_checked_and_how():
    first = told(value()).splitlines()[0]
    assert first.startswith("mine.py, checked against lemmata ")
    assert first.endswith(", profile quick, seed 0, 1 law in 0.0 s")
    assert ", 2 laws in 0.2 s" in as_text(report(HOLDS, FAILS)).splitlines()[0]


def test_arrays_are_shown_beside_what_they_should_be():
    assert rows(ARRAYS)[:6] == [
        ("input", "relu(np.array([2.0, 1.0]))"),
        ("returns", "[2. 3.]"),
        ("should be", "[2. 1.]"),
        ("got", "3"),
        ("expected", "1"),
        ("", "in entry [1]"),
    ]


def test_a_matrix_takes_a_line_a_row():
    shown = rows(replace(ARRAYS, returned=("[[2. 3.]\n [1. 1.]]",)))
    assert ("returns", "[[2. 3.]") in shown
    assert ("", " [1. 1.]]") in shown


def test_what_a_law_makes_of_the_results_is_no_result():
    made = replace(ARRAYS, place=None, got="True", expected="False", ulps=None)
    shown = rows(made)
    assert shown[0] == ("law", "Max")
    assert ("this book", "[2. 1.]") in shown
    assert ("", "in what the law makes of the results") in shown


def test_what_looks_right_is_printed_with_all_its_digits():
    alike = replace(ARRAYS, returned=("[2. 1.]",))
    assert snippet(alike, run())[-1] == "print(relu(np.array([2.0, 1.0]))[1])"
    assert ("returns", "[2. 1.]") in rows(alike)
    assert "should be" not in dict(rows(alike))


@pytest.mark.parametrize("warning", WARNINGS)
def test_a_warning_of_numpy_is_explained(warning):
    shown = dict(rows(value(warnings=(f"RuntimeWarning: {warning} in exp",))))
    assert shown["NumPy says"].startswith(f"{warning} in exp (")


def test_any_other_warning_is_repeated():
    assert ("NumPy says", "a b") in rows(value(warnings=("a b",)))


@pytest.mark.parametrize(
    ("got", "expected", "says"),
    [
        ("2.5", "2", ", no digit is right"),
        ("2.1", "2", ", 1 digit is right"),
        ("2.0000000001", "2", ", 10 digits are right"),
        ("1e-9", "0", ""),
        ("2", "2", ", no digit is right"),
    ],
)
def test_right_digits_are_counted(got, expected, says):
    shown = dict(rows(value(got=got, expected=expected, ulps=5.0)))
    assert shown["off by"] == f"5 ulp{says}"


def test_an_infinite_distance_is_left_out():
    assert "off by" not in dict(rows(value(ulps=float("inf"))))


@pytest.mark.parametrize(
    ("kind", "detail", "row"),
    [
        ("raises", "my.py, line 3: x / 0", ("where", "my.py, line 3: x / 0")),
        ("law", "assert 1 < 0", ("found", "assert 1 < 0")),
        ("law", "assert np.False_", None),
    ],
)
def test_a_detail_is_told_if_it_says_anything(kind, detail, row):
    shown = rows(Failure("relu", kind, "relu is wrong", ("relu(1.0)",), detail=detail))
    assert (row in shown) if row else not {"where", "found"} & set(dict(shown))


def test_words_of_ours_are_explained_where_they_are_used():
    text = told(value())
    assert "\nWORDS\n  law: a statement" in text
    assert "\n  ulp: the gap" in text
    assert "condition number:" not in text
    assert "contract:" not in text
    assert "condition number: how" in told(value(bound="1 + condition number 3"))
    assert "WORDS" not in as_text(report(HOLDS))


def test_a_report_ends_with_what_to_do_next():
    assert told(value()).endswith(
        "\nNext: mend one, and run lemmata check mine.py -k relu\n"
    )
    other = report(FAILS, renamed={"relu": "ramp"})
    assert next_step(other) == "lemmata check mine.py --as relu"
    assert next_step(report(HOLDS)) == ""


def test_long_lists_are_counted():
    others = [fails(value(), f"more_{n}") for n in range(9)]
    text = told(value(), *others)
    assert "More 6\n" in text
    assert "More 7\n" not in text
    assert "\n             and 2 more laws\n" in text
    assert re.search(r"\nNot offered: \d+ of the \d+ functions of the book.\n", text)
    few = as_text(report(HOLDS, only=["tanh", "elu"]))
    assert "\nNot offered: elu\n" in few
    assert "Not offered" not in as_text(report(HOLDS, only=["tanh"]))


def test_what_stops_a_function_is_told_before_what_is_wrong_with_it():
    kinds = ["nan", "value", "raises", "end"]
    results = [fails(value(kind=kind, cause=kind), kind) for kind in kinds]
    other = Result(law("odd", "tanh"), "fails", failure=value("tanh"))
    causes = report(other, *results).fails
    assert [c.failure.cause for c in causes] == [*kinds[::-1], "tanh is wrong"]


def test_a_law_that_nan_breaks_is_of_its_cause():
    broken = Failure("relu", "law", "relu breaks a law", returned=("[nan 1.]",))
    several = report(fails(broken), fails(value(kind="nan", cause="relu is NaN"), "b"))
    assert [c.failure.cause for c in several.fails] == ["relu is NaN"]


def test_nan_that_a_law_makes_is_of_a_wrong_value():
    made = value(kind="nan", cause="relu breaks a law")
    assert [len(c.results) for c in report(fails(made), fails(value(), "b")).fails] == [
        2
    ]


def test_an_interrupted_report_says_so_first(library):
    learned = run(HOLDS, interrupted=True, laws={HOLDS.law.id: HOLDS.law, "b": None})
    text = as_text(Report(learned, profile="quick", strict=False))
    assert text.split("\n\n")[1].startswith("PARTIAL: interrupted after 1 of 2 laws")
    assert "PARTIAL" in as_html(Report(learned, profile="quick", strict=False))
    assert Report(learned, profile="quick", strict=False).code == 130
    reported = library(ENTRY)
    assert reported(Result(FAILS.law, "holds"), interrupted=True).stale == []


def test_the_report_in_the_book_is_what_the_command_says(capsys, monkeypatch):
    monkeypatch.chdir(SUITE.parent)
    target = "docs/examples/first_softmax.py"
    assert main(["check", target]) == 1
    printed = Path(target).with_suffix(".txt").read_text(encoding="utf-8")
    said = capsys.readouterr().out
    # How long it takes is another matter; `lemmata check` writes the file anew.
    plain = [
        re.sub(r"\d+\s+laws\s+in\s+\S+\s+s\b", "", text) for text in (said, printed)
    ]
    assert plain[0] == plain[1]


BEGINNERS = {
    "no_shift": (
        "e = np.exp(x)\n    return e / e.sum(axis=-1, keepdims=True)",
        "softmax is NaN where it must not be",
        "[ 0. nan]",
    ),
    "wrong_axis": (
        "e = np.exp(x - np.max(x))\n    return e / e.sum(axis=0)",
        "softmax is wrong",
        "[[0.11920292 0.11920292]\n [0.88079708 0.88079708]]",
    ),
    "no_division": (
        "return np.exp(x - np.max(x, axis=-1, keepdims=True))",
        "softmax is wrong",
        "[0.36787944 1.        ]",
    ),
    "in_place": (
        "x -= x.max(axis=-1, keepdims=True)\n    e = np.exp(x)\n"
        "    return e / e.sum(axis=-1, keepdims=True)",
        "softmax changes its argument",
        "[0. 0.]",
    ),
}


@pytest.mark.parametrize("name", BEGINNERS)
def test_a_snippet_prints_what_the_report_says(tmp_path, name):
    body, first, printed = BEGINNERS[name]
    file = tmp_path / f"{name}.py"
    file.write_text(f"import numpy as np\n\n\ndef softmax(x):\n    {body}\n")
    paths = [str(SUITE / "activations" / "test_softmax.py")]
    found = runner.run(Request(str(file), only=["softmax"], paths=paths))
    cause = Report(found, profile="quick", strict=False).fails[0]
    assert cause.failure.cause == first
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            "\n".join(snippet(cause.failure, found)),
        ],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        text=True,
    )
    if name != "in_place":
        assert cause.failure.returned == (printed,)
        assert done.stdout.strip() == printed
    else:  # it prints the argument, which is no longer what it was
        before = cause.failure.calls[0].partition("(")[2].removesuffix(")")
        assert done.stdout.strip() != before


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


HEAD = {
    "format": int,
    "lemmata": str,
    "target": str,
    "version": str,
    "profile": str,
    "seed": int,
    "seconds": float,
    "interrupted": bool,
    "judged": int,
    "of": int,
    "strict": bool,
    "exit": int,
    "capabilities": dict,
    "not_offered": list,
    "causes": list,
    "departures": list,
    "known_divergences": list,
    "stale_divergences": list,
    "table": dict,
    "laws": list,
}
CAUSE = {
    "function": str,
    "kind": str,
    "cause": str,
    "calls": list,
    "returned": list,
    "ours": str,
    "got": str,
    "expected": str,
    "place": list | None,
    "ulps": float | None,
    "error": float | None,
    "size": float | None,
    "eps": float | None,
    "bound": str,
    "detail": str,
    "warnings": list,
    "law": str,
    "laws": list,
    "page": str,
    "reproduce": list,
}
LAW = {
    "id": str,
    "sentence": str,
    "functions": list,
    "level": str,
    "page": str,
    "claims": list,
    "standing": str,
    "reason": str,
    "seconds": float,
}


def test_json_has_the_keys_it_is_documented_to_have():
    content = json.loads(as_json(report(*EVERYTHING)))
    for keys, found in [
        (HEAD, [content]),
        (CAUSE, content["causes"] + content["departures"]),
        (LAW, content["laws"]),
    ]:
        assert found
        for entry in found:
            assert set(entry) == set(keys)
            assert all(isinstance(entry[key], kind) for key, kind in keys.items())
    page = (SUITE.parent / "docs" / "reference" / "check_your_own.md").read_text(
        "utf-8"
    )
    documented = set(re.findall(r"`([a-z_]+)`", page.partition("## For programs")[2]))
    assert set(HEAD) | set(CAUSE) | set(LAW) <= documented


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


@pytest.mark.parametrize("interrupted", [False, True])
def test_xml_keeps_the_rules_of_its_schema(interrupted):
    learned = run(*EVERYTHING, interrupted=interrupted)
    root = ElementTree.fromstring(
        as_xml(Report(learned, profile="quick", strict=False)).partition("?>\n")[2]
    )
    assert root.tag == "testsuites"
    (suite,) = root
    assert set(suite.attrib) == {
        "name",
        "tests",
        "failures",
        "errors",
        "skipped",
        "time",
    }
    properties, *cases = suite
    assert properties.tag == "properties"
    stated = {one.get("name"): one.get("value") for one in properties}
    assert set(stated) >= {"seed", "profile"}
    assert ("interrupted after" in stated) is interrupted
    assert len(cases) == int(suite.get("tests"))
    for case in cases:
        assert case.tag == "testcase"
        assert set(case.attrib) == {"classname", "name", "time"}
        assert float(case.get("time")) >= 0
        assert len(case) <= 1
        for child in case:
            assert child.tag in {"failure", "skipped"}
            assert child.get("message")
    names = [(case.get("classname"), case.get("name")) for case in cases]
    assert len(set(names)) == len(names)


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
        self.open, self.text, self.addresses, self.ids = [], [], [], []

    def handle_starttag(self, tag, attributes):
        """Remember what is open."""
        if tag not in self.EMPTY:
            self.open.append(tag)
        self.addresses += [v for k, v in attributes if k in ("src", "href")]
        self.ids += [v for k, v in attributes if k == "id"]
        assert not any(k.startswith("on") for k, _ in attributes)

    def handle_endtag(self, tag):
        """Close it."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Keep what is read."""
        self.text.append(data)


def read(page):
    """Read a page, which must be well formed and point nowhere that is not there."""
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    inside = [a.removeprefix("#") for a in reader.addresses if a.startswith("#")]
    assert set(inside) <= set(reader.ids)
    return reader


def test_html_is_one_whole_page():
    reader = read(as_html(report(*EVERYTHING)))
    assert reader.addresses == ["#cause-1"]
    text = " ".join(reader.text)
    for expected in ("relu is wrong", "relu(np.array([2.0]))", "<hi>", "It prints"):
        assert expected in text


HOSTILE = '<script>alert("&")</script><img src=x onerror=y>'


def test_html_shows_hostile_text_as_text():
    bad = value(
        cause=HOSTILE,
        call=f"relu('{HOSTILE}')",
        got=HOSTILE,
        place=None,
        returned=(HOSTILE,),
        ours=f"{HOSTILE}.",
        bound=HOSTILE,
        detail=HOSTILE,
        warnings=(HOSTILE,),
        ulps=None,
    )
    worst = Law(HOSTILE, HOSTILE, ("relu",), "mathematics", HOSTILE)
    learned = Run(HOSTILE, functions=["relu"], source=HOSTILE, version=HOSTILE)
    learned.capabilities["relu"] = [HOSTILE]
    for result in (Result(worst, "fails", failure=bad), DEPARTS, HABIT):
        learned.add(result)
    page = as_html(Report(learned, profile=HOSTILE, strict=False))
    reader = read(page)
    assert "<script" not in page
    assert "<img" not in page
    assert "".join(reader.text).count(HOSTILE) >= 10
    assert "default-src 'none'" in page


def test_html_begins_with_the_verdict_and_leads_to_the_causes():
    page = as_html(report(*EVERYTHING))
    text = " ".join(" ".join(read(page).text).split())
    assert text.index("The mathematics fails in 1 of 2 functions.") < text.index(
        "relu is"
    )
    assert '<a href="#cause-1"><code>relu</code></a>' in page
    assert "1 hold 2 fail 2 depart from the contract" in text
    assert "run lemmata check mine.py -k relu" in text
    assert "also fails 1 law" in text


def test_html_links_a_page_that_is_published(monkeypatch):
    published = "reference.conformance.report_html.page_address"
    monkeypatch.setattr(published, lambda page: f"https://a.b/{page}.html")
    assert "https://a.b/activations/relu.html" in read(as_html(report(FAILS))).addresses


def test_html_tells_departures_one_by_one_when_strict():
    page = as_html(report(*EVERYTHING, strict=True))
    assert '<article class="departs">' in page
    assert '<article class="departs">' not in as_html(report(*EVERYTHING))


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


ENTRY = Divergence(
    (FAILS.law.id,),
    ("value",),
    "It rounds up.",
    ">=2",
    "https://a.b/1",
    example="relu(2.0) is 3, not 2",
)


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
                f"example = {json.dumps(entry.example)}",
            ]
        (tmp_path / "library.toml").write_text("\n".join(lines), encoding="utf-8")
        monkeypatch.setattr(known_module, "FOLDER", tmp_path)

        def reported(*results, strict=False, **fields):
            functions = ["relu", "tanh"]
            learned = Run("library", functions=functions, version=version, **fields)
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
    assert "\n    relu(2.0) is 3, not 2\n    https://a.b/1\n" in text
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


SIZED = replace(FAILS.failure, error=1e-9, size=2.0, eps=2.0**-52)


@pytest.mark.parametrize(
    ("limits", "known"),
    [
        ({}, False),
        ({"absolute": 1e-9}, True),
        ({"absolute": 0.9e-9}, False),
        ({"relative": 0.5e-9}, True),
        ({"relative": 0.4e-9}, False),
        ({"eps": 5e6}, True),
        ({"eps": 4e6}, False),
        ({"eps": 4e6, "absolute": 0.2e-9}, True),
    ],
)
def test_a_divergence_excuses_no_more_than_its_size(limits, known):
    entry = replace(ENTRY, **limits)
    assert entry.excuses(FAILS.law, SIZED) is known
    assert not entry.excuses(AGAIN.law, SIZED)
    assert not entry.excuses(FAILS.law, replace(SIZED, kind="zero"))


def test_what_has_no_size_is_excused_by_its_kind():
    assert ENTRY.excuses(FAILS.law, FAILS.failure)
    nan = replace(ENTRY, kinds=("nan",))
    assert nan.excuses(FAILS.law, replace(SIZED, kind="nan"))


@pytest.mark.parametrize(
    ("strict", "counted"), [(False, "not counted"), (True, "counted, as --strict asks")]
)
@pytest.mark.parametrize("link", ["", "https://a.b/1"])
@pytest.mark.parametrize("example", ["", "relu(2.0) is 3, not 2"])
def test_a_divergence_is_shown_with_its_link(library, example, link, strict, counted):
    entry = replace(ENTRY, link=link, example=example)
    page = as_html(library(entry)(HOLDS, FAILS, strict=strict))
    assert read(page).addresses == [link] * bool(link)
    card = page.partition('<article class="known">')[2].partition("</article>")[0]
    assert re.findall(r"<p><code>(.*)</code></p>", card) == [example] * bool(example)
    assert f"Documented, and {counted}." in page
    assert "The mathematics holds, apart from what is known." in page


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
