"""identify: optimizers of libraries as they are, and those made of their parts."""

import json
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import reference
from reference.conformance import identify_target
from reference.conformance.cli import main
from reference.conformance.identify_target import subjects
from reference.conformance.natives import natives
from reference.conformance.natives._optimizers import (
    defaults,
    family_of,
    pair,
    taken,
)
from reference.conformance.target import TargetError
from reference.conformance.variants import families

HERE = Path(__file__).resolve().parent / "targets" / "variants"

KNOWN = {
    "torch": {
        "Adam": "Algorithm 1",
        "Adam(amsgrad=True)": "AMSGrad, largest before the correction",
        "NAdam": "NAdam with a slow schedule",
        "Adamax": "Adamax, eps inside the maximum",
        "AdamW": "decoupled, scaled by the learning rate",
        "Adam(weight_decay)": "L2 penalty in the gradient",
        "RMSprop": "eps outside the root",
        "RMSprop(centered=True)": "centered, eps outside the root",
        "RMSprop(momentum=0.9)": "momentum 0.9 before the learning rate, eps outside",
        "Adagrad": "eps outside the root, sum from 0",
        "SGD(momentum)": "a velocity of gradients",
        "SGD(dampening=momentum)": "a mean of gradients from the first one on",
        "SGD(nesterov=True)": "Nesterov, a velocity of gradients",
    },
    "keras": {
        "Adam": "epsilon-hat",
        "Adam(amsgrad=True)": "AMSGrad, epsilon-hat",
        "Nadam": "NAdam with a fast schedule",
        "Adamax": "Adamax, eps beside the maximum",
        "AdamW": "decoupled, scaled by the learning rate, epsilon-hat",
        "RMSprop": "eps inside the root",
        "RMSprop(centered=True)": "centered, eps inside the root",
        "RMSprop(momentum=0.9)": "momentum 0.9 of the steps, eps inside",
        "Adagrad": "eps inside the root, sum from 0.1",
        "SGD(momentum)": "a velocity of steps",
        "SGD(nesterov=True)": "Nesterov, a velocity of steps",
    },
    "optax": {
        "adam": "Algorithm 1",
        "adam(eps_root)": "epsilon inside the root",
        "amsgrad": "AMSGrad, largest after the correction",
        "nadam": "NAdam",
        "adamax": "Adamax, eps inside the maximum",
        "adamw": "decoupled, scaled by the learning rate",
        "adamw(eps_root)": "decoupled, epsilon inside the root",
        "rmsprop": "eps inside the root",
        "rmsprop(eps_in_sqrt=False)": "eps outside the root",
        "rmsprop(centered=True)": "centered, eps inside the root",
        "rmsprop(initial_scale=1)": "eps inside the root, starts at 1",
        "rmsprop(bias_correction=True)": "bias-corrected, eps inside the root",
        "rmsprop(momentum=0.9)": "momentum 0.9 of the steps, eps inside",
        "adagrad": "eps inside the root, sum from 0.1",
        "sgd(momentum)": "a velocity of gradients",
        "sgd(nesterov=True)": "Nesterov, a velocity of gradients",
    },
}

OWN = {
    "torch": ("torch_subclass.py:MyAdam", "epsilon-hat"),
    "keras": ("keras_subclass.py:MyAdagrad", "eps outside the root, sum from 0"),
    "optax": ("optax_factory.py:my_rmsprop", "eps inside the root, starts at 1"),
}

OPTIMIZERS = {"adam", "adamw", "rmsprop", "adagrad", "momentum", "nesterov"}


def answers(target, path):
    """Run the command, and read its report."""
    code = main(["identify", str(target), "--report", str(path)])
    return code, json.loads(path.read_text(encoding="utf-8"))["answers"]


@pytest.mark.libraries
@pytest.mark.parametrize("library", KNOWN)
def test_optimizers_of_a_library_are_named(library, tmp_path, capsys):
    _, found = answers(library, tmp_path / "report.json")
    named = {
        answer["label"]: [variant["name"] for variant in answer["variants"]]
        for answer in found
        if answer["family"] in OPTIMIZERS
    }
    assert named == {label: [name] for label, name in KNOWN[library].items()}


@pytest.mark.libraries
@pytest.mark.parametrize("library", KNOWN)
def test_one_optimizer_is_asked_by_its_own_name(library, tmp_path, capsys):
    label, variant = next(iter(KNOWN[library].items()))
    code, (answer,) = answers(f"{library}:{label}", tmp_path / "report.json")
    assert code == 0
    assert [v["name"] for v in answer["variants"]] == [variant]
    assert answer["precision"] == "float64"
    assert answer["defaults"]["eps"] == (1e-7 if library == "keras" else 1e-8)


