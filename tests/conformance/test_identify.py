"""identify: each hand-made variant is named, what is made up is none, all survive."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from reference.conformance.identify_report import as_text, exit_status

HERE = Path(__file__).resolve().parent / "targets" / "variants"
ROOT = Path(__file__).resolve().parents[2]


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


def test_a_file_is_asked_for_its_classes_by_their_names(answers):
    found = answers(HERE / "classes.py")
    assert {a.label: a.variants[0].name for a in found} == {
        "Adam": "epsilon-hat",
        "RMSprop": "eps inside the root",
        "SGDMomentum": "a mean of gradients",
    }


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
