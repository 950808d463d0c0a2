"""Families beside the optimizers: their variants lie apart, and each is recognized."""

import itertools
import json
from functools import cache

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from reference.conformance.guard import Guard
from reference.conformance.identify_target import Subject
from reference.conformance.identify_verdict import judge
from reference.conformance.identify_worker import _play
from reference.conformance.variants import families
from reference.conformance.variants import quantiles as quantile_variants
from reference.conformance.variants.predictions import predict
from tests.conformance.targets.conventions import KNOWN, UNKNOWN, smooth_l1

# Those of one function; the optimizers are pairs.
FAMILIES = [f for f in families().values() if len(f.functions) == 1]
ROUNDED = [f for f in FAMILIES if not f.allowance]
DRAWN = [f for f in FAMILIES if f.allowance]
IDS = "{0.name}".format

# What two variants are apart, in units of what rounding is granted.
MARGIN = 4.0
DRAWN_MARGIN = 1.5

# Above 20 the float32 next to softplus is x itself.
SAME_IN_FLOAT32 = {("softplus", "no threshold", "threshold 20")}


def answer(family, function):
    """Ask a function in this process."""
    events = []
    subject = Subject("mine", families()[family], (function,))
    _play(subject, "mine", Guard(), events.append)
    told = json.loads(json.dumps({**events[0], **events[1]}))
    return judge(told, families()[family])


def named(family, function):
    found = answer(family, function)
    assert not found.findings
    return {variant.name for variant in found.variants}


def distance(one, other, dtype):
    """Say how far apart two predictions are, in units of what both are granted."""
    if one.want.shape != other.want.shape:
        return np.inf
    with np.errstate(invalid="ignore"):
        gap = np.abs(one.want - other.want)
        granted = one.allowed(dtype) + other.allowed(dtype)
        ratio = gap / granted
    same = (one.want == other.want) | (np.isnan(one.want) & np.isnan(other.want))
    finite = np.isfinite(one.want) & np.isfinite(other.want)
    return float(np.max(np.where(same, 0.0, np.where(finite, ratio, np.inf))))


def pairs_closer_than(family, margin, dtype):
    known = {
        (variant.name, probe.name): predict(family, variant, probe)
        for variant in family.variants
        for probe in family.probes
    }
    return {
        (family.name, a.name, b.name)
        for a, b in itertools.combinations(family.variants, 2)
        if margin
        > max(
            distance(known[a.name, p.name], known[b.name, p.name], dtype)
            for p in family.probes
        )
    }


