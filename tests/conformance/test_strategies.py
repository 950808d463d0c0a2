"""strategies: what is drawn is what the name says, edges included."""

import numpy as np
import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from reference.conformance import strategies as drawn


@given(x=drawn.reals(50.0))
def test_reals_are_finite_bounded_and_normal(x):
    assert abs(x) <= 50
    assert x == 0 or abs(x) >= np.finfo(np.float64).tiny


@pytest.mark.parametrize("edge", [-745.2, 745.2, 1e-300, -17.0, 0.0])
def test_reals_reach_the_places_where_formulas_go_wrong(edge):
    assert find(drawn.reals(), lambda x: x == edge) == edge


@given(x=drawn.vectors(max_size=3, magnitude=10.0), y=drawn.vectors(k=5))
def test_vectors_have_the_length_asked_for(x, y):
    assert 1 <= len(x) <= 3
    assert y.shape == (5,)
    assert np.abs(x).max() <= 10


@given(x=drawn.rows(k=3), y=drawn.rows(n=2))
def test_rows_are_samples(x, y):
    assert x.ndim == 2
    assert x.shape[1] == 3
    assert y.shape[0] == 2
    assert x.dtype == np.float64


@given(pair=drawn.same_shape(3))
def test_same_shape_is_the_same_shape(pair):
    assert len(pair) == 3
    assert len({x.shape for x in pair}) == 1


@given(p=drawn.probabilities(), q=drawn.probabilities(open_ended=True, smallest=1e-9))
def test_probabilities_are_probabilities(p, q):
    assert ((p >= 0) & (p <= 1)).all()
    assert ((q >= 1e-9) & (q < 1)).all()


def test_probabilities_reach_both_ends():
    find(drawn.probabilities(), lambda p: (p == 0).any() and (p == 1).any())


@given(p=drawn.distributions(4), q=drawn.distributions(positive=True))
def test_distributions_sum_to_one(p, q):
    assert p.shape[1] == 4
    assert (p >= 0).all()
    assert (q > 0).all()
    for rows in (p, q):
        assert (np.abs(rows.sum(axis=1) - 1) <= 8 * np.finfo(np.float64).eps).all()


def test_distributions_may_be_one_hot():
    find(drawn.distributions(3), lambda p: (p.max(axis=1) == 1).all())


@given(labels=drawn.labels(4, 3), bits=drawn.bits((2, 2)))
def test_labels_and_bits_are_in_range(labels, bits):
    assert labels.shape == (4,)
    assert labels.dtype.kind == "i"
    assert set(labels.tolist()) <= {0, 1, 2}
    assert set(bits.ravel().tolist()) <= {0.0, 1.0}


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@given(data=st.data())
def test_float_arrays_have_their_dtype_and_no_surprises(dtype, data):
    x = data.draw(drawn.float_arrays(dtype, magnitude=1e6))
    assert x.dtype == dtype
    assert np.isfinite(x).all()
    assert ((x == 0) | (np.abs(x) >= np.finfo(dtype).tiny)).all()


def test_special_values_come_when_they_are_asked_for():
    special = drawn.float_arrays(special=True, shape=1)
    find(special, lambda x: np.isnan(x[0]))
    find(special, lambda x: x[0] == -np.inf)
    find(special, lambda x: 0 < x[0] < 1e-310)


@given(shape=drawn.shapes(min_dims=1))
def test_shapes_have_no_empty_axes(shape):
    assert len(shape) >= 1
    assert min(shape) >= 1


def test_a_shape_may_be_that_of_a_scalar():
    assert find(drawn.shapes(), lambda shape: shape == ()) == ()


@given(rng=drawn.generators())
def test_generators_are_fresh(rng):
    seed = rng.bit_generator.seed_seq.entropy
    assert rng.random() == np.random.default_rng(seed).random()
