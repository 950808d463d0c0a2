"""Every sample derivation is accepted, in the time that the design allows."""

from time import perf_counter

import pytest

from derivations.engine import certificate
from tests.engine import samples
from tests.engine.samples import SAMPLES

NAMES = {id(value): name for name, value in vars(samples).items()}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda d: NAMES[id(d)])
def test_a_sample_is_accepted(sample, record_property):
    began = perf_counter()
    report = sample.check()
    record_property("seconds", round(perf_counter() - began, 3))
    assert len(report.steps) == len(sample.steps)
    assert all(step.worlds > 0 for step in report.steps)


def test_there_are_the_samples_of_the_study_and_the_general_results():
    assert len(SAMPLES) >= 64
    assert len({sample.title for sample in SAMPLES}) == len(SAMPLES)


def test_each_sample_has_a_certificate_of_its_own():
    hashes = {certificate(sample)["sha256"] for sample in SAMPLES}
    assert len(hashes) == len(SAMPLES)


def test_all_samples_together_take_less_than_a_minute():
    spent = sum(sample.check().milliseconds for sample in SAMPLES) / 1000
    assert spent < 60, f"{spent:.1f} s for {len(SAMPLES)} derivations"
