"""extent: what a divergence explains is overlooked, and nothing else is."""

import numpy as np
import pytest

from reference.conformance.compare import (
    MismatchError,
    assert_close,
    assert_equal,
    assert_ulps,
)
from reference.conformance.extent import Extent, Leniency, kinds, lenient

EPS = 2.0**-52
SLOPES = Extent(("value", "zero"), eps=1.0)


def noted(check, got, want, *extents):
    """Compare leniently and return what was overlooked."""
    found = []
    with lenient(Leniency(extents, found.append)):
        check(np.asarray(got), np.asarray(want))
    return [(error.kind, error.index) for error in found]


def ulps(got, want):
    assert_ulps(got, want, 4)


CHECKS = pytest.mark.parametrize("check", [assert_close, assert_equal, ulps])


@CHECKS
def test_what_is_explained_is_noted(check):
    got, want = [0.5, 2e-16, 0.0], [0.5, 1e-16, 1e-20]
    ((kind, (index,)),) = noted(check, got, want, SLOPES)
    assert kind in ("value", "zero")
    assert index in (1, 2)


@CHECKS
@pytest.mark.parametrize(
    ("wrong", "right"), [(0.51, 0.5), (4e-16, 1e-16), (np.nan, 0.5), (np.inf, 0.5)]
)
def test_a_larger_error_beside_it_is_not(check, wrong, right):
    got, want = [2e-16, wrong], [1e-16, right]
    with pytest.raises(MismatchError) as caught:
        noted(check, got, want, SLOPES)
    assert caught.value.index == (1,)


@CHECKS
def test_what_is_right_is_not_noted(check):
    assert noted(check, [0.5, np.nan], [0.5, np.nan], SLOPES) == []


@CHECKS
def test_outside_nothing_is_overlooked(check):
    noted(check, [2e-16], [1e-16], SLOPES)
    with pytest.raises(MismatchError):
        check(np.array([2e-16]), np.array([1e-16]))


def test_several_divergences_explain_more_than_one():
    both = SLOPES, Extent(("nan",))
    assert noted(assert_close, [2e-16], [1e-16], *both) == [("value", (0,))]
    assert noted(assert_close, [np.nan], [1.0], *both) == [("nan", (0,))]
    with pytest.raises(MismatchError):
        noted(assert_close, [np.inf], [1.0], *both)


def test_what_is_no_floating_point_number_is_not_explained():
    everything = Extent(("value", "zero"), relative=2.0)
    with pytest.raises(MismatchError):
        noted(assert_equal, [True], [False], everything)
    with pytest.raises(MismatchError):
        noted(assert_equal, [2], [1], everything)


@pytest.mark.parametrize(
    ("extent", "error", "covered"),
    [
        (Extent(("value",), absolute=1e-3), 1e-3, True),
        (Extent(("value",), absolute=1e-3), 1.1e-3, False),
        (Extent(("value",), relative=1e-3), 4e-3, True),
        (Extent(("value",), relative=1e-3), 4.1e-3, False),
        (Extent(("value",), eps=3.0), 3 * EPS, True),
        (Extent(("value",), eps=3.0), 4 * EPS, False),
        (Extent(("zero",), absolute=1.0), 1e-3, False),
        (Extent(("value",)), 1e-300, False),
    ],
)
def test_one_number_and_many_are_judged_alike(extent, error, covered):
    assert extent.covers("value", error, 4.0, EPS) is covered
    got, want = np.array([error]), np.array([0.0])
    near_four = extent.absolute + extent.relative * 4.0 + extent.eps * EPS
    moved = Extent(extent.kinds, absolute=near_four)
    assert moved.covered(got, want, EPS).tolist() == [covered]


def test_the_eps_is_that_of_the_dtype():
    got = np.array([1e-7], np.float32)
    assert noted(assert_close, got, [2e-7], SLOPES) == [("value", (0,))]
    with pytest.raises(MismatchError):
        noted(assert_close, got.astype(float), [2e-7], SLOPES)


def test_ways_of_being_wrong_are_named_entry_by_entry():
    got = np.array([np.nan, 1.0, np.inf, 0.0, 2.0])
    want = np.array([1.0, np.nan, 1.0, 1.0, 1.0])
    assert kinds(got, want).tolist() == ["nan", "nan", "infinity", "zero", "value"]
