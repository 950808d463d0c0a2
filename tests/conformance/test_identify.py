"""identify: each hand-made variant is named, what is made up is none, all survive."""

import json
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.conformance import identify_run
from reference.conformance.beacon import Beacon
from reference.conformance.cli import main
from reference.conformance.errors import CommandError
from reference.conformance.identify_report import as_json, as_text, exit_status
from reference.conformance.identify_run import Asked
from reference.conformance.identify_verdict import judge
from reference.conformance.identify_worker import Request, ask
from reference.conformance.runner import Limits
from reference.conformance.variants import Family, Probe, Variant, families
from reference.conformance.variants.predictions import predict, rounded

HERE = Path(__file__).resolve().parent / "targets" / "variants"
OPTIMIZERS = ("adam", "adamw", "rmsprop", "adagrad", "momentum", "nesterov")


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


# ----------------------------------------------------------------------- separation


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_probes_separate_every_two_variants_by_a_wide_margin(name, dtype):
    family = families()[name]
    predictions = {
        v.name: [predict(family, v, p) for p in family.probes] for v in family.variants
    }
    for one in predictions:
        for other in predictions:
            if one < other:
                margins = [
                    np.abs(a.want - b.want) / (a.allowed(dtype) + b.allowed(dtype))
                    for a, b in zip(predictions[one], predictions[other], strict=True)
                ]
                assert max(np.max(m) for m in margins) > 100, (one, other)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_variant_is_named_when_it_is_played(name):
    family = families()[name]
    for variant in family.variants:
        assert [v.name for v in played(family, variant).variants] == [variant.name]


def played(family, variant, probes=None):
    """Judge a variant as if it were somebody's."""
    found = {}
    for probe in probes or family.probes:
        result = family.play(variant.function, probe)
        found[probe.name] = {"values": result.tolist(), "dtype": result.dtype.name}
    return judge(
        {
            "label": "mine",
            "defaults": {},
            "fixed": [{}],
            "probes": [probe.name for probe in family.probes],
            "answers": [found],
        },
        family,
    )


@given(st.data())
def test_rounding_does_not_make_a_right_one_none(data):
    """Off by an ulp in each input and each result, and computed in float32 or not."""
    family = families()[data.draw(st.sampled_from(OPTIMIZERS))]
    variant = data.draw(st.sampled_from(family.variants))
    random = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    dtype = data.draw(st.sampled_from([np.float64, np.float32]))
    eps = float(np.finfo(dtype).eps)

    def noisy(value):
        if isinstance(value, (float, np.ndarray)):
            return value * (1 + eps * random.uniform(-1, 1, np.shape(value)))
        return value

    init, step = variant.function

    def off(params, grad, state, **options):
        options = {name: noisy(value) for name, value in options.items()}
        params, state = step(params, noisy(grad), state, **options)
        return noisy(params).astype(dtype), state

    mine = replace(variant, function=(init, off))
    probes = [rounded(probe, dtype) for probe in family.probes]
    assert [v.name for v in played(family, mine, probes).variants] == [variant.name]


def test_names_links_and_sentences_are_there_once():
    for family in families().values():
        for things in (family.variants, family.probes):
            names = [thing.name for thing in things]
            assert len(names) == len(set(names)) > 0
        for variant in family.variants:
            assert variant.link.startswith(("https://", "http://"))
            assert variant.note.strip().rstrip(".") == variant.note
            assert variant.follows


# ------------------------------------------------------------- what cannot be compared


def value(x):
    return np.asarray(x, np.float64)


SCALED = Family(
    "scaled",
    ("scaled",),
    "Scaled",
    (
        Variant("once", "somebody", "https://example.org", value, "as it is"),
        Variant("twice", "else", "https://example.org", lambda x: 2 * value(x), "two"),
        Variant("sum", "a third", "https://example.org", np.sum, "added up"),
    ),
    (
        Probe("row", "(1, 2)", (np.array([1.0, 2.0]),)),
        Probe("kink", "(3, 3)", (np.array([3.0, 3.0]),), exact=True),
    ),
    lambda function, probe: np.asarray(function(*probe.arguments)),
)


def scaled(function, dtype="float64"):
    found = {}
    for probe in SCALED.probes:
        values = np.asarray(function(*probe.arguments)).tolist()
        found[probe.name] = {"values": values, "dtype": dtype}
    return judge(
        {
            "label": "mine",
            "defaults": {"p": 1},
            "fixed": [{}],
            "probes": ["row", "kink"],
            "answers": [found],
        },
        SCALED,
    )


@pytest.mark.parametrize(("index", "name"), [(0, "once"), (1, "twice"), (2, "sum")])
def test_functions_of_values_are_named_too(index, name):
    answer = scaled(SCALED.variants[index].function)
    assert [v.name for v in answer.variants] == [name]
    text = as_text([answer], "scaled 1.0")
    assert text.startswith("scaled 1.0\n\nmine is Scaled, ")
    assert "Its own defaults: p 1." in text


def test_shapes_tell_variants_apart():
    answer = scaled(lambda x: np.stack([x, x]))
    text = " ".join(as_text([answer], "").split())
    assert "They differ: (1, 2): yours has the shape (2, 2), once (2,)." in text
    assert json.loads(as_json("m", "", [answer]))["answers"][0]["difference"][
        "got"
    ] == [2, 2]


def test_the_entry_that_differs_most_is_shown():
    answer = scaled(lambda x: x + np.array([0.0, 0.125]))
    text = as_text([answer], "")
    assert "(1, 2), entry 1: yours gives 2.12, once gives 2." in " ".join(text.split())


def test_infinities_and_nan_are_numbers_to_be_compared():
    assert scaled(lambda x: x * np.nan).verdict == "none"
    content = json.loads(as_json("m", "", [scaled(lambda x: x * np.inf)]))
    assert content["answers"][0]["difference"]["got"] == "inf"


def test_half_precision_may_not_tell():
    assert scaled(value, "float16").precision == "float16"


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


def test_a_target_that_hangs_is_ended_and_the_rest_is_asked(monkeypatch, capsys):
    limits = Limits(load=60.0, call=0.1)
    found = identify_run.ask(str(HERE / "hostile.py:gone_step"), "adam", limits=limits)
    (answer,) = found.answers
    assert answer.findings == {"": "adam_step ends the process (exit status 7)"}
    found = identify_run.ask(
        str(HERE / "hostile.py:sleepy_step"), "adam", limits=limits
    )
    (answer,) = found.answers
    assert re.search("adam_step does not return", answer.findings[""])


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
    started = time.process_time(), time.perf_counter()
    done = subprocess.run(
        [*command, "--report", str(report)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    del started
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("hat_step is Adam, epsilon-hat (Kingma & Ba 2015")
    content = json.loads(report.read_text(encoding="utf-8"))
    (answer,) = content["answers"]
    assert answer["family"] == "adam"
    assert answer["variants"][0]["name"] == "epsilon-hat"
    assert answer["difference"]["variant"] == "Algorithm 1"
