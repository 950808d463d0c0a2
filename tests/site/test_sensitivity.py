"""Who catches what: the page shows what was measured, of all faults there are."""

import json

import markdown
import pytest

from docs._extension import sensitivity
from docs._extension.book import BookError
from docs._extension.sensitivity import (
    CHECKERS,
    DATA,
    Count,
    chapter_of,
    count,
    data,
    faults,
    page,
    what_is_wrong,
)
from docs._extension.sensitivity.defects import (
    CONTROL,
    DEFECTS,
    FACTORS,
    KINDS,
    Defect,
    defective,
    pairs,
)

AGAIN = (
    "run python -m docs._extension.sensitivity, with their names to judge only these"
)
VERDICTS = {"caught", "missed", "-"}


def convert(text):
    return markdown.markdown(text, extensions=["docs._extension"])


def test_every_planted_fault_is_in_the_file():
    kept = {row["fault"] for row in data()["planted"]}
    assert sorted(set(faults()) - kept) == [], AGAIN
    assert sorted(kept - set(faults())) == [], AGAIN


def test_every_defect_of_every_pair_is_in_the_file():
    kept = {(row["defect"], row["pair"]) for row in data()["defects"]}
    assert kept == {(d.name, pair.name) for d in DEFECTS for pair in pairs(d)}, AGAIN


def test_a_verdict_is_one_of_three_and_ours_is_never_unasked():
    for row in data()["planted"] + data()["defects"]:
        assert {row[checker] for checker in CHECKERS} <= VERDICTS
        assert row["ours"] == ("caught" if row["law"] else "missed")
        assert (row["allclose"] == "-") == (not row["library"])


def test_every_planted_fault_is_caught_by_ours():
    missed = [row["fault"] for row in data()["planted"] if row["ours"] == "missed"]
    assert missed == []


def test_nobody_gives_a_false_alarm():
    assert {row["pair"] for row in data()["controls"]} == {
        pair.name for pair in pairs(CONTROL)
    }
    for row in data()["controls"]:
        assert [row[checker] for checker in CHECKERS].count("caught") == 0
        assert row["contract"] == ""


def test_what_every_checker_was_told_is_recorded():
    settings = data()["parameters"]
    assert set(settings) == {*CHECKERS, "seed"}
    assert settings["gradcheck"] == {"eps": 1e-6, "atol": 1e-5, "rtol": 1e-3}
    assert settings["check_grads"]["order"] == 1
    assert settings["allclose"] == {"rtol": 1e-5, "atol": 1e-8}
    assert settings["ours"]["profile"] == "quick"
    assert {"lemmata", "numpy", "torch", "jax"} <= set(data()["versions"])


def test_the_file_is_in_order():
    for kind, key in (("planted", "fault"), ("defects", "defect")):
        names = [(row[key], row.get("pair", "")) for row in data()[kind]]
        assert names == sorted(set(names))


@pytest.mark.parametrize("kind", ["planted", "defects"])
def test_totals_on_the_page_are_those_of_the_file(kind):
    made = convert("/// sensitivity | summary\n///")
    for checker in CHECKERS:
        total = count(data()[kind], checker)
        assert f"<td>{total.caught:,} of {total.asked:,}</td>" in made
        assert f"<td>{100 * total.caught / len(data()[kind]):.0f} %</td>" in made


def test_the_totals_of_kinds_add_up():
    names = [name for _, kind in page._by_kind() for name in kind]
    assert sorted(names) == sorted(defect.name for defect in DEFECTS)
    assert {defect.kind for defect in DEFECTS} == set(KINDS)


def test_the_page_has_a_row_for_each_fault_and_a_mark_for_each_miss():
    made = convert("/// sensitivity | planted\n///")
    rows = data()["planted"]
    assert made.count('<th scope="row">') == len(rows)
    missed = sum(row[checker] == "missed" for row in rows for checker in CHECKERS)
    assert made.count('<span class="chip refuted">missed</span>') == missed > 0


def test_what_ours_misses_is_named_with_its_reason():
    made = convert("/// sensitivity | missed\n///")
    missed = [row for row in data()["defects"] if row["ours"] == "missed"]
    names = {row["defect"] for row in missed}
    assert names == set(page.REASONS)
    assert made.count("<li>") == len(names)
    for row in missed:
        assert row["functions"][0] in made


