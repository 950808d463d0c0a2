"""accuracy: errors are exact, every kind of failure is a finding, runs can go on."""

import json
import re
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, replace
from fractions import Fraction

import numpy as np
import pytest

import reference
from reference.conformance import accuracy, accuracy_tasks
from reference.conformance.accuracy_inputs import BLOCKS, block, families, inputs
from reference.conformance.accuracy_measure import (
    UncertainError,
    measure_exactly,
    measure_quickly,
)
from reference.conformance.accuracy_promises import broken_promise
from reference.conformance.accuracy_run import Measured, State, collect, run, run_on
from reference.conformance.accuracy_tally import Tally
from reference.conformance.accuracy_tasks import NAMES, Task, attempt, perform, plan
from reference.conformance.accuracy_truth import ROWWISE, UNARY, rounded
from reference.conformance.cli import main
from reference.conformance.compare import assert_close
from reference.conformance.errors import CommandError
from reference.conformance.guard import Guard
from reference.conformance.implementation import Implementation
from reference.conformance.process import Limits

SIGMOID = UNARY["sigmoid"]


def measured_as(name, dtype, function, at=-1):
    target = Implementation("mine", {name: function}, source="mine", guard=Guard())
    return attempt(Task("mine", name, dtype, at), target)


# -------------------------------------------------------------------- exact rounding


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_exact_values_are_rounded_once(dtype):
    random = np.random.default_rng(0)
    bits = random.integers(0, 2**64, 3000, dtype=np.uint64, endpoint=False)
    limits = np.finfo(dtype)
    near = random.normal(size=1000) * float(limits.tiny)
    values = np.concatenate([bits.view(np.float64), near, near * 2.0**-8, near * 1e4])
    values = values[np.isfinite(values)]
    with np.errstate(over="ignore", under="ignore"):
        want = values.astype(dtype).astype(np.float64)
    got = [rounded(Fraction(value), dtype) for value in values.tolist()]
    assert got == want.tolist()


def test_ties_go_to_even_and_what_is_above_one_does_not():
    tie = Fraction(1) + Fraction(1, 2**24)
    assert rounded(tie, np.float32) == 1.0
    assert rounded(tie + Fraction(1, 10**60), np.float32) == 1.0 + 2.0**-23
    assert rounded(Fraction(1, 3), np.float64) == 1 / 3
    assert rounded(-Fraction(65520), np.float16) == -np.inf


@pytest.mark.parametrize("name", ["gelu", "gelu_tanh", "silu"])
def test_half_of_the_smallest_number_and_a_little_more_is_no_tie(name):
    assert UNARY[name].exact(np.array([5e-324]))[0] > Fraction(5e-324) / 2


# ------------------------------------------------------------------------- measuring


def test_quick_and_exact_measurements_agree():
    x = inputs("silu_derivative", "float32")[::4001]
    got = reference.silu(x)  # wrong nearly everywhere
    function = UNARY["silu_derivative"]
    wide = x.astype(np.float64)
    exact = measure_exactly(x, got, function.exact(wide), size=function.size(wide))
    quick = measure_quickly(function, x, got)
    for field in ("inputs", "correct", "exceptions", "digest", "worst"):
        assert getattr(quick, field) == getattr(exact, field)
    assert_close(quick.ulps, exact.ulps, ulps=2.0**24, why="truth in float64")
    assert {k: n["count"] for k, n in quick.kinds.items()} == {
        k: n["count"] for k, n in exact.kinds.items()
    }


def test_a_formula_that_is_off_by_more_than_it_may_be_is_found():
    x = inputs("sigmoid", "float32")[::1001]
    loose = replace(SIGMOID, quick=lambda v: SIGMOID.quick(v) * (1 + 2.0**-49))
    with pytest.raises(UncertainError, match="is off by too much at"):
        measure_quickly(loose, x, reference.sigmoid(x))


def test_a_formula_that_gives_no_number_is_found():
    x = inputs("sigmoid", "float16")
    broken = replace(SIGMOID, quick=lambda v: v * np.nan)
    with pytest.raises(UncertainError, match="formula gives nan at"):
        measure_quickly(broken, x, reference.sigmoid(x))


@pytest.mark.parametrize("x", [-1.0, 1.0])
def test_either_side_of_a_joined_definition_stands_alone(x):
    assert float(UNARY["elu"].exact(np.array([x]))[0]) == reference.elu(x)


