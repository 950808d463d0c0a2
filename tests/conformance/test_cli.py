"""cli: exit codes, one line for what cannot be done, and nothing half-written."""

import io
import json
import os
import re
import subprocess
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from derivations.engine import StepError
from reference.conformance import check as check_module
from reference.conformance import cli, progress, prove
from reference.conformance.cli import main
from reference.conformance.failure import Failure
from reference.conformance.laws import Law
from reference.conformance.results import Result, Run

ROOT = Path(__file__).resolve().parents[2]
BEGINNER = ROOT / "docs" / "examples" / "beginner.py"

LAW = Law("a.py::test_a", "A law", ("relu",), "mathematics", "activations/relu")
WRONG = Failure("relu", "value", "relu is wrong", ("relu(1.0)",), "2", "1")


@pytest.fixture
def ran(monkeypatch):
    """Let the command believe it has run the laws, and show what it asked for."""
    asked = []

    def pretend(*results, **fields):
        def run(request, *, limits, progress, jobs):
            more = {"memory": limits.memory, "jobs": jobs}
            asked.append(SimpleNamespace(**asdict(request), **more))
            progress(0, 1, "A law")
            learned = Run(request.target, functions=["relu"], source="mine", **fields)
            for result in results:
                learned.add(result)
            return learned

        monkeypatch.setattr(check_module, "run", run)
        return asked

    return pretend


def refused(capsys, *arguments):
    """Run the command, which must refuse, and return its one line."""
    try:
        code = main(arguments)
    except SystemExit as exit_:
        code = exit_.code
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert err.startswith("lemmata: ")
    assert err.count("\n") == 1
    return err.removeprefix("lemmata: ").strip()


# ------------------------------------------------------------------------------ check


@pytest.mark.parametrize(
    ("result", "code"),
    [(Result(LAW, "holds"), 0), (Result(LAW, "fails", failure=WRONG), 1)],
)
def test_the_exit_code_is_the_verdict(ran, capsys, result, code):
    ran(result)
    assert main(["check", "mine.py"]) == code
    out, err = capsys.readouterr()
    assert out.startswith("mine.py, checked against lemmata")
    assert err == ""


def test_options_reach_the_worker(ran):
    asked = ran(Result(LAW, "holds"))
    main(["check", "m.py:f", "--as", "relu", "-k", "relu", "--profile", "full"])
    assert asked[0].target == "m.py:f"
    assert asked[0].name == "relu"
    assert asked[0].only == ["relu"]
    assert asked[0].profile == "full"
    assert asked[0].seed == 0
    assert (asked[0].memory, asked[0].jobs) == (4.0, None)
    options = ["--seed", "7", "--memory", "0.5", "--jobs", "3"]
    main(["check", "mine.py", *options])
    assert (asked[1].seed, asked[1].memory, asked[1].jobs) == (7, 0.5, 3)


def test_an_interrupted_run_shows_what_it_has_and_says_so(ran, capsys):
    ran(Result(LAW, "fails", failure=WRONG), interrupted=True)
    # What was asked for and not reached is not called missing.
    assert main(["check", "mine.py", "-k", "relu", "tanh"]) == 130
    out, err = capsys.readouterr()
    assert "FAILS" in out
    assert "interrupted" in out
    assert err == "lemmata: interrupted\n"


@pytest.mark.parametrize(
    "names", [["-k", "relu", "tanh"], ["-k", "relu", "-k", "tanh"]]
)
def test_functions_are_named_together_or_one_by_one(ran, names):
    asked = ran(Result(LAW, "holds"))
    main(["check", "mine.py", *names])
    assert asked[0].only == ["relu", "tanh"]


@pytest.mark.parametrize(
    ("suffix", "reader"),
    [(".json", json.loads), (".xml", ElementTree.fromstring), (".html", str)],
)
def test_a_report_is_written_whole(ran, tmp_path, suffix, reader):
    ran(Result(LAW, "fails", failure=WRONG))
    path = tmp_path / f"report{suffix}"
    path.write_text("what was there before", encoding="utf-8")
    assert main(["check", "mine.py", "--report", str(path)]) == 1
    text = path.read_text(encoding="utf-8")
    assert "relu is wrong" in text
    reader(text.partition("?>\n")[2] if suffix == ".xml" else text)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("report.txt", r"a report is a .json, .xml, .html file, got report.txt"),
        ("no/such/folder/r.json", "cannot write .*r.json: No such file or directory"),
        ("/proc/r.json", "cannot write /proc/r.json: .*"),
    ],
)
def test_a_report_that_cannot_be_written_is_refused_first(ran, capsys, path, line):
    asked = ran(Result(LAW, "holds"))
    found = refused(capsys, "check", "mine.py", "--report", path)
    assert re.fullmatch(line, found)
    assert asked == []


