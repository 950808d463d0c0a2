"""Turn caller input into float arrays, or say exactly what is wrong with it."""

from __future__ import annotations  # numpy.random is loaded on first use

from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.lib.array_utils import normalize_axis_index
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
IntArray: TypeAlias = NDArray[np.integer[Any]]

# The largest length an array can have.
MOST = int(np.iinfo(np.intp).max)

REDUCTIONS = ("mean", "sum", "none")


def as_array(name: str, value: ArrayLike) -> NDArray[Any]:
    """Return ``value`` as an array of native byte order; refuse ragged nesting."""
    try:
        array = np.asarray(value)
    except ValueError:
        msg = f"{name} must be a rectangular array, got rows of unequal length"
        raise ValueError(msg) from None
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def as_float(name: str, value: ArrayLike) -> FloatArray:
    """Return ``value`` as float16, float32 or float64; integers become float64."""
    array = as_array(name, value)
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    if array.dtype not in (np.float16, np.float32, np.float64):
        msg = (
            f"{name} must hold real numbers (float16, float32, float64, integers or "
            f"booleans), got dtype {array.dtype}"
        )
        raise TypeError(msg)
    return array


def as_floats(**values: ArrayLike) -> tuple[FloatArray, ...]:
    """Return several arguments as float arrays of one dtype, NumPy's result type."""
    arrays = [as_float(name, value) for name, value in values.items()]
    dtype = np.result_type(*(array.dtype for array in arrays))
    return tuple(array.astype(dtype, copy=False) for array in arrays)


def as_float_list(name: str, values: object) -> list[FloatArray]:
    """Return each array of a sequence as a float array, keeping its own dtype."""
    listed = isinstance(values, list | tuple) or getattr(values, "ndim", 0) > 0
    if not listed:
        msg = f"{name} must be a sequence of arrays, got {values!r}"
        raise TypeError(msg)
    return [
        as_float(f"{name}[{i}]", value) for i, value in enumerate(cast(Any, values))
    ]


def as_labels(name: str, value: ArrayLike) -> IntArray:
    """Return ``value`` as integers; floats are not labels, nor are booleans."""
    array = as_array(name, value)
    if array.dtype.kind not in "iu":
        msg = f"{name} must hold integers, got dtype {array.dtype}"
        raise TypeError(msg)
    return array


def as_real(name: str, value: object) -> float:
    """Return one finite real number as a Python float."""
    if isinstance(value, (bool, np.bool)) or not isinstance(value, Real):
        msg = f"{name} must be a real number, got {value!r}"
        raise TypeError(msg)
    try:
        number = float(value)
    except OverflowError:  # an integer too large for any float
        number = float("inf")
    if not np.isfinite(number):
        msg = f"{name} must be finite, got {value!r}"
        raise ValueError(msg)
    return number


def as_positive(name: str, value: object) -> float:
    """Return one finite positive number."""
    number = as_real(name, value)
    if number <= 0:
        msg = f"{name} must be positive, got {value!r}"
        raise ValueError(msg)
    return number


def as_count(name: str, value: object, *, least: int = 1) -> int:
    """Return one integer of at least ``least``."""
    if isinstance(value, (bool, np.bool)) or not isinstance(value, Integral):
        msg = f"{name} must be an integer, got {value!r}"
        raise TypeError(msg)
    count = int(value)
    if not least <= count <= MOST:
        rule = f"at least {least}" if count < least else f"at most {MOST}"
        msg = f"{name} must be {rule}, got {value!r}"
        raise ValueError(msg)
    return count


def as_rate(name: str, value: object) -> float:
    """Return one number in [0, 1): the probability of dropping something."""
    rate = as_real(name, value)
    if not 0 <= rate < 1:
        msg = f"{name} must lie in [0, 1), got {value!r}"
        raise ValueError(msg)
    return abs(rate)  # -0.0 has a sign that no probability has


def as_shape(name: str, value: object) -> tuple[int, ...]:
    """Return a shape: one length or a sequence of them, none negative."""
    lengths = value if isinstance(value, (tuple, list)) else (value,)
    return tuple(as_count(name, length, least=0) for length in lengths)


def as_generator(name: str, value: object) -> np.random.Generator:
    """Return ``value`` if it is a NumPy random generator."""
    if not isinstance(value, np.random.Generator):
        msg = f"{name} must be a numpy.random.Generator, got {value!r}"
        raise TypeError(msg)
    return value


def as_option(name: str, value: object, options: Iterable[str]) -> str:
    """Return ``value`` if it is one of ``options``."""
    known = tuple(options)
    if not isinstance(value, str):
        msg = f"{name} must be a string, got {value!r}"
        raise TypeError(msg)
    if value not in known:
        listed = ", ".join(map(repr, known))
        msg = f"{name} must be one of {listed}; got {value!r}"
        raise ValueError(msg)
    return value


def check_axis(name: str, array: NDArray[Any], axis: object) -> int:
    """Return ``axis`` counted from the front."""
    if isinstance(axis, (bool, np.bool)) or not isinstance(axis, Integral):
        msg = f"axis must be an integer, got {axis!r}"
        raise TypeError(msg)
    clipped = max(-(2**31), min(2**31 - 1, int(axis)))  # what NumPy can take
    return normalize_axis_index(clipped, array.ndim, msg_prefix=f"{name} and axis")


def check_not_empty(name: str, array: NDArray[Any], axis: int | None = None) -> None:
    """Refuse an empty array, or one that is empty along ``axis``."""
    if axis is None and array.size == 0:
        msg = f"{name} must not be empty, got shape {array.shape}"
        raise ValueError(msg)
    if axis is not None and array.shape[axis] == 0:
        msg = f"{name} has no entries along axis {axis}; its shape is {array.shape}"
        raise ValueError(msg)


def check_rank(name: str, array: NDArray[Any], *ranks: int) -> None:
    """Refuse an array whose number of axes is not one of ``ranks``."""
    if array.ndim not in ranks:
        allowed = " or ".join(map(str, ranks))
        msg = f"{name} must have {allowed} axes, got shape {array.shape}"
        raise ValueError(msg)


def check_same_shape(**arrays: NDArray[Any]) -> None:
    """Refuse silent broadcasting between arguments that must align."""
    if len({array.shape for array in arrays.values()}) > 1:
        listed = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        msg = f"shapes must be equal: {listed}"
        raise ValueError(msg)


def check_probabilities(name: str, array: FloatArray) -> None:
    """Refuse entries outside [0, 1]; NaN passes and propagates."""
    wrong = (array < 0) | (array > 1)
    if wrong.any():
        msg = f"{name} must lie in [0, 1], got {array[wrong].flat[0]}"
        raise ValueError(msg)


def check_distributions(name: str, array: FloatArray) -> None:
    """Refuse rows that are not distributions: entries in [0, 1] that sum to one.

    The sum may be off by 1e-6 times the row's length, in float16 by the rounding of
    that many entries; rows are never rescaled.
    """
    check_probabilities(name, array)
    totals = np.asarray(array.sum(axis=-1, dtype=np.float64))
    tolerance = max(1e-6, float(np.finfo(array.dtype).eps))
    wrong = np.abs(totals - 1) > tolerance * array.shape[-1]
    if wrong.any():
        got = totals[wrong].flat[0]
        msg = f"each row of {name} must sum to 1, got a row that sums to {got}"
        raise ValueError(msg)
