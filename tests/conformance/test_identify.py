"""identify: each hand-made variant is named, what is made up is none, all survive."""

import json
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from reference.conformance import identify_run
from reference.conformance.beacon import Beacon
from reference.conformance.cli import main
from reference.conformance.errors import CommandError
from reference.conformance.identify_report import as_text, exit_status
from reference.conformance.identify_run import Asked
from reference.conformance.identify_worker import Request, ask
from reference.conformance.runner import Limits

HERE = Path(__file__).resolve().parent / "targets" / "variants"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def answers(tmp_path):
    """Ask a target in this process, which is quicker."""

    def asked(target, name=""):
        path = tmp_path / "beacon"
        Beacon.create(path).close()
        learned = Asked()
        ask(Request(str(target), name, beacon=str(path)), learned.take)
        return learned.answers

    return asked


def only(found):
    """Return the one answer, and its text on one line."""
    (answer,) = found
    return answer, " ".join(as_text(found, "").split())


# ------------------------------------------------------------------ hand-made variants

HAND_MADE = [
    ("scalar_loops.py:adam_step", "", "Algorithm 1"),
    ("scalar_loops.py:hat_step", "adam_step", "epsilon-hat"),
    ("scalar_loops.py:bare_step", "adam", "no bias correction"),
    ("scalar_loops.py:adagrad_step", "", "eps inside the root, sum from 0.1"),
    ("scalar_loops.py:rmsprop_step", "", "eps inside the root, starts at 1"),
    ("in_place.py:adam_step", "", "AMSGrad, largest before the correction"),
    ("in_place.py:root_step", "adam", "epsilon inside the root"),
    ("in_place.py:rmsprop_step", "", "centered, eps outside the root"),
    ("in_place.py:momentum_step", "", "a velocity of steps"),
    ("in_place.py:nesterov_step", "", "Nesterov, a velocity of steps"),
    ("classes.py:Adam", "", "epsilon-hat"),
    ("classes.py:RMSprop", "", "eps inside the root"),
    ("classes.py:SGDMomentum", "momentum", "a mean of gradients"),
    ("hidden.py:adam_step", "", "Algorithm 1"),
    ("hidden.py:mean_step", "adam", "only the mean corrected"),
    ("hidden.py:square_step", "adam", "only the mean square corrected"),
    ("history.py:adam_step", "", "NAdam"),
    ("history.py:peak_step", "adam", "Adamax, eps beside the maximum"),
    ("history.py:late_step", "adam", "t counted from 0"),
    ("history.py:momentum_step", "", "a velocity of gradients"),
    ("history.py:adagrad_step", "", "eps outside the root, sum from 0"),
    ("single.py:adam_step", "", "epsilon-hat"),
    ("single.py:wide_step", "adam", "epsilon-hat"),
    ("single.py:half_step", "adam", "epsilon-hat"),
    ("decays.py:adamw_step", "", "decoupled, scaled by the learning rate"),
    ("decays.py:paper_step", "adamw", "decoupled, not scaled by the learning rate"),
    ("decays.py:after_step", "adamw", "decay after the step"),
    ("decays.py:coupled_step", "adamw", "L2 penalty in the gradient"),
    ("decays.py:double_step", "adamw", "L2 penalty without the half in the gradient"),
    ("own_names.py:adam_step", "", "Algorithm 1"),
    ("own_names.py:rmsprop_step", "", "eps outside the root"),
]


@pytest.mark.parametrize(("target", "name", "variant"), HAND_MADE)
def test_a_hand_made_variant_is_named(answers, target, name, variant):
    answer, text = only(answers(HERE / target, name))
    assert answer.verdict == "known"
    assert [v.name for v in answer.variants] == [variant]
    assert text.startswith(
        f"{target.partition(':')[2]} is {answer.family.title}, {variant} ("
    )
    assert answer.variants[0].link in text
    assert exit_status([answer]) == 0


def test_a_file_is_asked_for_all_that_is_known_in_it(answers):
    found = answers(HERE / "scalar_loops.py")
    assert [a.label for a in found] == ["adagrad_step", "adam_step", "rmsprop_step"]


def test_the_input_that_separates_is_shown(answers):
    _, text = only(answers(HERE / "scalar_loops.py:hat_step", "adam_step"))
    assert (
        "Separated from Algorithm 1 by: params 0, gradient 1e-7, eps 1e-7: "
        "after step 1 yours is at -0.00307, Algorithm 1 at -0.05." in text
    )


