"""identify: variants are separated widely, rounding is granted, answers say it all."""

import json
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.conformance.identify_report import as_json, as_text, exit_status
from reference.conformance.identify_verdict import Answer, judge
from reference.conformance.variants import Family, Probe, Variant, families
from reference.conformance.variants import predictions as measured
from reference.conformance.variants.predictions import NUDGE, Nudged, predict, rounded

OPTIMIZERS = ("adam", "adamw", "rmsprop", "adagrad", "momentum", "nesterov")

PREDICTIONS = {
    name: [
        predict(families()[name], variant, probe)
        for variant in families()[name].variants
        for probe in families()[name].probes
    ]
    for name in OPTIMIZERS
}


# ------------------------------------------------------------------------ separation


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_probes_separate_every_two_variants_by_a_wide_margin(name, dtype):
    family = families()[name]
    for one, other in combinations(family.variants, 2):
        margins = [
            np.max(np.abs(a.want - b.want) / (a.allowed(dtype) + b.allowed(dtype)))
            for a in PREDICTIONS[name]
            for b in PREDICTIONS[name]
            if (a.variant, b.variant) == (one, other) and a.probe is b.probe
        ]
        assert max(margins) > 100, (one.name, other.name)


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


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", OPTIMIZERS)
@given(seed=st.integers(0, 2**32))
def test_rounding_does_not_make_a_right_one_none(name, dtype, seed):
    """Off by an ulp in each input and each result, at each step, in either dtype."""
    family = families()[name]
    random = np.random.default_rng(seed)
    eps = float(np.finfo(dtype).eps)

    def noisy(value):
        return value * (1 + eps * random.choice([-1.0, 1.0], np.shape(value)))

    for prediction in PREDICTIONS[name]:
        init, step = prediction.variant.function

        def off(params, grad, state, *, step=step, **options):
            options = {option: noisy(value) for option, value in options.items()}
            params, state = step(params, noisy(grad), state, **options)
            return noisy(params).astype(dtype), state

        got = family.play((init, off), rounded(prediction.probe, dtype))
        assert not prediction.wrong(got.astype(np.float64), dtype).any()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_effect_of_rounding_is_in_proportion_to_it(name, monkeypatch):
    """Else what is measured with large errors says nothing about small ones."""
    large = [prediction.spread for prediction in PREDICTIONS[name]]
    monkeypatch.setattr(measured, "NUDGE", NUDGE / 64)
    small = [replace(prediction).spread for prediction in PREDICTIONS[name]]
    for one, other, prediction in zip(large, small, PREDICTIONS[name], strict=True):
        floor = 1e-3 * np.abs(prediction.want)
        assert (other <= 1.25 * one + floor).all(), prediction.variant.name


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


def event(answers):
    """Return what a process sends."""
    return {
        "label": "mine",
        "defaults": {"p": 1},
        "fixed": [{}],
        "probes": ["row", "kink"],
        "answers": answers,
    }


def scaled(function, dtype="float64"):
    found = {}
    for probe in SCALED.probes:
        values = np.asarray(function(*probe.arguments)).tolist()
        found[probe.name] = {"values": values, "dtype": dtype}
    return judge(event([found]), SCALED)


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


def test_an_allowance_of_its_own_takes_the_place_of_rounding():
    loose = replace(SCALED, allowance=lambda want, _: np.full(want.shape, 0.5))
    prediction = predict(loose, loose.variants[0], loose.probes[0])
    got = prediction.want + np.array([0.4, -0.6])
    assert prediction.wrong(got, np.float64).tolist() == [False, True]


def test_an_input_on_a_kink_is_not_moved():
    plain, kink = (predict(SCALED, SCALED.variants[0], p) for p in SCALED.probes)
    assert (plain.spread > 0).all()
    assert (kink.spread == 0).all()