def test_one_result_that_is_one_digit_off_is_found():
    def nudged(x):
        y = reference.sigmoid(x)
        return np.where(x == 1, np.nextafter(y, 2, dtype=y.dtype), y)

    result = measured_as("sigmoid", "float16", nudged)["tally"]
    assert result["inputs"] - result["correct"] == 1
    assert result["exceptions"] == [(1.0).hex()]
    assert 0.5 < result["ulps"] < 1.5
    assert result["worst"]["x"] == (1.0).hex()


def test_zeros_infinities_nan_and_signs_are_told_apart():
    def broken(x):
        y = np.asarray(reference.tanh(x))
        for number, bad in enumerate([0.0, np.inf, np.nan, -1.0], 1):
            y = np.where(x == number, np.array(bad, y.dtype), y)
        return y

    kinds = measured_as("tanh", "float16", broken)["tally"]["kinds"]
    assert {kind: note["count"] for kind, note in kinds.items()} == {
        "zero": 1,
        "inf": 1,
        "nan": 1,
        "sign": 1,
    }
    assert [kinds[k]["x"] for k in kinds] == [float(n).hex() for n in (1, 2, 3, 4)]


def test_the_textbook_sigmoid_loses_its_tail():
    def textbook(x):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-x))

    kinds = measured_as("sigmoid", "float16", textbook)["tally"]["kinds"]
    assert kinds["zero"]["count"] > 100


def test_limits_are_compared_at_both_ends():
    def silu(x):
        with np.errstate(invalid="ignore", over="ignore"):
            return x / (1 + np.exp(-x.astype(np.float64))).astype(x.dtype)

    ends = measured_as("silu", "float16", silu)["ends"]
    assert ends == [{"x": "-inf", "got": "nan", "want": "0"}]


def test_counts_add_up_whatever_the_pieces():
    x = inputs("sigmoid", "float16")
    wrong = np.asarray(x / 4 + np.float16(0.5))
    whole, parts = measure_quickly(SIGMOID, x, wrong), Tally()
    for half in (slice(0, 30_000), slice(30_000, None)):
        parts.merge(measure_quickly(SIGMOID, x[half], wrong[half]))
    for field in ("inputs", "correct", "ulps", "worst", "ranges", "exceptions"):
        assert getattr(parts, field) == getattr(whole, field)
    ranges = whole.ranges.values()
    assert sum(row[0] for row in ranges) == whole.inputs == 63_488
    assert sum(row[1] for row in ranges) == whole.correct


def test_a_digest_does_not_depend_on_empty_tallies():
    x = inputs("sigmoid", "float16")
    part = measure_quickly(SIGMOID, x, np.zeros_like(x))
    whole = Tally()
    for tally in (Tally(), part, Tally(inputs=3, correct=3)):
        whole.merge(tally)
    assert whole.digest == part.digest != ""
    whole.merge(part)
    assert whole.digest != part.digest


def test_a_sweep_has_every_finite_number_once():
    assert len(plan("m", ["relu"], ["float32"], exhaustive=True)) == BLOCKS
    last = [x for x, _ in block(UNARY["identity"], 127)]
    assert sum(map(len, last)) == 2**23
    assert np.isfinite(np.concatenate(last)).all()
    first = block(UNARY["relu_derivative"], 0)[0][0]
    assert first[0] == np.float32(1e-45)  # its value at 0 is a matter of choice
    assert block(UNARY["logit"], 255) == []


def test_a_block_of_a_sweep_is_measured():
    tally = perform(Task("reference", "relu", "float32", 127))["tally"]
    assert tally["inputs"] == tally["correct"] == 2**23
    across_zero = perform(Task("reference", "identity", "float32", 128))["tally"]
    assert set(across_zero["ranges"]) == {"7", "8"}


# -------------------------------------------------------------------------- promises


@pytest.mark.parametrize("name", UNARY)
def test_reference_keeps_its_promises_on_every_float16(name):
    result = perform(Task("reference", name, "float16"))
    assert result["ends"] == []
    measured = Measured(name, "float16", Tally.of(result["tally"]), blocks=1)
    assert broken_promise(measured) == ""
    assert measured.tally.inputs > 15_000


