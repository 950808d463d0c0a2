"""Decisions about what is drawn at random: their error rate, and what they rest on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

import reference
from reference.conformance import statistics
from reference.conformance.variants._draws import allowance, levels, shares
from reference.conformance.variants.initialization import FANS
from tests.conformance.test_identify_families import answer, named


def test_initializers_of_the_reference_are_what_their_names_say():
    for name, variant in (
        ("xavier_normal", "Xavier normal"),
        ("xavier_uniform", "Xavier uniform"),
        ("he_normal", "He normal"),
        ("he_uniform", "He uniform"),
    ):
        assert named(name, getattr(reference, name)) == {variant}


@pytest.mark.parametrize("seed", range(5))
def test_a_decision_about_draws_does_not_depend_on_luck(seed):
    def drawn(fan_in, fan_out):
        return reference.he_uniform(fan_in, fan_out, rng=np.random.default_rng(seed))

    assert named("he_normal", drawn) == {"He uniform"}


def test_the_error_rate_of_a_decision_about_draws_is_as_stated():
    assert statistics.RATE <= 1e-9
    fan_in, fan_out = FANS
    [bound] = set(allowance(fan_in * fan_out, fewest=fan_out)(np.zeros(3), None))
    assert bound == statistics.hoeffding(fan_in * fan_out) + 1 / fan_out


@given(
    count=st.integers(1, 50),
    points=npst.arrays(np.float64, 9, elements=st.floats(-0.5, 1.5)),
)
def test_quantiles_stand_for_their_law(count, points):
    share = shares(levels(count), np.sort(points))
    assert np.max(np.abs(share - np.clip(np.sort(points), 0, 1))) <= 1 / count


@pytest.mark.parametrize("shape", [(3, 3), (384 * 3072,), ()])
def test_weights_of_another_shape_cannot_be_compared(shape):
    found = answer("he_normal", lambda *_: np.zeros(shape))
    assert found.verdict == "finding"
    assert "weights must have shape (384, 3072)" in found.findings["matrix"]


def test_dropout_keeps_the_shape():
    found = answer("dropout", lambda x, **_: x[:-1])
    assert found.verdict == "finding"
