"""The atlas of accuracy: what the page shows is what was measured, and up to date."""

import json
from fractions import Fraction
from pathlib import Path

import markdown
import numpy as np
import pytest

import reference
from docs._extension import accuracy
from docs._extension.accuracy import (
    DATA,
    atlas,
    share,
    sweeps,
    ulps,
    update,
    worst,
)
from docs._extension.book import BookError
from reference.conformance.accuracy_inputs import BLOCKS
from reference.conformance.accuracy_measure import measure_quickly
from reference.conformance.accuracy_promises import broken_promise
from reference.conformance.accuracy_run import Measured
from reference.conformance.accuracy_tally import LISTED, Tally
from reference.conformance.accuracy_tasks import DTYPES, NAMES, Task, perform
from reference.conformance.accuracy_truth import UNARY

FIELDS = ("inputs", "correct", "ulps", "worst", "kinds", "digest")


def tally(result):
    return Tally(**{field: result[field] for field in FIELDS})


def convert(text):
    return markdown.markdown(text, extensions=["docs._extension"])


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_function_of_the_reference_is_in_the_atlas(dtype):
    results = [r for r in atlas()["reference"]["results"] if r["dtype"] == dtype]
    assert {r["function"] for r in results} == set(NAMES)
    for result in results:
        measured = Measured(result["function"], dtype, tally(result), blocks=1)
        assert broken_promise(measured) == ""


def test_the_atlas_is_what_is_measured_today():
    for name in ("leaky_relu", "sigmoid"):
        [kept] = [
            r
            for r in atlas()["reference"]["results"]
            if (r["function"], r["dtype"]) == (name, "float16")
        ]
        today = perform(Task("reference", name, "float16"))["tally"]
        assert {k: kept[k] for k in FIELDS} == {k: today[k] for k in FIELDS}


@pytest.mark.parametrize("path", sorted((DATA.parent / "sweeps").glob("*.json")))
def test_a_sweep_keeps_the_promise_and_its_exceptions_are_exceptions(path):
    report = json.loads(path.read_text(encoding="utf-8"))
    [result] = report["results"]
    name = result["function"]
    assert result["complete"]
    assert result["exhaustive"]
    assert report["broken_promises"] == []
    found = tally(result)
    found.exceptions = result["exceptions"]
    measured = Measured(name, "float32", found, blocks=BLOCKS, of=BLOCKS)
    assert broken_promise(measured) == ""
    x = np.array([float.fromhex(x) for x in result["exceptions"]], np.float32)
    assert len(x) == min(LISTED, result["inputs"] - result["correct"])
    again = measure_quickly(UNARY[name], x, getattr(reference, name)(x))
    assert again.correct == 0


@pytest.mark.parametrize(("name", "slope"), [("sigmoid", 4), ("silu_derivative", 2)])
def test_the_exceptions_next_to_one_half_are_ties(name, slope):
    for text in sweeps()[name]["exceptions"]:
        x = float.fromhex(text)
        middle = Fraction(1, 2) + Fraction(x) / slope
        got = getattr(reference, name)(np.float32(x))
        other = 2 * middle - Fraction(float(got))  # as far off on the other side
        assert other != Fraction(float(got))
        next_to = np.nextafter(got, np.float32(float(other)))
        assert Fraction(float(next_to)) == other


def test_what_decides_silu_at_its_exception_is_too_small_to_be_seen():
    [at] = map(float.fromhex, sweeps()["silu"]["exceptions"])
    x = Fraction(at)
    assert x == Fraction(-9, 2**20)
    middle, rest = x / 2 + x**2 / 4, x**4 / 48
    want = float.fromhex(sweeps()["silu"]["worst"]["want"])
    got = float(reference.silu(np.float32(at)))
    assert middle == (Fraction(got) + Fraction(want)) / 2
    assert np.nextafter(np.float32(got), np.float32(want)) == np.float32(want)
    assert 0 < rest < Fraction(np.spacing(float(-middle))) / 2
    assert want == min(got, want)  # what is subtracted decides for the lower one


