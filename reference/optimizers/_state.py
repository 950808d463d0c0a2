"""What all optimizers share: reading parameters, gradient, state, and options."""

from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference._rounding import widen
from reference._validate import (
    as_float,
    as_floats,
    as_real,
    check_same_shape,
)

__all__ = [
    "Wide",
    "as_nonnegative",
    "read_state",
    "read_step",
    "zeros_for",
]

Wide = NDArray[np.float64]
State = TypeVar("State", bound=tuple[Any, ...])


class Step(NamedTuple):
    """Parameters and gradient in float64, and the dtype of the result."""

    params: Wide
    grad: Wide
    dtype: np.dtype[Any]


def zeros_for(params: ArrayLike) -> Wide:
    """Return float64 zeros, one a parameter: a memory of nothing.

    It is wide for narrow parameters too: what is added up over a thousand steps would
    be lost in float16 long before.
    """
    return np.zeros(as_float("params", params).shape)


def read_step(params: ArrayLike, grad: ArrayLike) -> Step:
    """Return parameters and a gradient of one shape, ready for a step."""
    x, g = as_floats(params=params, grad=grad)
    check_same_shape(params=x, grad=g)
    return Step(widen(x), widen(g), x.dtype)


def read_state(state: object, kind: type[State], shape: tuple[int, ...]) -> State:
    """Return ``state`` if it is of the right kind, and made for parameters so shaped.

    Arrays in it have one entry a parameter; a tuple is the shape itself; numbers, such
    as a count of steps, are left alone.
    """
    if not isinstance(state, kind):
        msg = f"state must be a {kind.__name__} from init or step, got {state!r}"
        raise TypeError(msg)
    for field in state:
        made_for = getattr(field, "shape", field)
        if isinstance(made_for, tuple) and made_for != shape:
            msg = f"state must be made for params {shape}, got one for {made_for}"
            raise ValueError(msg)
    return state


def as_nonnegative(name: str, value: object) -> float:
    """Return one finite number of at least 0: a learning rate, an epsilon."""
    number = as_real(name, value)
    if number < 0:
        msg = f"{name} must be at least 0, got {value!r}"
        raise ValueError(msg)
    return number
