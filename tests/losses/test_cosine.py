"""cosine similarity and distance: agree with the definition, at every size."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derivations.engine import evaluate
from derivations.losses import cosine as spec
from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.strategies import same_shape, vectors
from reference.conformance.tables import (
    COPIES,
    SCORES,
    SHARES,
    assert_single_is_double,
)

NAMES = ("cosine_similarity", "cosine_distance")


def exact(a, b):
    """Return the cosine of every pair of rows, straight from the definition."""
    pairs = zip(np.atleast_2d(a), np.atleast_2d(b), strict=True)
    values = [evaluate(spec.similarity, {spec.a: x, spec.b: y}) for x, y in pairs]
    return np.array(values, dtype=object)


def away_from_zero(pair):
    """Move the first entry of each vector: none is zero, or so small that squares are.

    What becomes of very small and very large vectors is asked separately.
    """
    moved = []
    for vectors_ in pair:
        first = np.zeros_like(vectors_)
        first[..., 0] = np.where(vectors_[..., 0] < 0, -1.0, 1.0)
        moved.append(vectors_ + first)
    return tuple(moved)


rows_of_two = same_shape(2).filter(lambda pair: pair[0].ndim == 2).map(away_from_zero)
one_of_two = st.tuples(vectors(k=4), vectors(k=4)).map(away_from_zero)


# ------------------------------------------------------ agreement with the derivation


@pytest.mark.claim("A0-026")
@given(pair=rows_of_two)
@example(pair=(np.array([[1.0, 0.0]]), np.array([[1.0, 1.0]])))
@example(pair=(np.array([[3.0, 4.0]]), np.array([[-4.0, 3.0]])))
def test_similarity_is_the_product_over_both_lengths(impl, pair):
    # The products may cancel, and as many of them are rounded as there are entries.
    got = impl.cosine_similarity(*pair)
    assert_close(got, exact(*pair), scale=1.0, condition=pair[0].shape[-1])


@pytest.mark.claim("A0-026")
@given(pair=rows_of_two)
@example(pair=(np.array([[1.0, 0.0]]), np.array([[-2.0, 0.0]])))
def test_distance_is_one_minus_the_similarity(impl, pair):
    got = impl.cosine_distance(*pair)
    want = 1 - exact(*pair)
    assert_close(got, want, scale=1.0, condition=pair[0].shape[-1])


@given(tilt=st.floats(1e-9, 1e-3), length=st.floats(0.5, 2.0))
@example(tilt=1e-8, length=1.0)
@example(tilt=1e-9, length=1.5)
def test_nearly_parallel_vectors_keep_their_small_distance(impl, tilt, length):
    a, b = np.array([[1.0, 1.0, 0.0]]), length * np.array([[1.0, 1.0, tilt]])
    # An entry wrong by eps turns the vector by eps: relative to the angle, 1 / tilt,
    # and twice that for the distance, which is the square of the angle.
    got = impl.cosine_distance(a, b)
    assert_close(got, 1 - exact(a, b), condition=2 / tilt)


@given(pair=one_of_two, power=st.sampled_from([-900, -600, -40, 40, 300, 900]))
@example(pair=(np.array([1.0, 2.0]), np.array([2.0, 1.0])), power=-700)
def test_the_size_of_a_vector_does_not_matter(impl, pair, power):
    a, b = pair
    a, b = a / np.abs(a).max(), b / np.abs(b).max()
    a, b = np.where(np.abs(a) < 1e-6, 0, a), np.where(np.abs(b) < 1e-6, 0, b)
    want = exact(a, b)[0]
    sized = np.ldexp(a, power), np.ldexp(b, power)
    assert_close(impl.cosine_similarity(*sized), want, scale=1.0, condition=len(a))


# ------------------------------------------------------------------------------ laws


@given(pair=one_of_two)
def test_both_vectors_may_change_places(impl, pair):
    a, b = pair
    straight, swapped = impl.cosine_similarity(a, b), impl.cosine_similarity(b, a)
    assert_close(swapped, straight, scale=1.0, ulps=8)


@given(pair=one_of_two)
def test_one_opposite_vector_turns_the_sign(impl, pair):
    a, b = pair
    turned = impl.cosine_similarity(a, -b)
    assert_close(turned, -np.asarray(impl.cosine_similarity(a, b)), scale=1.0, ulps=8)


@given(pair=one_of_two, factor=st.sampled_from([0.5, 3.0, 1e3]))
def test_a_positive_factor_changes_nothing(impl, pair, factor):
    a, b = pair
    want = impl.cosine_similarity(a, b)
    assert_close(impl.cosine_similarity(factor * a, b), want, scale=1.0, ulps=32)


@pytest.mark.claim("A0-026")
@given(pair=one_of_two)
def test_a_vector_has_distance_zero_from_itself_and_two_from_its_opposite(impl, pair):
    a, _ = pair
    # One minus a rounded one; where a promise of the digits ends, this law begins.
    assert_close(impl.cosine_distance(a, a), 0.0, scale=1.0, condition=len(a))
    assert_close(impl.cosine_distance(a, -a), 2.0, condition=len(a))


@given(pair=one_of_two)
def test_similarity_lies_between_minus_one_and_one(impl, pair):
    slack = 32 * np.finfo(np.float64).eps
    assert abs(impl.cosine_similarity(*pair)) <= 1 + slack
    assert -slack <= impl.cosine_distance(*pair) <= 2 + slack


@given(angle=st.floats(0, 6), pair=st.tuples(vectors(k=2), vectors(k=2)))
def test_turning_both_vectors_changes_nothing(impl, angle, pair):
    a, b = away_from_zero(pair)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    want = impl.cosine_similarity(a, b)
    assert_close(impl.cosine_similarity(turn @ a, turn @ b), want, scale=1.0, ulps=64)


def test_two_short_ways_may_be_shorter_than_the_direct_one(impl):
    east, between, north = np.array([1.0, 0.0]), np.ones(2), np.array([0.0, 1.0])
    direct = impl.cosine_distance(east, north)
    detour = impl.cosine_distance(east, between) + impl.cosine_distance(between, north)
    assert_close(direct, 1.0, ulps=8)
    assert detour < 0.6


@pytest.mark.needs("axis")
@given(pair=rows_of_two)
def test_vectors_may_lie_along_the_first_axis(impl, pair):
    a, b = pair
    want = impl.cosine_similarity(a, b)
    assert_close(impl.cosine_similarity(a.T, b.T, axis=0), want, scale=1.0, ulps=32)


@pytest.mark.parametrize("copies", COPIES)
@pytest.mark.parametrize("name", NAMES)
def test_copies_of_all_entries_change_nothing(impl, name, copies):
    a, b = (np.tile(table, copies) for table in (SCORES, SHARES))
    want = np.tile(getattr(impl, name)(SCORES, SHARES), copies[0])
    # As many products, which may cancel, are rounded as there are columns.
    got = getattr(impl, name)(a, b)
    assert_close(got, want, scale=1.0, condition=a.shape[1])


@pytest.mark.needs("float32")
@pytest.mark.parametrize("name", NAMES)
def test_single_precision_agrees_with_double(impl, name):
    assert_single_is_double(getattr(impl, name), SCORES, SHARES)


# --------------------------------------------------------------------- special cases


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_nan_and_infinity_have_no_direction(impl, name):
    a = np.array([[np.nan, 1.0], [np.inf, 1.0]])
    assert_equal(getattr(impl, name)(a, np.ones((2, 2))), [np.nan, np.nan])


@pytest.mark.contract
@given(pair=one_of_two)
def test_results_never_leave_their_range(impl, pair):
    a, b = pair
    for other in (b, a, -a, 3 * a, -3 * a):
        assert -1 <= impl.cosine_similarity(a, other) <= 1
        assert 0 <= impl.cosine_distance(a, other) <= 2


@pytest.mark.contract
@given(pair=one_of_two)
def test_distance_from_itself_is_zero_exactly(impl, pair):
    assert impl.cosine_distance(pair[0], pair[0]) == 0
    assert impl.cosine_distance(pair[0], 2 * pair[0]) == 0


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_no_vectors_have_no_cosines(impl, name):
    empty = np.zeros((0, 3))
    assert getattr(impl, name)(empty, empty).shape == (0,)


# -------------------------------------------------------------------------- accuracy


@pytest.mark.contract
@given(pair=one_of_two)
def test_error_of_the_similarity_is_within_its_promise(impl, pair):
    error = abs(impl.cosine_similarity(*pair) - exact(*pair)[0])
    assert error <= (len(pair[0]) + 4) * 2.0**-53


@pytest.mark.contract
@given(pair=one_of_two, near=st.sampled_from([0.0, 1e-3, 1e-7, 1e-12]))
def test_error_of_the_distance_is_within_its_promise(impl, pair, near):
    a = pair[0]
    b = a + near * pair[1]
    k, want = len(a), 1 - exact(a, b)[0]
    allowed = (k + 8) * 2.0**-53 * (want + abs(want) ** 0.5) + 1e-32 * k**2
    assert abs(impl.cosine_distance(a, b) - want) <= allowed


# -------------------------------------------------------------------- error contract


@pytest.mark.contract
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", NAMES)
def test_dtype_is_kept(impl, name, dtype):
    assert getattr(impl, name)(np.ones(2, dtype), np.ones(2, dtype)).dtype == dtype


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_a_zero_vector_is_named(impl, name):
    one, zero = np.ones((2, 2)), np.array([[1.0, 1.0], [0.0, 0.0]])
    with pytest.raises(ValueError, match=r"^b must not hold a zero vector: it has no"):
        getattr(impl, name)(one, zero)
    with pytest.raises(ValueError, match=r"^a must not hold a zero vector: it has no"):
        getattr(impl, name)(zero, one)


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_bad_shapes_are_named(impl, name):
    function = getattr(impl, name)
    with pytest.raises(ValueError, match=r"^shapes must be equal: a \(2,\), b \(3,\)$"):
        function(np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match=r"^a has no entries along axis 1; its shape "):
        function(np.ones((2, 0)), np.ones((2, 0)))
    with pytest.raises(np.exceptions.AxisError, match=r"^a and axis: axis 1 is out of"):
        function(np.ones(2), np.ones(2), axis=1)


@pytest.mark.contract
@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_a_real_number_is_named(impl, name):
    with pytest.raises(TypeError, match=r"^a must hold real numbers .* got dtype <U1$"):
        getattr(impl, name)(["a"], [1.0])