def test_a_table_has_a_row_for_each_library():
    made = convert("/// accuracy | float64\n///")
    for target, found in atlas().items():
        rows = sum(r["dtype"] == "float64" for r in found["results"])
        assert made.count(f"<td>{target}</td>") == rows
        assert f'<th scope="col">{target}</th>' in made
    assert made.index("<code>elu</code>") < made.index("<code>tanh</code>")
    assert "reference" in convert("/// measured\n///")


def test_the_largest_errors_say_where_results_are_wrong_beyond_them():
    made = convert("/// accuracy | float64\n///").partition("<details>")[0]
    names = {r["function"] for t in atlas().values() for r in t["results"]}
    assert made.count('<th scope="row">') == len(names)
    errors = {
        target: next(
            r
            for r in found["results"]
            if (r["function"], r["dtype"]) == ("sigmoid_derivative", "float64")
        )
        for target, found in atlas().items()
        if target in ("reference", "torch")
    }
    assert not errors["reference"]["kinds"]
    assert errors["torch"]["kinds"]
    row = made.partition("<code>sigmoid_derivative</code>")[2].partition("</tr>")[0]
    assert f"<td>{ulps(errors['reference']['ulps'], digits=2)}</td>" in row
    assert f"<td>{ulps(errors['torch']['ulps'], digits=2)}*</td>" in row


def test_every_sweep_is_in_the_table():
    made = convert("/// sweeps\n///")
    for path in (DATA.parent / "sweeps").glob("*.json"):
        assert f'href="sweeps/{path.name}"' in made
        assert f"<code>{path.stem}</code>" in made
    # All but logit, which is defined between 0 and 1 only, and two slopes at a kink.
    for name, result in sweeps().items():
        kink = name in ("leaky_relu_derivative", "relu_derivative")
        whole = 1_065_353_215 if name == "logit" else 4_278_190_080 - 2 * kink
        assert result["inputs"] == whole
        assert f"<code>{name}</code></th>\n<td>{whole:,}</td>" in made


def test_all_functions_of_one_number_have_been_swept():
    assert set(sweeps()) == set(UNARY)


def test_an_unknown_dtype_is_refused():
    with pytest.raises(BookError, match="accuracy is of float16, float32, float64, g"):
        convert("/// accuracy | float8\n///")


def test_numbers_are_not_rounded_to_praise():
    assert share({"inputs": 10**9, "correct": 10**9 - 1}) == "all but 1"
    assert share({"inputs": 4, "correct": 3}) == "75.00 %"
    assert share({"inputs": 4, "correct": 4}) == "100 %"
    written = {0.3: "0.5", 0.5: "0.5", 2.3456789: "2.346", None: "∞", 4.5e15: "4.5e15"}
    assert {value: ulps(value) for value in written} == written
    written = {2.3456789: "2.3", 130.4: "130", 9876.5: "9876", 8.4e6: "8.4e6"}
    assert {value: ulps(value, digits=2) for value in written} == written
    assert worst({"worst": {"x": "-0x1.8000000000000p-3"}}) == "-0x1.8p-3"
    assert worst({"worst": {"x": "normal, 2 scores"}}) == "normal, 2 scores"


def test_one_library_is_measured_again_without_the_others(monkeypatch, tmp_path):
    path = tmp_path / "accuracy.json"
    path.write_text(json.dumps({"torch": {"results": []}}))
    monkeypatch.setattr(accuracy, "DATA", path)
    kept = {**dict.fromkeys(accuracy._KEPT, 1), "function": "tanh", "dtype": "float16"}
    report = {**dict.fromkeys(accuracy._HEAD, "1"), "results": [kept]}

    def pretend(arguments):
        if arguments[1] == "missing":
            return 2
        report["results"] = [kept] if arguments[1] == "reference" else []
        Path(arguments[-1]).write_text(json.dumps(report))
        return 0

    monkeypatch.setattr(accuracy, "lemmata", pretend)
    update(["reference", "missing", "optax"])
    assert list(json.loads(path.read_text())) == ["reference", "torch"]
    assert DATA != path