def test_a_folder_is_no_report(ran, capsys, tmp_path):
    ran(Result(LAW, "holds"))
    folder = tmp_path / "report.json"
    folder.mkdir()
    line = refused(capsys, "check", "mine.py", "--report", str(folder))
    assert line == f"cannot write {folder}: it is a folder"


def test_a_disk_that_fills_up_leaves_nothing(ran, capsys, tmp_path, monkeypatch):
    ran(Result(LAW, "holds"))
    path = tmp_path / "report.json"
    path.write_text("before", encoding="utf-8")

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert main(["check", "mine.py", "--report", str(path)]) == 2
    assert capsys.readouterr().err.endswith("No space left on device\n")
    assert path.read_text(encoding="utf-8") == "before"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["check", "mine.py", "-k", "rellu"], "no rellu, did you mean relu?"),
        (["check", "mine.py", "-k", "zzzzzz"], "the contract has no zzzzzz"),
        (["check", "mine.py", "--profile", "slow"], "invalid choice: 'slow'"),
        (["check", "mine.py", "--seed", "-1"], "at least 0, got -1"),
        (["check", "mine.py", "--seed", "x"], "at least 0, got x"),
        (["check", "mine.py", "--memory", "0"], "a number above 0, got 0"),
        (["check", "mine.py", "--memory", "much"], "a number above 0, got much"),
        (["check", "mine.py", "--jobs", "0"], "at least 1, got 0"),
        (["accuracy", "mine.py", "--jobs", "0"], "at least 1, got 0"),
        (["check"], "the following arguments are required: TARGET"),
        ([], "the following arguments are required: COMMAND"),
        (["identfy", "torch"], "invalid choice: 'identfy'"),
    ],
)
def test_a_wrong_command_line_is_refused_in_one_line(ran, capsys, arguments, line):
    ran(Result(LAW, "holds"))
    assert line in refused(capsys, *arguments)


def test_a_function_the_target_lacks_cannot_be_selected(ran, capsys):
    ran(Result(LAW, "holds"))
    assert refused(capsys, "check", "mine.py", "-k", "tanh") == "mine.py offers no tanh"


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"unloadable": "it is\nbroken"}, "it is broken"),
        ({"broken": ["a.py: no", "b.py: no"]}, "the laws cannot be run: a.py: no"),
    ],
)
def test_what_cannot_be_checked_is_refused(ran, capsys, fields, line):
    ran(**fields)
    assert refused(capsys, "check", "mine.py") == line


# ------------------------------------------------------------------- the real command


def lemmata(*arguments, cwd=ROOT, **environment):
    return subprocess.run(
        [sys.executable, "-P", "-m", "reference", *arguments],
        capture_output=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        text=True,
        timeout=120,
    )


def test_a_walk_over_the_modules_runs_no_command(capsys):
    module = import_module("reference.__main__")
    assert module.main is main
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("no_such_module", "no module named no_such_module"),
        ("no/such.py", "there is no file no/such.py"),
        ("broken.py", "broken.py cannot be loaded: broken.py, line 1: "),
        ("exits.py", "exits.py cannot be loaded: it raises SystemExit: 0"),
        ("dies.py", "importing it ends the process (exit status 9)"),
    ],
)
def test_a_target_that_does_not_load(tmp_path, target, line):
    (tmp_path / "broken.py").write_text("def relu(x:\n", encoding="utf-8")
    (tmp_path / "exits.py").write_text("raise SystemExit(0)\n", encoding="utf-8")
    (tmp_path / "dies.py").write_text("import os\nos._exit(9)\n", encoding="utf-8")
    before = sorted(tmp_path.glob("*.*"))
    done = lemmata("check", target, "--report", "r.json", "-k", "relu", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"lemmata: {line}")
    assert done.stderr.count("\n") == 1
    assert sorted(tmp_path.glob("*.*")) == before


def test_a_module_is_found_where_the_caller_is(tmp_path):
    source = "import numpy as np\n\n\ndef relu(x):\n    return np.maximum(x, 0.0)\n"
    (tmp_path / "nn.py").write_text(source, encoding="utf-8")
    (tmp_path / "random.py").write_text("raise RuntimeError\n", encoding="utf-8")
    done = lemmata("check", "nn", "--report", "r.json", cwd=tmp_path)
    assert done.stderr == ""
    assert done.returncode == 0
    assert json.loads((tmp_path / "r.json").read_text())["target"] == "nn"


@pytest.mark.slow
def test_the_beginners_module_fails_with_small_inputs(tmp_path):
    report = tmp_path / "report.json"
    done = lemmata("check", str(BEGINNER), "--report", str(report))
    assert done.returncode == 1
    assert done.stderr == ""
    content = json.loads(report.read_text(encoding="utf-8"))
    blamed = {cause["function"] for cause in content["causes"]}
    assert blamed == {
        "binary_cross_entropy",
        "categorical_cross_entropy",
        "dropout",
        "mse_loss_grad",
        "relu_derivative",
        "sigmoid",
        "sigmoid_derivative",
        "softmax",
        "softplus",
        "tanh",
        "tanh_derivative",
        "xavier_normal",
    }
    for cause in content["causes"]:
        assert cause["calls"], cause
        assert max(len(call) for call in cause["calls"]) < 120
    # What is right in it is not accused.
    right = {"relu", "mse_loss", "he_normal"}
    assert all(not content["table"][name].get("fails") for name in right)


