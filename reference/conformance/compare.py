"""The one place that decides when a number agrees with the number it should be.

Three questions, three functions:

- :func:`assert_equal`: is it exactly this?
- :func:`assert_close`: would any right implementation be this close?
- :func:`assert_ulps`: is it as accurate as this project promises?

Expected values may be floats, or exact: integers, fractions, mpmath numbers. Against
an exact number the error is computed exactly, so that rounding the expectation never
helps or hurts what is compared with it.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["MismatchError", "assert_close", "assert_equal", "assert_ulps"]


class MismatchError(AssertionError):
    """Two values that had to agree and do not.

    Attributes
    ----------
    kind : str
        ``"shape"``, ``"type"``, ``"nan"``, ``"infinity"``, ``"zero"`` or ``"value"``.
    got, want : object
        The entry that is furthest off, and what it should be; for the kinds
        ``"shape"`` and ``"type"``, the two shapes or types.
    index : tuple of int
        Where in the array that entry is.
    ulps : float
        How far off, in units in the last place of ``want``; NaN where that is moot.
    bound : str
        What was allowed, in words.
    """

    def __init__(
        self,
        *,
        kind: str,
        got: Any,
        want: Any,
        index: tuple[int, ...] = (),
        ulps: float = math.nan,
        bound: str = "",
    ) -> None:
        self.kind, self.got, self.want = kind, got, want
        self.index, self.ulps, self.bound = index, ulps, bound
        super().__init__(self.describe())

    def describe(self) -> str:
        """Say in one line what was got, what was expected, and how far off that is."""
        place = f"entry {self.index}: " if self.index else ""
        if self.kind in ("shape", "type"):
            return f"got {self.kind} {self.got}, expected {self.want}"
        line = f"{place}got {show(self.got)}, expected {show(self.want)}"
        if not math.isnan(self.ulps):
            line += f", off by {self.ulps:.3g} ulp"
        return f"{line} ({self.bound})" if self.bound else line


def assert_equal(got: ArrayLike, want: ArrayLike) -> None:
    """Fail unless both hold the same numbers, whatever their dtypes.

    Signs of zero may differ, NaN equals NaN, shapes must agree.
    """
    got, want = np.asarray(got), np.asarray(want)
    _same_shape(got, want)
    same = (got == want) | ((got != got) & (want != want))
    same = np.asarray(same)
    if same.all():
        return
    index = _first(~same)
    raise MismatchError(
        kind=_kind(got[index], want[index]),
        got=got[index],
        want=want[index],
        index=index,
        ulps=_distance(got[index], want[index]),
        bound="these are equal exactly",
    )


def assert_close(
    got: ArrayLike,
    want: ArrayLike,
    *,
    condition: ArrayLike = 0.0,
    scale: ArrayLike = 0.0,
    ulps: float = 16.0,
    why: str = "",
) -> None:
    """Fail where ``got`` is further from ``want`` than rounding can explain.

    Allowed is ``ulps * (1 + condition) * eps * max(|want|, scale, tiny)``, with the
    ``eps`` and ``tiny`` of the dtype of ``got``. Unless ``scale`` says that terms
    cancel, a zero is never close to a number that its dtype can hold.

    Parameters
    ----------
    got : array_like
        What the implementation returned.
    want : array_like
        What it should be: floats, or exact numbers in an object array.
    condition : array_like, default 0
        Relative condition number of the function at the input, entry by entry:
        how many ulps one ulp of the input is worth.
    scale : array_like, default 0
        Size of the largest term of a sum that may cancel.
    ulps : float, default 16
        The allowance for the formula itself.
    why : str
        Where the allowance comes from, printed with a failure.

    Raises
    ------
    MismatchError
        The shapes differ, an entry is off, or ``got`` holds no real numbers.
    ValueError
        ``condition`` or ``scale`` is negative or not finite: such a bound could not
        fail.
    """
    got, want = _numbers(got), np.asarray(want)
    _same_shape(got, want)
    condition, scale = _allowance("condition", condition), _allowance("scale", scale)
    limits = np.finfo(got.dtype)
    eps, tiny = float(limits.eps), float(limits.tiny)
    allowed = np.broadcast_to(ulps * (1.0 + condition), want.shape)
    floor = np.broadcast_to(np.maximum(scale, tiny), want.shape)
    magnitude = np.minimum(np.abs(_floats(want)), float(limits.max))
    size = np.maximum(np.nan_to_num(magnitude), floor)
    error = _error(got, want, size, limits) / eps
    # A zero is right only for what the dtype cannot hold, or where terms cancel.
    lost = (got == 0) & (floor <= tiny) & (magnitude > ulps * eps * tiny)
    wrong = ~(error <= allowed) | lost
    if not wrong.any():
        return
    excess = np.where(lost, np.inf, error / np.maximum(allowed, tiny))
    index = _worst(np.where(wrong, excess, -np.inf))
    bound = f"allowed {float(allowed[index]):.3g} ulp"
    if floor[index] > size[index] * 0.5 and floor[index] > tiny:
        bound += f" of a term of size {float(floor[index]):.3g}"
    raise MismatchError(
        kind=_kind(got[index], want[index]),
        got=got[index],
        want=want[index],
        index=index,
        ulps=_distance(got[index], want[index]),
        bound=f"{bound}: {why}" if why else bound,
    )


def assert_ulps(got: ArrayLike, want: ArrayLike, ulps: float) -> None:
    """Fail where ``got`` is more than ``ulps`` units in the last place from ``want``.

    The unit is the gap between neighbors of the dtype of ``got`` at the exact value:
    half a unit is correct rounding.
    """
    got, want = _numbers(got), np.asarray(want)
    _same_shape(got, want)
    limits = np.finfo(got.dtype)
    error = _error(got, want, _unit(want, limits), limits)
    wrong = ~(error <= ulps)
    if not wrong.any():
        return
    index = _worst(np.where(wrong, error, -np.inf))
    raise MismatchError(
        kind=_kind(got[index], want[index]),
        got=got[index],
        want=want[index],
        index=index,
        ulps=float(error[index]),
        bound=f"promised {ulps:g} ulp",
    )


def show(number: Any) -> str:
    """Write a number with the 17 digits that identify a float64."""
    if isinstance(number, (float, np.floating)):
        return f"{float(number):.17g}"
    if isinstance(number, (bool, np.bool)):
        return str(bool(number))
    if _is_exact(number):
        exact = _rational(number)
        return f"{float(exact):.17g}" if _fits(exact) else str(number)
    return repr(number)


def _numbers(value: ArrayLike) -> NDArray[np.floating]:
    """Return what was got as floats; anything but real numbers is a mismatch."""
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise MismatchError(kind="type", got=array.dtype, want="real numbers")
    # Longer formats than float64 are measured as float64, like their expectations.
    keeps = array.dtype in (np.float16, np.float32, np.float64)
    return array if keeps else array.astype(np.float64)


def _same_shape(got: NDArray[Any], want: NDArray[Any]) -> None:
    if got.shape != want.shape:
        raise MismatchError(
            kind="shape", got=got.shape, want=want.shape, bound="shapes"
        )


def _allowance(name: str, value: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(value, dtype=np.float64)
    if not (np.isfinite(array) & (array >= 0)).all():
        msg = f"{name} must be finite and not negative, got {array}"
        raise ValueError(msg)
    return array


def _is_exact(number: Any) -> bool:
    return hasattr(number, "_mpf_") or hasattr(number, "as_integer_ratio")


def _rational(number: Any) -> Fraction | float:
    """Return the exact value of a number; floats stand for the infinities and NaN."""
    if hasattr(number, "_mpf_"):  # mpmath: (sign, mantissa, exponent, bits)
        sign, mantissa, exponent, bits = number._mpf_
        if not mantissa:
            return Fraction(0) if not exponent else float(number)
        top = int(exponent) + int(bits)
        if abs(top) > 20_000:  # far outside every dtype: keep it cheap, keep its side
            exponent = (20_000 if top > 0 else -20_000) - int(bits)
        value = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
        return -value if sign else value
    if isinstance(number, (float, np.floating)) and not math.isfinite(number):
        return float(number)
    return Fraction(*number.as_integer_ratio())


def _fits(value: Fraction | float) -> bool:
    """Say whether a float64 can stand for the value when it is printed."""
    if isinstance(value, float) or not value:
        return True
    return Fraction(1, 2**1070) <= abs(value) <= Fraction(2**1023)


def _float(value: Fraction | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _each(want: NDArray[Any], function: Callable[..., float], *more: Any) -> Any:
    """Apply a function of exact numbers entry by entry."""
    columns = [want.ravel(), *(np.broadcast_to(m, want.shape).ravel() for m in more)]
    values = [function(_rational(w), *rest) for w, *rest in zip(*columns, strict=True)]
    return np.array(values, dtype=np.float64).reshape(want.shape)


def _floats(want: NDArray[Any]) -> NDArray[np.float64]:
    if want.dtype != object:
        return want.astype(np.float64)
    return np.asarray(_each(want, _float))


def _error(
    got: NDArray[np.floating], want: NDArray[Any], unit: NDArray[Any], limits: Any
) -> NDArray[np.float64]:
    """Return ``|got - want| / unit``: 0 where both are NaN or the same infinity.

    An infinity in ``got`` counts as the first number too large for its dtype, so
    that rounding may overflow where the exact value all but does.
    """
    if want.dtype == object:
        return np.asarray(_each(want, _exact_error(limits), got, unit))
    wide, want = got.astype(np.float64), want.astype(np.float64)
    largest, past = _edge(limits)
    over = np.isinf(wide) & np.isfinite(want)
    same = (wide == want) | (np.isnan(wide) & np.isnan(want))
    same |= over & (np.abs(want) > largest) & (np.sign(wide) == np.sign(want))
    with np.errstate(invalid="ignore", over="ignore"):
        error = np.abs(wide - want) / unit
        edge = (np.abs(np.copysign(largest, wide) - want) + past) / unit
    error = np.where(over, edge, error)
    return np.where(same, 0.0, np.where(np.isnan(error), np.inf, error))


def _edge(limits: Any) -> tuple[float, float]:
    """Return the largest number of a dtype, and its distance from the next."""
    return float(limits.max), math.ldexp(float(limits.eps), int(limits.maxexp) - 1)


def _exact_error(limits: Any) -> Callable[..., float]:
    """Return the entry-by-entry form of :func:`_error` for exact expectations."""
    largest, past = _edge(limits)
    overflow = Fraction(largest) + Fraction(past)

    def error(want: Fraction | float, got: Any, unit: float) -> float:
        got = float(got)
        if isinstance(want, float):  # NaN or an infinity
            same = got == want or (math.isnan(got) and math.isnan(want))
            return 0.0 if same else math.inf
        if math.isnan(got):
            return math.inf
        if math.isinf(got):
            if abs(want) > largest and (want > 0) == (got > 0):
                return 0.0
            value = overflow if got > 0 else -overflow
        else:
            value = Fraction(got)
        return _float(abs(value - want) / Fraction(unit))

    return error


def _unit(want: NDArray[Any], limits: Any) -> NDArray[np.float64]:
    """Return the gap between neighboring floats of a dtype at each exact value."""
    lowest = float(limits.smallest_subnormal)
    size = np.abs(_floats(want))
    size = np.where(np.isfinite(size), np.minimum(size, float(limits.max)), 1.0)
    _, exponent = np.frexp(size)  # size = m * 2**exponent with 1/2 <= m < 1
    gap = np.ldexp(1.0, exponent - 1 - limits.nmant)
    return np.maximum(np.where(size == 0, lowest, gap), lowest)


def _distance(got: Any, want: Any) -> float:
    """Return how many ulps of ``want`` two numbers are apart, NaN if that is moot."""
    got, want = np.asarray(got), np.asarray(want)
    if got.dtype.kind not in "fiu" or want.dtype.kind not in "fiuO":
        return math.nan
    got = _numbers(got)
    both = np.isfinite(got) & np.isfinite(_floats(want))
    limits = np.finfo(got.dtype)
    error = _error(got, want, _unit(want, limits), limits)
    return float(error) if both else math.nan


def _kind(got: Any, want: Any) -> str:
    """Name the way in which one entry is wrong."""
    got, want = np.asarray(got), np.asarray(want)
    if got.dtype.kind not in "fiub" or want.dtype.kind not in "fiubO":
        return "value"
    value, expected = float(got), float(_floats(want))
    if math.isnan(value) != math.isnan(expected):
        return "nan"
    if math.isinf(value) or math.isinf(expected):
        return "infinity"
    return "zero" if value == 0 else "value"


def _first(where: NDArray[Any]) -> tuple[int, ...]:
    return _worst(where.astype(np.float64))


def _worst(excess: NDArray[np.float64]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(np.argmax(excess), excess.shape))