def test_a_nudged_number_is_off_by_a_little_at_each_use():
    number = Nudged(0.75)
    number.random = np.random.default_rng(0)
    uses = {
        "number": [number + 0.0 for _ in range(20)],
        "sum": [1.0 + number for _ in range(20)],
        "gap": [number - 0.0 for _ in range(20)],
        "other gap": [1.0 - number for _ in range(20)],
        "product": [2.0 * number for _ in range(20)],
        "share": [number / 2.0 for _ in range(20)],
        "power": [number**2 for _ in range(20)],
    }
    want = [0.75, 1.75, 0.75, 0.25, 1.5, 0.375, 0.5625]
    for (name, got), exact in zip(uses.items(), want, strict=True):
        assert len(set(got)) == 2, name
        assert max(abs(x - exact) for x in got) <= 3 * NUDGE, name


def test_a_missing_answer_and_a_wrong_one_are_both_told():
    found = {
        "row": {"finding": "mine raises KeyError"},
        "kink": {"values": [3.0, 4.0], "dtype": "float64"},
    }
    answer = judge(event([found]), SCALED)
    assert answer.verdict == "none"
    assert answer.difference.probe.name == "kink"
    text = as_text([answer], "")
    assert "On row: mine raises KeyError." in text
    answer = judge(
        event([{**found, "kink": {"values": [3, 3], "dtype": "float64"}}]), SCALED
    )
    assert answer.verdict == "none"
    assert answer.difference is None
    assert "They" not in as_text([answer], "")


def test_what_takes_no_option_that_matters_cannot_be_asked():
    answer = judge({**event([{}]), "probes": []}, SCALED)
    assert answer.verdict == "finding"
    assert "it takes none of the options" in as_text([answer], "").replace("\n", " ")


def test_all_that_went_wrong_is_told():
    found = {"row": {"finding": "one"}, "kink": {"finding": "two"}}
    text = as_text([judge(event([found]), SCALED)], "")
    assert (
        text == "mine cannot be asked: one.\n  Also: two.\n  Its own defaults: p 1.\n"
    )


def test_an_answer_needs_neither_a_neighbor_nor_a_difference():
    known = Answer("f", SCALED, "known", SCALED.variants[:1])
    none = Answer("g", SCALED, "none")
    assert as_text([known, none], "") == (
        "f is Scaled, once (somebody): as it is.\n  See https://example.org\n\n"
        "g is none of the known variants of Scaled.\n"
    )
    assert exit_status([known]) == 0
    assert exit_status([known, none]) == 1
    assert exit_status([Answer("h", SCALED, "finding"), known]) == 1
    content = json.loads(as_json("m", "", [none]))
    assert content["answers"][0]["nearest"] is None


@pytest.mark.parametrize(
    ("got", "want", "shown"),
    [
        (0.1 + 2**-56, 0.1, "yours gives 0.10000000000000002, once gives 0.1."),
        (20.5 + 2**-30, 20.5, "yours gives 20.5000000009, once gives 20.5."),
        (-0.05, -0.0030655, "yours gives -0.05, once gives -0.00307."),
    ],
)
def test_numbers_are_written_with_the_digits_that_differ(got, want, shown):
    close = scaled(lambda x: x + np.array([0.0, 0.125]))
    difference = replace(close.difference, got=got, want=want)
    text = as_text([replace(close, difference=difference)], "")
    assert shown in " ".join(text.split())


def test_entries_are_named_by_their_place():
    square = replace(SCALED, probes=(Probe("m", "a matrix", (np.ones((2, 2)),)),))
    found = {"m": {"values": [[1, 1], [9, 1]], "dtype": "float64"}}
    text = as_text([judge({**event([found]), "probes": ["m"]}, square)], "")
    assert "a matrix, entry (1, 0): yours gives 9, once gives 1." in text


def test_only_arrays_of_floats_are_rounded_and_scaled():
    probe = Probe("n", "n", (3, np.array([1]), np.array([0.1])), {"eps": 2.0}, "eps")
    count, labels, numbers = rounded(probe, np.float32).arguments
    assert (count, labels.dtype.kind, numbers.dtype) == (3, "i", np.float32)
    other = probe.at(eps=4.0, p=1.0)
    assert [np.ravel(v).tolist() for v in other.arguments] == [[3], [1], [0.2]]
    assert other.options == {"eps": 4.0}