def test_what_a_snippet_prints_is_what_was_got(tmp_path):
    report = tmp_path / "report.json"
    lemmata("check", str(BEGINNER), "-k", "sigmoid", "--report", str(report))
    (cause,) = json.loads(report.read_text(encoding="utf-8"))["causes"]
    code = "\n".join(cause["reproduce"])
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        check=True,
        cwd=BEGINNER.parent,
        text=True,
    )
    assert float(done.stdout.strip().strip("[]")) == float(cause["got"])


def test_a_command_without_its_extras_says_what_to_install(monkeypatch, capsys):
    def missing(name):
        raise ModuleNotFoundError(name="hypothesis")

    monkeypatch.setattr(cli, "import_module", missing)
    line = refused(capsys, "check", "mine.py")
    assert line == "this needs hypothesis: pip install 'lemmata[verify]'"


def test_an_interrupt_is_no_traceback(monkeypatch, capsys):
    def interrupted(options):
        raise KeyboardInterrupt

    monkeypatch.setattr(check_module, "command", interrupted)
    assert main(["check", "mine.py"]) == 130
    assert capsys.readouterr().err == "lemmata: interrupted\n"


def test_a_reader_may_leave_early():
    command = f"{sys.executable} -m reference prove sigmoid | head -n 1"
    done = subprocess.run(
        command,
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        shell=True,
        text=True,
        timeout=120,
    )
    assert done.stderr == ""
    assert done.stdout.startswith("activations.sigmoid.")


def test_version_and_help_are_told(capsys):
    for option, text in (("--version", "lemmata 0"), ("--help", "check")):
        with pytest.raises(SystemExit) as exit_:
            main([option])
        assert exit_.value.code == 0
        assert text in capsys.readouterr().out


# ------------------------------------------------------------------------------ prove


def test_a_derivation_is_checked_and_printed(capsys):
    assert main(["prove", "activations.sigmoid.stable"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("activations.sigmoid.stable  (")
    assert "σ(x)" in out
    assert "1 derivation holds, every step checked in" in out


def test_a_concept_is_all_its_derivations(capsys):
    assert main(["prove", "sigmoid"]) == 0
    out = capsys.readouterr().out
    assert "activations.sigmoid.derivative  (" in out
    assert "derivations hold, every step checked in" in out


def test_a_derivation_that_is_not_there(capsys):
    assert refused(capsys, "prove", "sigmund") == "no derivation is called sigmund"


class Fake:
    """Stands in for a derivation."""


def test_a_refused_derivation_is_told_and_fails(monkeypatch, capsys):
    def check():
        title = "A title"
        raise StepError(title, 2, "algebra", "it does not follow")

    fake = Fake()
    fake.check = check
    monkeypatch.setattr(prove, "discover", lambda: [("a.b.c", fake)])
    monkeypatch.setattr(prove, "unicode", {fake: "x = y"}.get)
    assert main(["prove"]) == 1
    out = capsys.readouterr().out
    assert re.search(r"x = y\n\nREFUSED: A title, step 2 .* it does not follow\n", out)
    assert out.endswith("1 of 1 refused: a.b.c\n")


def test_old_terminals_get_what_they_can_show(monkeypatch):
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", out)
    assert main(["prove", "activations.sigmoid.stable"]) == 0
    out.flush()
    assert b"activations.sigmoid.stable" in out.buffer.getvalue()


def test_the_output_may_be_kept_in_memory(monkeypatch):
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert main(["prove", "activations.sigmoid.stable"]) == 0


def test_a_malformed_derivation_is_told_in_one_line(monkeypatch, capsys):
    def discover(*names):
        title = "A title"
        raise StepError(title, reason="it has no steps")

    monkeypatch.setattr(prove, "discover", discover)
    assert (
        refused(capsys, "prove")
        == "a derivation is malformed: A title: it has no steps"
    )


# --------------------------------------------------------------------------- progress


def test_progress_is_shown_on_a_terminal_and_wiped(monkeypatch, capsys):
    monkeypatch.setattr(progress.sys.stderr, "isatty", lambda: True)
    with progress.Bar() as bar:
        bar(1, 4, "a law " * 100)
        shown = capsys.readouterr().err
    wiped = capsys.readouterr().err
    assert shown.startswith("\r\x1b[K██████·················· 1/4 a law")
    assert "\n" not in shown
    assert wiped == "\r\x1b[K"


def test_no_progress_is_shown_to_a_file(capsys):
    with progress.Bar() as bar:
        bar(1, 4, "a law")
    assert capsys.readouterr().err == ""
