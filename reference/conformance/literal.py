"""Write values as Python that needs nothing but NumPy."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["literal"]

_LONGEST = 64  # entries of an array that still get written out


def literal(value: Any) -> str:
    """Return an expression that evaluates to ``value``, given ``import numpy as np``.

    Arrays of more than 64 entries are described instead.
    """
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.generic):
        return f"np.{value.dtype.name}({_scalar(value)})"
    if isinstance(value, (float, complex)):
        return _scalar(value)
    if isinstance(value, (list, tuple)):
        inside = ", ".join(literal(item) for item in value)
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, type) and issubclass(value, np.generic):
        return f"np.{value.__name__}"
    return getattr(value, "__name__", None) or repr(value)


def _array(value: NDArray[Any]) -> str:
    # NumPy gives the numbers themselves these, and an array of none of them float64.
    numbers = (np.float64, np.int64, np.bool_, np.complex128)
    obvious = numbers if value.size else (np.float64,)
    dtype = "" if value.dtype in obvious else f", dtype={_dtype(value.dtype)}"
    if value.size == 0:
        return f"np.zeros({value.shape}{dtype})"
    if value.size > _LONGEST:
        # Bytes, for 0 equals -0 and NaN nothing.
        first = value.flat[:1]
        if (
            not value.dtype.hasobject
            and first.tobytes() * value.size == value.tobytes()
        ):
            return f"np.full({value.shape}, {_scalar(first[0])}{dtype})"
        return f"<{value.dtype} array of shape {value.shape}>"
    return f"np.array({_nested(value)}{dtype})"


def _dtype(dtype: np.dtype[Any]) -> str:
    plain = dtype.kind in "fiubc" and dtype.isnative
    return f"np.{dtype.name}" if plain else repr(dtype.str)


def _nested(value: NDArray[Any]) -> str:
    if value.ndim == 0:
        return _scalar(value[()])
    return f"[{', '.join(_nested(np.asarray(part)) for part in value)}]"


def _scalar(value: Any) -> str:
    """Write one number with the fewest digits that identify it in its dtype."""
    if isinstance(value, (float, np.floating)):
        if math.isnan(value):
            return "np.nan"
        if math.isinf(value):
            return "np.inf" if value > 0 else "-np.inf"
        return repr(float(str(value)))
    if isinstance(value, (complex, np.complexfloating)):
        # Python reads -1j as -0-1j and 1-0j as 1+0j: the parts are safe only apart.
        return f"complex({_scalar(value.real)}, {_scalar(value.imag)})"
    return repr(value.item() if isinstance(value, np.generic) else value)
