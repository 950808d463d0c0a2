"""Who follows which variant: the file fits the code, and the page shows the file."""

import json
import math
import re

import markdown
import pytest

from docs._extension import separations, variants
from docs._extension.book import ROOT, BookError
from docs._extension.separations import DATA, asked, separation
from docs._extension.variants import LIBRARIES, update
from reference.conformance.identify_run import ask
from reference.conformance.natives import natives
from reference.conformance.statistics import RATE
from reference.conformance.variants import families

PAGE = (ROOT / "docs" / "reference" / "variants.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^/// variants \| (.+)\n(?:    input: (.+)\n)?///$", re.MULTILINE)


def convert(text):
    return markdown.markdown(text, extensions=["docs._extension"])


def answers():
    return [
        (library, family, function, kept)
        for library, found in asked().items()
        for family, functions in found["families"].items()
        for function, kept in functions.items()
    ]


def test_every_library_is_in_the_file_with_its_version():
    assert tuple(asked()) == LIBRARIES
    for found in asked().values():
        assert re.fullmatch(r"\d+\.\d+.*", found["version"])
        assert all(found[key] for key in ("lemmata", "numpy", "python"))
        names = list(found["families"])
        assert names == sorted(names)


def test_every_variant_in_the_file_exists():
    for library, family, function, kept in answers():
        known = {variant.name for variant in families()[family].variants}
        told = {kept} - {None} if not isinstance(kept, list) else set(kept)
        assert told <= known, f"{library}:{function}"


def test_most_functions_of_libraries_are_a_known_variant():
    unknown = [answer for answer in answers() if not isinstance(answer[3], str)]
    # Both have their fans and their fractions upside down.
    assert [(a[0], a[2]) for a in unknown] == [
        ("mygrad", "he_normal"),
        ("mygrad", "he_uniform"),
    ]


def test_every_family_is_on_the_page_with_an_input_that_separates():
    shown = {name for found in BLOCK.finditer(PAGE) for name in found[1].split()}
    assert shown == set(families())
    for names, probe in BLOCK.findall(PAGE):
        separated = separation(names.split()[0], probe)
        assert separated.sentence
        assert len(set(separated.results.values())) > 1


def test_libraries_that_differ_are_told_apart_by_the_input_that_is_shown():
    for names, probe in BLOCK.findall(PAGE):
        if probe:  # chosen for what it teaches
            continue
        name = names.split()[0]
        followed = [v for v in separations.followers(names.split()) if v]
        results = separation(name).among(followed)
        assert len(set(results.values())) == len(followed), name


def test_headings_are_the_names_that_the_command_says():
    for found in BLOCK.finditer(PAGE):
        heading = re.findall(r"^### (.+)$", PAGE[: found.start()], re.MULTILINE)[-1]
        titles = {families()[name].title for name in found[1].split()}
        assert titles == {heading}


def test_a_table_names_who_follows_what_and_the_rest():
    made = convert("/// variants | median\n///")
    assert made.index("the mean of two") < made.index("<code>median</code>")
    assert "Input: 1, 2, 4, 9." in made
    assert "statistics.median_high" in made[made.index("<details>") :]
    none = convert("/// variants | he_uniform\n///")
    assert "none of these" in none


def test_the_large_table_has_a_row_for_each_family_and_a_cell_for_each_library():
    made = convert("/// conventions\n///")
    rows = re.findall(r"<tr>\s*(<th scope=\"row\">.*?)</tr>", made, re.DOTALL)
    assert len(rows) == len(families())
    assert all(row.count("<td>") == len(LIBRARIES) for row in rows)
    [median] = [row for row in rows if 'href="#median"' in row]
    assert re.findall("<td>(.*?)</td>", median) == [
        "the lower",
        "the mean of two",
        "the mean of two",
        "—",
        "the mean of two",
        "the mean of two",
        "—",
        "—",
    ]
    [weights] = [row for row in rows if "he uniform" in row]
    assert "none of these" in weights


def test_the_example_prints_what_the_command_prints():
    made = convert("/// identified | docs/examples/my_functions.py\n///")
    assert "adam_step is Adam, epsilon-hat" in made
    assert "leaky_relu is none of the known variants" in made
    found = {a.label: a.verdict for a in ask("docs/examples/my_functions.py").answers}
    assert found == {"adam_step": "known", "gelu": "known", "leaky_relu": "none"}


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("/// variants | gulu\n///", "there is no family 'gulu'; there are"),
        ("/// variants | adam\n    input: none\n///", "adam has no input 'none'; it"),
        ("/// identified | docs/nothing.py\n///", "there is no file docs/nothing.py"),
    ],
)
def test_what_does_not_exist_is_refused(block, reason):
    with pytest.raises(BookError, match=reason):
        convert(block)


def test_one_library_is_asked_again_without_the_others(monkeypatch, tmp_path):
    path = tmp_path / "variants.json"
    path.write_text(json.dumps({"torch": {"version": "1"}}))
    monkeypatch.setattr(separations, "DATA", path)
    update(["numpy", "nothing"])
    content = json.loads(path.read_text())
    assert list(content) == ["torch", "numpy"]
    assert content["numpy"]["families"] == asked()["numpy"]["families"]
    assert DATA != path


def test_a_library_that_cannot_be_asked_stops_the_command(monkeypatch, tmp_path):
    monkeypatch.setattr(separations, "DATA", tmp_path / "variants.json")
    answer = {"label": "f", "verdict": "finding", "findings": {"": "no"}}

    def pretend(arguments):
        with open(arguments[-1], "w") as file:  # noqa: PTH123
            json.dump({"version": "1", "answers": [answer]}, file)
        return 2

    monkeypatch.setattr(variants, "lemmata", pretend)
    with pytest.raises(BookError, match="numpy:f: "):
        update(["numpy"])


@pytest.mark.libraries
@pytest.mark.parametrize("library", LIBRARIES)
def test_what_a_library_follows_today_is_what_the_file_says(library):
    today = {}
    for answer in ask(library).answers:
        names = [variant.name for variant in answer.variants]
        kept = names if len(names) > 1 else (names or [None])[0]
        today.setdefault(answer.family.name, {})[answer.label] = kept
    assert today == asked()[library]["families"]
    assert {name for found in today.values() for name in found} == set(natives(library))


def test_numbers_in_the_text_are_those_of_the_code():
    exponent = "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(d)] for d in str(-round(math.log10(RATE))))
    assert f"one run in 10{exponent}" in PAGE
    assert "in eight libraries" in PAGE
    assert len(LIBRARIES) == 8