@pytest.mark.parametrize("name", page.TABLES)
def test_every_table_is_on_the_page(name):
    text = (DATA.parent / "sensitivity.md").read_text(encoding="utf-8")
    assert f"/// sensitivity | {name}\n" in text
    made = convert(f"/// sensitivity | {name}\n///")
    assert ("<li>" if name == "missed" else "<table") in made


def test_what_is_unknown_is_refused():
    with pytest.raises(BookError, match=r"sensitivity is summary, .*, got 'nothing'"):
        convert("/// sensitivity | nothing\n///")
    with pytest.raises(BookError, match="surprise is missed, and nobody has said why"):
        page.reason("surprise")
    with pytest.raises(BookError, match="there is no fault none__at_all"):
        what_is_wrong("none__at_all")
    with pytest.raises(BookError, match="none__at_all is named for no concept"):
        chapter_of("none__at_all")


def test_what_cannot_be_asked_is_not_missed():
    rows = [{"ours": verdict} for verdict in ("caught", "missed", "-", "-")]
    assert count(rows, "ours") == Count(1, 2, 4)
    assert str(Count(1, 2, 4)) == "1 of 2"
    assert Count(1, 2, 4).of_all == "25 %"
    assert str(Count(0, 0, 4)) == "—"


def test_a_defect_that_changes_nothing_is_no_defect():
    rounded = next(d for d in DEFECTS if d.name == "rounded_gradient")
    names = {pair.gradient for pair in pairs(rounded)}
    assert "sigmoid_derivative" in names
    assert "relu_derivative" not in names
    assert pairs(Defect("same", "", "", None, lambda _, function: function)) == []


def test_a_defect_changes_what_it_says():
    by_name = {defect.name: defect for defect in DEFECTS}
    pair = next(p for p in pairs(CONTROL) if p.gradient == "sigmoid_derivative")
    half = defective(by_name["both_half"], pair)
    assert (half["sigmoid"](0.0), half["sigmoid_derivative"](0.0)) == (0.25, 0.125)
    tail = defective(by_name["tail_of_gradient"], pair)["sigmoid_derivative"]
    assert tail(13.0) == 0 < tail(11.0)
    assert {
        f"{place}_{x:g}" for place in ("gradient", "function", "both") for x in FACTORS
    } <= set(by_name)


def test_the_file_is_read_again_when_it_changes(monkeypatch, tmp_path):
    path = tmp_path / "sensitivity.json"
    monkeypatch.setattr(sensitivity, "DATA", path)
    path.write_text(json.dumps({"planted": []}), encoding="utf-8")
    assert sensitivity.data() == {"planted": []}


# A catch and a miss of each checker, judged again.
SAMPLE = (
    ("sigmoid__hard", ""),
    ("sigmoid__clipped_argument", ""),
    ("adam__epsilon_hat", ""),
    ("xor__or", ""),
    ("gradient_0.0005", "sigmoid, sigmoid_derivative"),
    ("gradient_1e-05", "softmax, softmax_vjp"),
    ("both_half", "tanh, tanh_derivative"),
    ("none", "mse_loss, mse_loss_grad"),
)


@pytest.mark.libraries
def test_a_sample_is_judged_as_in_the_file():
    from docs._extension.sensitivity.measure import KEPT, verdicts

    rows = data()["planted"] + data()["controls"] + data()["defects"]
    kept = {
        (row.get("fault") or row["defect"], row.get("pair", "")): row for row in rows
    }
    assert dict(verdicts(list(SAMPLE))) == {
        case: {key: kept[case][key] for key in KEPT} for case in SAMPLE
    }


def test_the_sample_shows_each_side_of_each_checker():
    rows = [r for r in data()["planted"] if (r["fault"], "") in SAMPLE]
    rows += [r for r in data()["defects"] if (r["defect"], r["pair"]) in SAMPLE]
    for checker in ("gradcheck", "check_grads", "allclose"):
        assert {row[checker] for row in rows} == VERDICTS