@pytest.mark.parametrize("name", ["sigmoid", "gelu", "silu_derivative", "logit"])
def test_reference_keeps_its_promises_in_float64(name):
    result = perform(Task("reference", name, "float64"))
    measured = Measured(name, "float64", Tally.of(result["tally"]), blocks=1)
    assert broken_promise(measured) == ""


@pytest.mark.nightly
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_reference_keeps_all_its_promises(name, dtype):
    result = perform(Task("reference", name, dtype))
    measured = Measured(name, dtype, Tally.of(result["tally"]), blocks=1)
    assert broken_promise(measured) == ""


@pytest.mark.nightly
@pytest.mark.parametrize("number", [0, 56, 57, 184, 185])
def test_exceptions_of_the_sigmoid_are_where_they_are_named(number):
    result = perform(Task("reference", "sigmoid", "float32", number))
    measured = Measured("sigmoid", "float32", Tally.of(result["tally"]), of=BLOCKS)
    assert broken_promise(measured) == ""


@pytest.mark.parametrize(
    ("name", "dtype", "tally", "line"),
    [
        ("sigmoid", "float64", {"ulps": 2.5}, "sigmoid is off by 2.5 ulp, promised 2"),
        ("sigmoid", "float32", {"ulps": 0.6}, "in float32 is off by 0.6 ulp"),
        (
            "tanh",
            "float16",
            {"inputs": 9, "correct": 8, "exceptions": ["0x1.0p+0"]},
            "tanh in float16 is not correctly rounded at 0x1.0p[+]0",
        ),
        ("softplus", "float32", {"inputs": 9, "correct": 7}, "has 2 exceptions, named"),
    ],
)
def test_broken_promises_are_named(name, dtype, tally, line):
    measured = Measured(name, dtype, Tally(**tally), blocks=1)
    assert re.search(line, broken_promise(measured))


def test_named_exceptions_break_no_promise():
    named = ["-0x1.0p-20", "0x1.8p-30"]
    tally = Tally(inputs=9, correct=7, exceptions=named)
    assert broken_promise(Measured("sigmoid", "float32", tally, blocks=1)) == ""


def test_an_exception_that_is_no_longer_one_is_named_too():
    whole = {"blocks": BLOCKS, "of": BLOCKS}
    right = Measured("softplus", "float32", Tally(inputs=9, correct=9), **whole)
    assert broken_promise(right) == "softplus in float32 has 0 exceptions, named are 1"


@pytest.mark.parametrize("x", [-1.0, -0.5, 0.0, 3.0])
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_product_is_rounded_once_whatever_the_slope(x, dtype):
    random = np.random.default_rng(0)
    patterns = random.integers(0, 2**64, 200, dtype=np.uint64).view(np.float64)
    for slope in (0.01, 5e-324, 1e-300, 1e300, *patterns[np.isfinite(patterns)]):
        points = np.array([x, -1.1e-5, *-random.random(20)]).astype(dtype)
        exact = [Fraction(float(p)) * (Fraction(slope) if p < 0 else 1) for p in points]
        got = reference.leaky_relu(points, negative_slope=slope)
        assert got.astype(float).tolist() == [rounded(v, dtype) for v in exact]


@pytest.mark.parametrize("name", ROWWISE)
def test_rows_are_measured_entry_by_entry(name, monkeypatch):
    monkeypatch.setattr(accuracy_tasks, "LENGTHS", {2: 24})
    right = perform(Task("reference", name, "float64"))["tally"]
    assert right["ulps"] <= ROWWISE[name].promised

    def shifted(x):
        y = np.asarray(getattr(reference, name)(x))
        return np.where(np.arange(y.size).reshape(y.shape) == 0, y * (1 + 2.0**-40), y)

    wrong = measured_as(name, "float64", shifted)["tally"]
    assert wrong["ulps"] > 1000
    assert wrong["worst"]["x"].endswith(
        "2 scores, row 0" + ", entry 0" * (not ROWWISE[name].reduces)
    )


def test_every_family_has_its_rows():
    for kind, rows in families(10, np.float16).items():
        assert rows.shape == (12, 10), kind
        assert np.isfinite(rows).all(), kind


# ------------------------------------------------------------------- hostile targets


