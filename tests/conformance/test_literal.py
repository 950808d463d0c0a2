"""literal: what is written down is the value again."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from reference.conformance.literal import literal


def again(text):
    return eval(text, {"np": np})


def parts(value):
    """Write out every number; a sign of zero is seen, the bits of a NaN are not."""
    if not np.iscomplexobj(value):
        return str(np.asarray(value).tolist())
    return parts(np.real(value)), parts(np.imag(value))


@given(
    value=hnp.arrays(
        st.sampled_from(["f2", "f4", "f8", "i1", "i8", "u4", "?", ">f8", "c8", "c16"]),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    )
)
@example(value=np.array(complex(0.0, -0.0)))
@example(value=np.full((9, 9), -0.0))
@example(value=np.full((9, 9), complex(-0.0, -1.0)))
@example(value=np.full((9, 9), np.nan))
def test_an_array_comes_back_bit_for_bit(value):
    copy = again(literal(value))
    assert copy.shape == value.shape
    assert copy.dtype == value.dtype
    assert parts(copy) == parts(value)


@given(
    value=st.floats()
    | st.complex_numbers()
    | st.integers()
    | st.booleans()
    | st.none()
    | st.text()
)
@example(value=complex(0.0, -0.0))
@example(value=complex(-0.0, 0.0))
@example(value=complex(0.0, -1.0))
@example(value=complex(1.0, -0.0))
def test_a_plain_value_comes_back(value):
    copy = again(literal(value))
    assert type(copy) is type(value)
    assert parts(copy) == parts(value)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int8])
def test_a_numpy_scalar_keeps_its_dtype(dtype):
    copy = again(literal(dtype(3) / dtype(1)))
    assert copy == 3
    assert type(copy) is type(dtype(3) / dtype(1))


def test_a_complex_number_may_be_anything():
    assert str(again(literal(np.array([complex(np.inf, np.nan)])))) == "[inf+nanj]"
    assert again(literal(np.complex64(1 + 2j))) == 1 + 2j


def test_lists_and_tuples_keep_their_kind():
    assert literal([1.0, np.ones(1)]) == "[1.0, np.array([1.0])]"
    assert literal((1,)) == "(1,)"
    assert literal((1, "a")) == "(1, 'a')"
    assert literal(()) == "()"


def test_short_numbers_stay_short():
    assert literal(np.float32([0.1])) == "np.array([0.1], dtype=np.float32)"
    assert literal(np.array([-np.inf, np.nan])) == "np.array([-np.inf, np.nan])"
    assert literal(np.zeros((0, 3))) == "np.zeros((0, 3))"


def test_long_arrays_are_described():
    assert literal(np.arange(65.0)) == "<float64 array of shape (65,)>"
    assert literal(np.full((9, 9), 2.5)) == "np.full((9, 9), 2.5)"
    signs = np.where(np.arange(65) < 64, 0.0, -0.0)
    assert literal(signs) == "<float64 array of shape (65,)>"
    assert literal(np.empty(65, dtype=object)) == "<object array of shape (65,)>"


def test_functions_and_types_go_by_their_names():
    assert literal(len) == "len"
    assert literal(np.float32) == "np.float32"
