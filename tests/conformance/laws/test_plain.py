"""Laws so plain that whoever runs them tests nothing but the machinery."""

import numpy as np
import pytest
from hypothesis import example, given

from reference.conformance.compare import assert_close, assert_equal
from reference.conformance.strategies import rows, vectors

EVERY_FLOAT16 = np.arange(2**16, dtype=np.uint16).view(np.float16)


@given(x=vectors())
@example(x=np.array([3.0, -1.0, 2.0]))
def test_relu_is_the_larger_of_x_and_zero(impl, x):
    assert_equal(impl.relu(x), np.maximum(x, 0))


@given(x=vectors())
def test_relu_twice_is_relu(impl, x):
    assert_equal(impl.relu(impl.relu(x)), impl.relu(x))


@given(x=vectors(magnitude=20.0))
def test_tanh_is_odd(impl, x):
    assert_equal(impl.tanh(-x), -np.asarray(impl.tanh(x)))


@given(x=vectors())
def test_tanh_is_bounded(impl, x):
    assert (np.abs(impl.tanh(x)) <= 1).all()


@given(x=rows(magnitude=10.0))
def test_each_row_is_a_distribution(impl, x):
    assert_close(np.asarray(impl.softmax(x)).sum(axis=-1), np.ones(len(x)))


@given(x=rows(magnitude=10.0))
def test_axis_says_where_the_classes_are(impl, x):
    assert_close(impl.softmax(x.T, axis=0), np.asarray(impl.softmax(x)).T)


@pytest.mark.contract
@pytest.mark.needs("float16")
def test_relu_keeps_every_float16(impl):
    x = EVERY_FLOAT16[np.isfinite(EVERY_FLOAT16)]
    assert_equal(impl.relu(x), np.maximum(x, np.float16(0)))


@pytest.mark.contract
def test_text_is_refused(impl):
    with pytest.raises(TypeError, match=r"^x must hold real numbers"):
        impl.relu("abc")


@pytest.mark.slow
def test_relu_of_a_million(impl):
    assert_equal(impl.relu(np.ones(10**6)), np.ones(10**6))