@pytest.mark.parametrize(
    ("function", "finding"),
    [
        (lambda x: x[:-1], "tanh returns shape"),
        (lambda _: 1 / 0, "tanh raises ZeroDivisionError: division by zero"),
        (lambda _: None, "tanh returns None"),
        (lambda x: x.astype(complex), "tanh returns dtype complex128"),
    ],
)
def test_what_cannot_be_measured_is_a_finding(function, finding):
    def honest_at_first(x):
        return np.tanh(x) if x.shape == (2, 3) else function(x)

    result = measured_as("tanh", "float64", honest_at_first)
    assert result["finding"].startswith(finding)


def test_a_dtype_that_is_not_kept_is_not_measured():
    result = measured_as("tanh", "float32", lambda x: np.tanh(x.astype(np.float64)))
    assert result == {"lacks": "float32"}


def test_a_function_that_is_missing_is_not_measured():
    target = Implementation("mine", {"tanh": np.tanh}, source="mine")
    assert attempt(Task("mine", "relu", "float16"), target) == {"lacks": "relu"}


def test_a_function_that_raises_at_infinity_is_told():
    def finite(x):
        if np.isinf(x).any():
            message = "too large"
            raise ValueError(message)
        return np.tanh(x)

    ends = measured_as("tanh", "float16", finite)["ends"]
    told = "tanh raises ValueError: too large"
    assert [(e["x"], e["got"]) for e in ends] == [("-inf", told), ("inf", told)]


def test_a_target_that_takes_too_long_to_import_is_given_up():
    state = State(None, "reference")
    with pytest.raises(CommandError, match="importing it takes longer than 0 s"):
        run([Task("reference", "relu", "float16")], state, limits=Limits(load=0.0))


def test_a_target_may_end_its_process_or_freeze_it(tmp_path, capsys):
    target = tmp_path / "bad.py"
    target.write_text(
        "import os, numpy as np\n"
        "def relu(x): return np.maximum(x, 0)\n"
        "def sigmoid(x):\n"
        "    if np.size(x) > 9: os._exit(3)\n"
        "    return x\n"
        "def tanh(x): raise ValueError('no')\n",
        encoding="utf-8",
    )
    report = tmp_path / "r.json"
    names = ["-k", "sigmoid", "tanh", "relu", "--dtype", "float16", "--jobs", "1"]
    assert main(["accuracy", str(target), *names, "--report", str(report)]) == 1
    out, _ = capsys.readouterr()
    assert "sigmoid ends the process (exit status 3)" in out
    results = {r["function"]: r for r in json.loads(report.read_text())["results"]}
    assert results["relu"]["inputs"] == results["relu"]["correct"] == 63_488
    assert results["tanh"]["lacks"] == "float16"


def test_what_cannot_be_loaded_is_said(tmp_path):
    state = State(None, "no_such_module")
    with pytest.raises(CommandError, match="no module named no_such_module"):
        run([Task("no_such_module", "relu", "float16")], state, limits=Limits())


# ----------------------------------------------------------------- going on, anywhere


def test_any_executor_gives_the_same_results():
    tasks = plan("reference", ["relu", "tanh"], ["float16"], exhaustive=False)
    shown = []
    state = State(None, "reference")
    with ThreadPoolExecutor(2) as executor:
        run_on(executor, tasks, state, lambda *told: shown.append(told[:2]))
    assert {key: r["tally"] for key, r in state.results.items()} == {
        task.key: perform(task)["tally"] for task in tasks
    }
    assert shown == [(1, 2), (2, 2)]


def test_what_an_executor_does_not_survive_is_a_finding():
    class Broken(ThreadPoolExecutor):
        def submit(self, *_):
            future = Future()
            future.set_exception(BrokenProcessPool("gone"))
            return future

    tasks = plan("reference", ["relu"], ["float16"], exhaustive=False)
    state = State(None, "reference")
    run_on(Broken(), tasks, state)
    assert collect(tasks, state.results)[0].findings == ["relu ends the process (gone)"]


def test_a_run_goes_on_where_it_was(tmp_path):
    path = tmp_path / "state"
    task = Task("reference", "relu", "float16")
    begun = State(path, "reference")
    begun.loaded("1.2")
    begun.add(task.key, {"finding": "seen before"})
    with path.open("a") as file:
        file.write('{"key": "cut off')
    again = State(path, "reference")
    run([task], again)
    assert again.results == {task.key: {"finding": "seen before"}}
    assert again.version == "1.2"
    once_more = State(path, "reference")
    assert (once_more.results, once_more.version) == (again.results, "1.2")