@pytest.mark.libraries
@pytest.mark.parametrize("library", OWN)
def test_what_a_user_makes_of_a_library_is_named(library, tmp_path, capsys):
    target, variant = OWN[library]
    code, (answer,) = answers(HERE / target, tmp_path / "report.json")
    assert code == 0
    assert [v["name"] for v in answer["variants"]] == [variant]


# ------------------------------------------------------- what libraries have in common


def stepped(rule, params, grad, state):
    return reference.adam_step(params, grad, state, **rule)


def make(lr=0.5, betas=(0.75, 0.875), eps=0.25):
    return {
        "learning_rate": lr,
        "beta1": betas[0],
        "beta2": betas[1],
        "eps": eps,
    }


SPELLING = {
    "learning_rate": "lr",
    "beta1": "betas",
    "beta2": "betas",
    "eps": "eps",
    "momentum": "momentum",
}


def test_options_reach_a_library_in_its_own_spelling():
    init, step = pair(stepped, make, taken(make, SPELLING), reference.adam_init)
    family = families()["adam"]
    assert identify_target.Subject("mine", family, (init, step)).spelling() == {
        name: name for name in ("beta1", "beta2", "eps", "learning_rate")
    }
    own = reference.adam_init, reference.adam_step
    for probe in family.probes:
        want = family.play(own, probe)
        assert np.array_equal(family.play((init, step), probe), want)


def test_options_that_are_not_given_stay_as_the_library_has_them():
    init, step = pair(stepped, make, taken(make, SPELLING), reference.adam_init)
    x, g = np.ones(2), np.array([1.0, -3.0])
    got, _ = step(x, g, init(x), beta1=0.5)
    want, _ = reference.adam_step(x, g, init(x), **make())
    assert np.array_equal(got, want)
    begun, _ = pair(stepped, make, {})
    assert begun(x) is None


def test_defaults_of_a_library_are_read_from_its_signature():
    assert defaults(make, SPELLING) == {
        "learning_rate": 0.5,
        "beta1": 0.75,
        "beta2": 0.875,
        "eps": 0.25,
    }


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("AdamW", "adamw"),
        ("MyAdam", "adam"),
        ("SGD", "momentum"),
        ("nesterov_sgd", "nesterov"),
        ("Lion", ""),
    ],
)
def test_a_name_says_which_family_is_meant(name, family):
    assert family_of(name) == family


def test_an_unknown_library_has_no_natives():
    assert natives("nobody") == {}


# ------------------------------------------------------------ libraries that are faked


@pytest.fixture
def installed(monkeypatch):
    """Have a library of one optimizer, in place of Optax."""

    def adapted(thing):
        return pair(stepped, thing, taken(thing, SPELLING), reference.adam_init)

    module = SimpleNamespace(is_optimizer=lambda t: t is make, adapted=adapted)
    path = "reference.conformance.natives.optimizers_optax"
    monkeypatch.setitem(sys.modules, "optax", SimpleNamespace())
    monkeypatch.setitem(sys.modules, path, module)
    for library in ("torch", "keras"):
        monkeypatch.delitem(sys.modules, library, raising=False)


def test_an_optimizer_of_a_library_is_recognized(installed, tmp_path, monkeypatch):
    module = SimpleNamespace(make=make, other=reference.adam_step, other_init=len)
    monkeypatch.setattr(identify_target, "import_target", lambda _: (module, ""))
    (subject,) = subjects("mine:make", "adam")
    assert subject.label == "make"
    assert subject.functions[-1].spelling["eps"] == "eps"
    (subject,) = subjects("mine:other", "adam")
    assert subject.functions == (len, reference.adam_step)
    with pytest.raises(TargetError, match="say what make is called here"):
        subjects("mine:make")


def test_a_library_that_is_missing_is_one_line(monkeypatch):
    def missing(library):
        raise ModuleNotFoundError(name=library)

    monkeypatch.setattr(identify_target, "natives", missing)
    with pytest.raises(TargetError, match=r"pip install 'lemmata\[torch\]'$"):
        subjects("torch:Adam")
    with pytest.raises(TargetError, match=r"numpy, which is not installed$"):
        subjects("numpy")


def test_natives_are_found_by_name_or_all_at_once():
    known = natives("numpy")
    assert [s.label for s in subjects("numpy")] == list(known)
    name = next(iter(known))
    (subject,) = subjects(f"numpy: {name}")
    assert subject.family.name == known[name].family


def test_defaults_of_the_contract_are_known():
    assert identify_target.contract_default("leaky_relu", "negative_slope") == 0.01
    assert identify_target.contract_default("leaky_relu", "alpha") != 0.01
    assert identify_target.contract_default("nothing", "alpha") != 0.01


def test_a_function_without_its_other_half_is_refused(monkeypatch):
    module = SimpleNamespace(my_step=partial(reference.adam_step))
    monkeypatch.setattr(identify_target, "import_target", lambda _: (module, ""))
    with pytest.raises(TargetError, match="my_step needs my_init or adam_init"):
        subjects("mine:my_step", "adam")