@pytest.mark.parametrize("family", ROUNDED, ids=IDS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_every_two_variants_lie_far_apart(family, dtype):
    close = pairs_closer_than(family, MARGIN, dtype)
    same = {pair for pair in SAME_IN_FLOAT32 if pair[0] == family.name}
    assert close == (same if dtype == "float32" else set())


@pytest.mark.parametrize("family", DRAWN, ids=IDS)
def test_every_two_laws_are_further_apart_than_samples_may_stray(family):
    assert pairs_closer_than(family, DRAWN_MARGIN, "float64") == set()


@pytest.mark.parametrize("family", FAMILIES, ids=IDS)
def test_a_family_is_well_formed(family):
    for things in (family.variants, family.probes):
        names = [thing.name for thing in things]
        assert len(set(names)) == len(names)
    assert len(family.variants) > 1
    for variant in family.variants:
        assert variant.link.startswith(("https://", "http://"))
        assert all((variant.follows, variant.note))
        assert not variant.note.endswith(".")
    assert all(probe.sentence for probe in family.probes)


@pytest.mark.parametrize("family", FAMILIES, ids=IDS)
def test_every_variant_is_recognized_as_itself(family):
    for variant in family.variants:
        assert named(family.name, variant.function) == {variant.name}


@pytest.mark.parametrize(
    ("family", "function", "variant"), KNOWN, ids=[f.__name__ for _, f, _ in KNOWN]
)
def test_a_function_as_people_write_it_is_named(family, function, variant):
    assert named(family, function) == {variant}


@pytest.mark.parametrize(("family", "function"), UNKNOWN)
def test_what_is_made_up_is_none_of_the_variants(family, function):
    found = answer(family, function)
    assert found.verdict == "none"
    assert found.nearest in families()[family].variants
    assert found.difference is not None


def in_precision(function, dtype):
    """Compute in a smaller format what is asked in float64, and return that."""

    def rounded(*arguments, **options):
        small = [
            a.astype(dtype) if getattr(a, "dtype", None) == np.float64 else a
            for a in arguments
        ]
        with np.errstate(all="ignore"):
            return np.asarray(function(*small, **options)).astype(dtype)

    return rounded


@pytest.mark.parametrize("family", ROUNDED, ids=IDS)
def test_no_variant_in_float32_is_taken_for_another(family):
    same = {frozenset(pair[1:]) for pair in SAME_IN_FLOAT32 if pair[0] == family.name}
    for variant in family.variants:
        found = named(family.name, in_precision(variant.function, np.float32))
        assert found == {variant.name} or found in same


@pytest.mark.parametrize("family", ROUNDED, ids=IDS)
def test_in_float16_a_variant_is_itself_or_cannot_be_told(family):
    for variant in family.variants:
        found = answer(family.name, in_precision(variant.function, np.float16))
        assert variant in found.variants or found.verdict in {"none", "finding"}


@cache
def predictions(name):
    """Return what each variant of a family makes of each probe."""
    family = families()[name]
    return {
        variant.name: [predict(family, variant, probe) for probe in family.probes]
        for variant in family.variants
    }


@pytest.mark.parametrize("family", ROUNDED, ids=IDS)
@given(seed=st.integers(0, 2**32 - 1))
def test_rounding_errors_change_no_verdict(family, seed):
    rng = np.random.default_rng(seed)
    for dtype in (np.float64, np.float32):
        for known in predictions(family.name).values():
            for prediction in known:
                error = rng.uniform(-4, 4, prediction.want.shape) * np.finfo(dtype).eps
                got = prediction.want * (1 + error)
                assert not prediction.wrong(got, dtype).any()


@pytest.mark.parametrize("family", ROUNDED, ids=IDS)
@given(part=st.floats(1e-3, 0.3) | st.floats(-0.3, -1e-3))
def test_nothing_off_by_a_thousandth_is_taken_for_rounding(family, part):
    for known in predictions(family.name).values():
        wrong = [p.wrong(p.want * (1 + part), np.float64).any() for p in known]
        # A result of 0 in each number would stay 0.
        assert any(wrong) or all(not p.want.any() for p in known)


@given(
    x=npst.arrays(np.float64, st.integers(1, 30), elements=st.floats(-1e6, 1e6)),
    q=st.floats(0, 1),
)
@example(x=np.arange(4.0), q=0.5)
@example(x=np.arange(8.0), q=0.3125)
@example(x=np.array([2.0]), q=0.0)
def test_quantiles_are_those_of_numpy(x, q):
    # NumPy's nine, by their numbers, and its own four; not the tenth, of hydrology.
    methods = {
        "linear (type 7)": "linear",
        "interpolated inverted cdf (type 4)": "interpolated_inverted_cdf",
        "Hazen (type 5)": "hazen",
        "Weibull (type 6)": "weibull",
        "median unbiased (type 8)": "median_unbiased",
        "normal unbiased (type 9)": "normal_unbiased",
        "inverted cdf (type 1)": "inverted_cdf",
        "averaged inverted cdf (type 2)": "averaged_inverted_cdf",
        "closest observation (type 3)": "closest_observation",
    } | {name: name for name in ("lower", "higher", "midpoint", "nearest")}
    # Away from where one rounding error makes another number of it.
    for shift in (0.0, 0.5):
        place = (len(x) * q + shift) % 1
        assume(place == 0 or 1e-9 < place < 1 - 1e-9)
        place = ((len(x) - 1) * q + shift) % 1
        assume(place == 0 or 1e-9 < place < 1 - 1e-9)
    [family] = quantile_variants.FAMILIES
    known = {variant.name: variant.function for variant in family.variants}
    for name, method in methods.items():
        got, want = known[name](x, q), np.quantile(x, q, method=method)
        assert abs(got - want) <= 1e-9 * np.max(np.abs(x))


def test_a_function_may_answer_about_one_example_as_about_a_batch_of_one():
    def batch(p, y):
        return -(y * np.log(np.maximum(p, 1e-15)) + (1 - y) * np.log(1 - p))

    def scalar(p, y):
        return float(batch(p, y)[0])

    assert named("binary_cross_entropy", batch) == {"clipped at 1e-15"}
    assert named("binary_cross_entropy", scalar) == {"clipped at 1e-15"}


def test_an_infinity_is_near_nothing_else():
    found = answer("softplus", lambda x: np.minimum(np.logaddexp(x, 0), 700.0))
    assert found.verdict == "none"


def test_the_approximation_of_gelu_is_as_near_as_its_note_says():
    known = {variant.name: variant for variant in families()["gelu"].variants}
    x = np.linspace(-6, 6, 2001)
    error = np.max(np.abs(known["tanh"].function(x) - known["erf"].function(x)))
    [bound] = [float(w) for w in known["tanh"].note.split() if w.startswith("0.")]
    assert bound * 0.9 < error < bound


def test_a_loss_whose_delta_is_fixed_may_be_either():
    found = answer("huber_loss", lambda p, y: smooth_l1(p, y).mean())
    assert found.verdict == "either"
    assert {variant.name for variant in found.variants} == {"Huber", "smooth L1"}
    assert found.fixed == {"delta": 1.0}


def test_an_activation_whose_alpha_is_fixed_may_be_either():
    found = answer("elu", lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))))
    assert found.verdict == "either"
    assert found.fixed == {"alpha": 1.0}
