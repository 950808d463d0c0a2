"""identify: targets that misbehave are told as they are, and the command survives."""

import re
from pathlib import Path

import pytest

from reference.conformance import identify, identify_run
from reference.conformance.beacon import Beacon
from reference.conformance.cli import main
from reference.conformance.errors import CommandError
from reference.conformance.identify_report import as_text, exit_status
from reference.conformance.identify_run import Asked
from reference.conformance.identify_worker import Request, ask
from reference.conformance.process import Limits

HERE = Path(__file__).resolve().parent / "targets" / "variants"


def only(found):
    """Return the one answer, and its text on one line."""
    (answer,) = found
    return answer, " ".join(as_text(found, "").split())


@pytest.mark.parametrize(
    ("function", "name", "line"),
    [
        ("adagrad_step", "adagrad", "adagrad_step raises ValueError: no"),
        ("leaving_step", "adam", r"adam_step raises SystemExit\(3\)"),
        ("empty_step", "adam", "adam_step returns no pair of parameters and state"),
        ("wide_step", "adam", r"the parameters go from shape \(1,\) to \(2, 1\)"),
        ("text_step", "adam", "text_step returns <U1, and no real numbers"),
    ],
)
def test_what_cannot_be_asked_is_a_finding(answers, function, name, line):
    answer, text = only(answers(HERE / f"hostile.py:{function}", name))
    assert answer.verdict == "finding"
    assert re.search(f"{function} cannot be asked: {line}", text)
    assert exit_status([answer]) == 2


def test_nan_is_none_of_these(answers):
    answer, text = only(answers(HERE / "hostile.py:nan_step", "adam"))
    assert answer.verdict == "none"
    assert "after step 1 yours is at nan" in text


def test_what_raises_on_some_inputs_is_none_of_these(answers):
    answer, text = only(answers(HERE / "hostile.py:growing_step", "momentum"))
    assert answer.verdict == "none"
    assert "On a learning rate that falls: growing_step raises OverflowError." in text


def test_a_function_that_waits_too_long_is_not_asked_again(tmp_path):
    Beacon.create(tmp_path / "beacon").close()
    learned, path = Asked(), str(tmp_path / "beacon")
    target = str(HERE / "hostile.py:slow_step")
    ask(Request(target, "adam", seconds=0.01, beacon=path), learned.take)
    (answer,) = learned.answers
    assert answer.verdict == "finding"
    assert "does not return within 0.1 s" in answer.findings["small gradients"]


DEADLY = """
import os, time
adagrad_init = adam_init = momentum_init = lambda params: 0.0

def adagrad_step(params, grad, state, *, learning_rate, eps):
    os._exit(7)

def adam_step(params, grad, state, *, learning_rate, beta1, beta2, eps):
    while True:
        try:
            time.sleep(60)
        except BaseException:
            continue

def momentum_step(params, grad, state, *, learning_rate, momentum):
    state = momentum * state + grad
    return params - learning_rate * state, state
"""


def test_what_ends_or_holds_the_process_is_told_and_the_rest_is_asked(
    tmp_path, capsys, monkeypatch
):
    path = tmp_path / "deadly.py"
    path.write_text(DEADLY, encoding="utf-8")
    limits = Limits(load=60.0, call=0.1)
    monkeypatch.setattr(identify_run, "LIMITS", limits)
    assert main(["identify", str(path)]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert re.search(
        "adagrad_step cannot be asked: it ends the process "
        r"[(]exit status 7[)]. adam_step cannot be asked: adam_step does not return, "
        "and nothing interrupts it. momentum_step is Momentum, a velocity of gradients",
        out,
    )


def test_one_function_may_be_asked_without_a_word():
    found = identify_run.ask(str(HERE / "scalar_loops.py:adam_step"))
    assert [v.name for v in found.answers[0].variants] == ["Algorithm 1"]
    assert found.version == ""


def test_a_process_that_ends_between_two_questions_has_no_culprit():
    with pytest.raises(CommandError, match="process that asks it ends the process"):
        Asked().bury("", "ends the process (exit status 3)")


def test_an_importing_process_that_hangs_is_ended(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("while True: pass", encoding="utf-8")
    limits = Limits(load=0.2, call=0.1)
    with pytest.raises(CommandError, match="importing it takes longer than"):
        identify_run.ask(str(path), limits=limits)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import os\nos._exit(3)", r"importing it ends the process \(exit status 3\)"),
        ("x = 1", "has no function that is known in several variants"),
        ("def adam_step():\n  (", "line 2"),
    ],
)
def test_a_file_that_cannot_be_asked_is_refused(tmp_path, capsys, source, line):
    path = tmp_path / "mine.py"
    path.write_text(source, encoding="utf-8")
    assert main(["identify", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.search(line, err)


@pytest.mark.parametrize(
    ("target", "name", "line"),
    [
        (HERE / "made_up.py:none_step", "adam", "has no function none_step"),
        (HERE / "made_up.py:sign_step", "", "no variants of sign_step are known"),
        (HERE / "made_up.py:sign_step", "adm", "known, did you mean adam[?]"),
        (HERE / "made_up.py", "adam", "--as adam needs one function"),
        (HERE / "classes.py:SGDMomentum", "tanh", "say what SGDMomentum is called"),
        (HERE / "classes.py:AdamConfig", "adam", "AdamConfig has no method step"),
        ("no.such.module", "", "no module named no.such.module"),
        ("numpy:vart", "", "of numpy no vart is known here, did you mean var[?]"),
    ],
)
def test_what_cannot_be_understood_is_refused_in_one_line(answers, target, name, line):
    with pytest.raises(CommandError, match=line):
        answers(target, name)


def test_an_interrupt_leaves_what_was_answered(tmp_path, monkeypatch, capsys):
    def interrupt(done, total, name):
        assert total == 3
        if done == 1:
            raise KeyboardInterrupt

    target = str(HERE / "scalar_loops.py")
    found = identify_run.ask(target, progress=interrupt)
    assert found.interrupted
    assert [answer.label for answer in found.answers] == ["adagrad_step"]
    monkeypatch.setattr(identify, "ask", lambda *_, **__: found)
    report = tmp_path / "report.json"
    assert main(["identify", target, "--report", str(report)]) == 130
    assert "adagrad_step is Adagrad" in capsys.readouterr().out
    assert "eps inside the root" in report.read_text(encoding="utf-8")