@pytest.mark.parametrize("changed", ["mine.py", "beside.py"])
def test_results_of_other_code_are_not_gone_on_with(tmp_path, changed):
    target, path = str(tmp_path / "mine.py"), tmp_path / "state"
    for name in ("mine.py", "beside.py", "notes.txt"):
        (tmp_path / name).write_text("x = 1\n")
    State(path, target).add("key", {"lacks": "float64"})
    (tmp_path / "notes.txt").write_text("x = 2\n")
    assert State(path, target).results == {"key": {"lacks": "float64"}}
    (tmp_path / changed).write_text("x = 2\n")
    begun = path.read_text()
    with pytest.raises(CommandError, match=r"is the state of other code of .*mine\.py"):
        State(path, target)
    assert path.read_text() == begun


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("nonsense", "is the state of another measurement"),
        ('{"format": 0}\n', "is the state of another measurement"),
        ("0\n", "is the state of another measurement"),
    ],
)
def test_a_foreign_state_is_refused(tmp_path, text, line):
    path = tmp_path / "state"
    path.write_text(text)
    with pytest.raises(CommandError, match=line):
        State(path, "reference")
    assert path.read_text() == text


@pytest.mark.parametrize("line", ["3", "[]", '{"key": "x"}'])
def test_a_line_that_is_no_result_is_refused(tmp_path, line):
    path = tmp_path / "state"
    State(path, "reference")
    with path.open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(CommandError, match=r"cannot use .*: it is no state file"):
        State(path, "reference")


def test_an_interrupted_run_reports_what_it_has(tmp_path, monkeypatch, capsys):
    def interrupted(tasks, state, **_):
        state.add(tasks[0].key, perform(tasks[0]))
        raise KeyboardInterrupt

    monkeypatch.setattr(accuracy, "run", interrupted)
    report = tmp_path / "r.json"
    code = main(["accuracy", "reference", "-k", "relu", "--report", str(report)])
    assert code == 130
    assert "63,488" in capsys.readouterr().out
    complete = [r["complete"] for r in json.loads(report.read_text())["results"]]
    assert complete == [True, False, False]


def test_everything_wrong_is_told(monkeypatch, capsys):
    tally = Tally(10**9, 10**9 - 3, 0.75, {"x": (1.5).hex()})
    tally.kinds = {"sign": {"count": 2, "x": "0x1p+0", "got": "-1", "want": "1"}}
    end = {"x": "inf", "got": "nan", "want": "1"}

    def pretended(tasks, state, **_):
        result = {"tally": asdict(tally), "ends": [end]}
        state.add(tasks[0].key, result)
        state.add(tasks[1].key, {"lacks": "float64"})

    monkeypatch.setattr(accuracy, "run", pretended)
    dtypes = ["--dtype", "float32", "--dtype", "float64"]
    assert main(["accuracy", "reference", "-k", "tanh", *dtypes]) == 1
    out = capsys.readouterr().out
    assert "all but 3      0.75      2  0x1.8" in out
    assert "tanh, float32: the wrong sign, 2 times, as at 0x1p+0: got -1" in out
    assert "tanh, float32: at inf got nan, the limit is 1" in out
    assert "PROMISE  tanh in float32 is off by 0.75 ulp, promised half of one" in out
    assert "Dtypes not kept: tanh (float64)" in out


# --------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["-k", "sigmiod"], "the accuracy of sigmiod is not measured, did you mean si"),
        (["--dtype", "float8"], "argument --dtype: invalid choice: 'float8'"),
        (["--jobs", "0"], "argument --jobs: at least 1, got 0"),
        (["--report", "r.txt"], "a report is a .json file, got r.txt"),
        (["--report", "/proc/r.json"], "cannot write /proc/r.json"),
        (["--state", "/proc/no/state"], "cannot use /proc/no/state"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line(capsys, arguments, line):
    try:
        code = main(["accuracy", "reference", *arguments])
    except SystemExit as exit_:
        code = exit_.code
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith(f"lemmata: {line}")
    assert err.count("\n") == 1


def test_a_function_that_is_not_offered_is_said(monkeypatch, capsys):
    def lacking(tasks, state, **_):
        for task in tasks:
            state.add(task.key, {"lacks": task.name})

    monkeypatch.setattr(accuracy, "run", lacking)
    assert main(["accuracy", "reference", "-k", "gelu"]) == 2
    assert capsys.readouterr().err == "lemmata: reference offers no gelu\n"