@pytest.mark.parametrize("name", ["adam_step", "wide_step", "half_step"])
def test_what_computes_in_float32_is_granted_its_rounding(answers, name):
    answer, text = only(answers(HERE / f"single.py:{name}", "adam"))
    assert answer.precision == "float32"
    assert "Compared with the precision of float32." in text


def test_options_that_cannot_be_set_are_found_out(answers):
    answer, text = only(answers(HERE / "own_names.py:fixed_step", "adam"))
    assert [v.name for v in answer.variants] == ["epsilon-hat"]
    assert answer.fixed == {"beta1": 0.9, "beta2": 0.999, "eps": 1e-7}
    assert "as they would be at: beta1 0.9, beta2 0.999, eps 1e-07." in text


def test_variants_that_nothing_can_separate_are_both_named(answers):
    answer, text = only(answers(HERE / "own_names.py:momentum_step"))
    assert answer.verdict == "either"
    assert [v.name for v in answer.variants] == [
        "a velocity of gradients",
        "a velocity of steps",
    ]
    assert "which differ in nothing that it can be asked" in text
    assert exit_status([answer]) == 0


# ----------------------------------------------------------------------- none of these


@pytest.mark.parametrize(
    ("target", "name", "nearest", "probe", "step"),
    [
        ("fading_step", "adam", "Algorithm 1", "gradients that fall", 4),
        ("momentum_step", "", "a velocity of gradients", "a learning rate", 4),
        (
            "adamw_step",
            "",
            "decoupled, scaled by the learning rate",
            "small gradients",
            3,
        ),
        ("tilted_step", "adam", "Algorithm 1", "small gradients", 1),
    ],
)
def test_a_made_up_variant_agrees_with_the_nearest_for_a_while(
    answers, target, name, nearest, probe, step
):
    answer, text = only(answers(HERE / f"made_up.py:{target}", name))
    assert answer.verdict == "none"
    assert answer.nearest.name == nearest
    assert answer.difference.probe.name.startswith(probe)
    assert answer.difference.step == step
    assert f"{target} is none of the known variants of {answer.family.title}." in text
    upto = (
        f"They agree up to step {step - 1} on this input, no further"
        if step > 1
        else "They differ from the first step on"
    )
    assert f"{upto}: {answer.difference.probe.sentence}: after step {step}" in text
    assert exit_status([answer]) == 1


@pytest.mark.parametrize("name", ["cube_step", "sign_step", "swapped_step"])
def test_what_nobody_published_is_none_of_these(answers, name):
    answer, _ = only(answers(HERE / f"made_up.py:{name}", "adam"))
    assert answer.verdict == "none"
    assert answer.nearest in answer.family.variants


# ------------------------------------------------------------------- hostile targets


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
        "adagrad_step cannot be asked: adagrad_step ends the process "
        r"[(]exit status 7[)]. adam_step cannot be asked: adam_step does not return, "
        "and nothing interrupts it. momentum_step is Momentum, a velocity of gradients",
        out,
    )


def test_one_function_may_be_asked_without_a_word():
    found = identify_run.ask(str(HERE / "scalar_loops.py:adam_step"))
    assert [v.name for v in found.answers[0].variants] == ["Algorithm 1"]
    assert found.version == ""


def test_a_process_that_ends_between_two_questions_has_no_culprit():
    with pytest.raises(CommandError, match=r"that asks it ends \(exit status 3\)"):
        Asked().bury("it ended", "(exit status 3)")


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
        (HERE / "classes.py:Nothing", "adam", "Nothing has no method step"),
        ("no.such.module", "", "no module named no.such.module"),
        ("numpy:vart", "", "of numpy no vart is known here, did you mean var[?]"),
    ],
)
def test_what_cannot_be_understood_is_refused_in_one_line(answers, target, name, line):
    with pytest.raises(CommandError, match=line):
        answers(target, name)


# ----------------------------------------------------------------------- the command


def test_the_command_answers_within_five_seconds(tmp_path):
    report = tmp_path / "report.json"
    target = f"{HERE / 'scalar_loops.py'}:hat_step"
    command = [sys.executable, "-m", "reference", "identify", target, "--as", "adam"]
    before = used()
    done = subprocess.run(
        [*command, "--report", str(report)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert used() - before < 5
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("hat_step is Adam, epsilon-hat (Kingma & Ba 2015")
    (answer,) = json.loads(report.read_text(encoding="utf-8"))["answers"]
    assert answer["family"] == "adam"
    assert answer["variants"][0]["name"] == "epsilon-hat"
    assert answer["difference"]["variant"] == "Algorithm 1"
    assert answer["sentences"][0].startswith("hat_step is Adam, epsilon-hat")


def used():
    """Return the seconds of computing that child processes have taken."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime
