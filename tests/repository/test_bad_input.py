"""Every public function against everything that callers get wrong.

One argument at a time is replaced by something it should not be, or only rarely is.
Whatever happens then, it is a result, or a TypeError or ValueError that names the
argument; never a warning, and never a change of what was passed in.
"""

import copy
import inspect
import re
import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import reference
from reference.conformance.samples import SAMPLES, sample

# Made anew for every call, so that nothing one call does to them is seen by the next.
WRONG = {
    "None": lambda: None,
    "text": lambda: "abc",
    "a number as text": lambda: "1.0",
    "bytes": lambda: b"1",
    "an object": object,
    "a class": lambda: float,
    "a function": lambda: len,
    "a dict": lambda: {"x": 1.0},
    "a set": lambda: {1.0},
    "a generator": lambda: (x for x in (1.0, 2.0)),
    "True": lambda: True,
    "zero": lambda: 0,
    "minus one": lambda: -1,
    "a huge integer": lambda: 10**400,
    "one half": lambda: 0.5,
    "two and a half": lambda: 2.5,
    "NaN": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "a complex number": lambda: 1j,
    "a fraction": lambda: Fraction(1, 2),
    "a decimal": lambda: Decimal("0.5"),
    "an array of text": lambda: np.array(["a", "b"]),
    "an array of objects": lambda: np.array([1.0, None], dtype=object),
    "an array of complex numbers": lambda: np.ones(3, dtype=complex),
    "an array of dates": lambda: np.array(["2020-01-01"], dtype="datetime64[D]"),
    "an array of durations": lambda: np.array([1, 2], dtype="timedelta64[s]"),
    "a structured array": lambda: np.zeros(2, dtype=[("a", float)]),
    "an array of longdoubles": lambda: np.ones((2, 3), dtype=np.longdouble),
    "an array of other byte order": lambda: np.full((2, 3), 0.25, dtype=">f8"),
    "a masked array": lambda: np.ma.masked_less([[0.5, 0.25, 0.25]] * 2, 0.3),
    "a read-only array": lambda: np.broadcast_to(np.float64(1 / 3), (2, 3)),
    "a transposed array": lambda: np.full((3, 2), 1 / 3).T,
    "a ragged list": lambda: [[1.0], [1.0, 2.0]],
    "a mixed list": lambda: [1.0, "a"],
    "an empty list": list,
    "an empty array": lambda: np.zeros(0),
    "no rows": lambda: np.zeros((0, 3)),
    "no columns": lambda: np.zeros((2, 0)),
    "an empty block": lambda: np.zeros((2, 0, 3)),
    "no integers": lambda: np.zeros(0, dtype=int),
    "a scalar array": lambda: np.array(0.5),
    "a vector": lambda: np.array([0.5, 0.25, 0.25]),
    "a long vector": lambda: np.full(7, 1 / 7),
    "a wide matrix": lambda: np.full((2, 5), 0.2),
    "a tall matrix": lambda: np.full((5, 3), 1 / 3),
    "a block": lambda: np.full((2, 2, 3), 1 / 3),
    "a deep block": lambda: np.full((1, 2, 1, 3), 1 / 3),
    "integers": lambda: np.array([[0, 1, 0], [1, 0, 0]]),
    "labels out of range": lambda: np.array([1, 7]),
    "negative labels": lambda: np.array([-1, 0]),
    "small integers": lambda: np.array([[1, 0, 0]] * 2, dtype=np.int8),
    "booleans": lambda: np.array([[True, False, False]] * 2),
    "NaNs": lambda: np.full((2, 3), np.nan),
    "one NaN": lambda: np.array([[np.nan, 0.5, 0.5], [0.25, 0.5, 0.25]]),
    "infinities": lambda: np.full((2, 3), np.inf),
    "both infinities": lambda: np.array([[-np.inf, np.inf, 0.0], [0.0, 1.0, -np.inf]]),
    "minus infinities": lambda: np.full((2, 3), -np.inf),
    "the largest floats": lambda: np.full((2, 3), np.finfo(float).max),
    "the lowest floats": lambda: np.full((2, 3), np.finfo(float).min),
    "both extremes": lambda: np.array([[1.7e308, -1.7e308, 0.0]] * 2),
    "the largest halves": lambda: np.full((2, 3), 65504, dtype=np.float16),
    "subnormals": lambda: np.full((2, 3), 5e-324),
    "zeros": lambda: np.zeros((2, 3)),
    "negative numbers": lambda: np.full((2, 3), -0.5),
    "rows that sum to two": lambda: np.full((2, 3), 2 / 3),
    "a matrix of matrices": lambda: [np.eye(3), np.eye(2)],
    "matrices that fit": lambda: [np.ones((2, 3)), np.ones((3, 2))],
    "a list of NaNs": lambda: [np.full((2, 2), np.nan)],
    "a list of infinities": lambda: [np.full((2, 2), np.inf)],
    "an axis too far": lambda: 5,
    "an axis too low": lambda: -5,
    "two axes": lambda: (0, 1),
    "a negative size": lambda: (2, -1),
    "a fractional size": lambda: (2.5, 1),
    "one": lambda: 1.0,
    "a little too much": lambda: np.nextafter(1.0, 2.0),
    "an unknown option": lambda: "median",
    "a seed": lambda: 7,
    "an old generator": lambda: np.random.RandomState(0),
    "a type of generator": lambda: np.random.Generator,
}


def parameters(name):
    return list(inspect.signature(getattr(reference, name)).parameters)


def arguments(name):
    """Return an ordinary call of a function as a dict by parameter name."""
    positional, options = sample(name)
    return dict(zip(parameters(name), positional, strict=False)) | options


def call(name, chosen):
    """Call a function with arguments by name, and return what it raises, or None."""
    kinds = inspect.signature(getattr(reference, name)).parameters
    positional, options = [], {}
    for key, value in chosen.items():
        if kinds[key].kind is inspect.Parameter.KEYWORD_ONLY:
            options[key] = value
        else:
            positional.append(value)
    try:
        getattr(reference, name)(*positional, **options)
    except BaseException as error:
        return error
    return None


def names(error, parameter):
    """Say whether a message speaks of a parameter, or of a part, as ``X_parameter``."""
    return re.search(rf"(?<![A-Za-z]){parameter}(?![A-Za-z])", str(error)) is not None


def complaint(name, chosen):
    """Call a function and say what is wrong with what happens, if anything is."""
    before = {k: v.copy() for k, v in chosen.items() if isinstance(v, np.ndarray)}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        error = call(name, chosen)
    for warning in caught:
        return f"warns: {warning.message}"
    for key, copied in before.items():
        if chosen[key].tobytes() != copied.tobytes():
            return f"changes {key}"
    if error is None:
        return ""
    if not isinstance(error, (TypeError, ValueError)):
        return f"raises {type(error).__name__}: {error}"
    if not any(names(error, parameter) for parameter in parameters(name)):
        return f"names no argument: {type(error).__name__}: {error}"
    return ""


def test_there_is_a_sample_of_every_function():
    assert sorted(SAMPLES) == sorted(reference.__all__)


@pytest.mark.parametrize("name", reference.__all__)
def test_an_ordinary_call_is_quiet(name):
    assert complaint(name, arguments(name)) == ""


@pytest.mark.parametrize("name", reference.__all__)
def test_one_wrong_argument_is_named(name):
    complaints = []
    for parameter in parameters(name):
        for what, make in WRONG.items():
            found = complaint(name, {**arguments(name), parameter: make()})
            if found:
                complaints.append(f"{name}, {parameter} = {what}: {found}")
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("name", reference.__all__)
@pytest.mark.parametrize("what", ["an object", "a complex number", "a dict"])
def test_the_argument_that_is_named_is_the_wrong_one(name, what):
    for parameter in parameters(name):
        error = call(name, {**arguments(name), parameter: WRONG[what]()})
        assert isinstance(error, TypeError)
        assert names(error, parameter)


def extreme(value, dtype, rng):
    """Return numbers of the same shape, each at or near an end of what is finite."""
    if isinstance(value, (list, tuple)) and any(np.ndim(v) for v in value):
        parts = [extreme(v, dtype, rng) for v in value]
        return type(value)(*parts) if hasattr(value, "_fields") else parts
    if not np.issubdtype(np.asarray(value).dtype, np.floating):
        return value
    ends = np.finfo(dtype)
    choices = [ends.max, ends.max / 3, ends.max**0.5, 1, 0, ends.tiny, ends.tiny**0.5]
    drawn = rng.choice(np.array(choices, dtype), size=np.shape(value))
    return drawn * rng.choice(np.array([-1, 1], dtype), size=np.shape(value))


@pytest.mark.parametrize("name", reference.__all__)
def test_no_finite_numbers_make_a_function_warn(name):
    rng = np.random.default_rng(0)
    complaints = set()
    for dtype in (np.float64, np.float32, np.float16):
        for _ in range(60):
            chosen = arguments(name)
            for parameter in parameters(name):
                if parameter in chosen and rng.random() < 0.8:
                    chosen[parameter] = extreme(chosen[parameter], dtype, rng)
            complaints.add(complaint(name, chosen))
    assert complaints == {""}


# A count of 10^9 is no mistake: it asks for that much memory or time, and may get it.
# So the integers are too few to hurt, or more than any array can hold.
whole_numbers = st.integers(max_value=50) | st.integers(min_value=2**63)

anything = (
    st.none()
    | st.booleans()
    | whole_numbers
    | st.floats()
    | st.text(max_size=3)
    | st.lists(st.floats(), max_size=3)
    | hnp.arrays(
        st.sampled_from([np.float16, np.float32, np.float64, np.int64, np.uint8, bool]),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    )
)


@given(data=st.data())
def test_any_two_arguments_may_be_anything(data):
    name = data.draw(st.sampled_from(reference.__all__), label="function")
    chosen = arguments(name)
    for parameter in data.draw(
        st.lists(
            st.sampled_from(parameters(name)), min_size=1, max_size=2, unique=True
        ),
        label="arguments",
    ):
        chosen[parameter] = copy.copy(data.draw(anything, label=parameter))
    assert complaint(name, chosen) == ""
