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
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.conformance.extent import explained, kinds
from reference.conformance.measure import error_in, floats, show, unit_of

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
    eps : float
        The ``eps`` of the dtype of ``got``; NaN where these are no floats.
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
        eps: float = math.nan,
    ) -> None:
        self.kind, self.got, self.want = kind, got, want
        self.index, self.ulps, self.bound, self.eps = index, ulps, bound, eps
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
    """Fail unless both hold the same numbers, whatever the dtypes of real numbers.

    Signs of zero may differ, NaN equals NaN, shapes must agree.
    """
    got, want = np.asarray(got), np.asarray(want)
    if got.dtype.kind != want.dtype.kind:
        _real(got)
    _same_shape(got, want)
    same = (got == want) | ((got != got) & (want != want))
    excess = np.where(np.asarray(same), -np.inf, 1.0)
    numbers = got.dtype.kind == "f" and want.dtype.kind in "fiuO"
    eps = float(np.finfo(got.dtype).eps) if numbers else math.nan

    def mismatch(index: tuple[int, ...]) -> MismatchError:
        return MismatchError(
            kind=_kind(got[index], want[index]),
            got=got[index],
            want=want[index],
            index=index,
            ulps=_distance(got[index], want[index]),
            bound="these must be equal exactly",
            eps=eps,
        )

    _settle(excess, got, want, eps, mismatch)


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
    magnitude = np.minimum(np.abs(floats(want)), float(limits.max))
    size = np.maximum(np.nan_to_num(magnitude), floor)
    with np.errstate(over="ignore"):
        error = error_in(got, want, size, limits) / eps
    # A zero is right only for what the dtype cannot hold, or where terms cancel.
    lost = (got == 0) & (floor <= tiny) & (magnitude > ulps * eps * tiny)
    wrong = ~(error <= allowed) | lost
    with np.errstate(over="ignore"):
        excess = np.where(lost, np.inf, error / np.maximum(allowed, tiny))
    conditions = np.broadcast_to(condition, want.shape)

    def mismatch(index: tuple[int, ...]) -> MismatchError:
        bound = f"allowed {float(allowed[index]):.3g} ulp"
        if conditions[index] > 0:
            bound += f" = {ulps:.3g} x (1 + condition number {conditions[index]:.3g})"
        if floor[index] > size[index] * 0.5 and floor[index] > tiny:
            bound += f" of a term of size {float(floor[index]):.3g}"
        return MismatchError(
            kind=_kind(got[index], want[index]),
            got=got[index],
            want=want[index],
            index=index,
            ulps=_distance(got[index], want[index]),
            bound=f"{bound}: {why}" if why else bound,
            eps=eps,
        )

    _settle(np.where(wrong, excess, -np.inf), got, want, eps, mismatch)


def assert_ulps(got: ArrayLike, want: ArrayLike, ulps: float) -> None:
    """Fail where ``got`` is more than ``ulps`` units in the last place from ``want``.

    The unit is the gap between neighbors of the dtype of ``got`` at the exact value:
    half a unit is correct rounding.
    """
    got, want = _numbers(got), np.asarray(want)
    _same_shape(got, want)
    limits = np.finfo(got.dtype)
    error = error_in(got, want, unit_of(want, limits), limits)
    eps = float(limits.eps)

    def mismatch(index: tuple[int, ...]) -> MismatchError:
        return MismatchError(
            kind=_kind(got[index], want[index]),
            got=got[index],
            want=want[index],
            index=index,
            ulps=float(error[index]),
            bound=f"promised {ulps:g} ulp",
            eps=eps,
        )

    _settle(np.where(error <= ulps, -np.inf, error), got, want, eps, mismatch)


def _settle(
    excess: NDArray[np.float64],
    got: NDArray[Any],
    want: NDArray[Any],
    eps: float,
    mismatch: Callable[[tuple[int, ...]], MismatchError],
) -> None:
    """Fail for the entry that is furthest off, unless a known divergence explains it.

    ``excess`` is minus infinity where nothing is wrong.
    """
    wrong = excess > -np.inf
    if not wrong.any():
        return
    known, note = explained(got, want, eps)
    if (wrong & known).any():
        note(mismatch(_worst(np.where(known, excess, -np.inf))))
    if (wrong & ~known).any():
        raise mismatch(_worst(np.where(known, -np.inf, excess)))


def _numbers(value: ArrayLike) -> NDArray[np.floating]:
    """Return what was got as floats; anything but real numbers is a mismatch."""
    array = np.asarray(value)
    _real(array)
    # Longer formats than float64 are measured as float64, like their expectations.
    keeps = array.dtype in (np.float16, np.float32, np.float64)
    return array if keeps else array.astype(np.float64)


def _real(got: NDArray[Any]) -> None:
    if got.dtype.kind not in "fiub":
        raise MismatchError(kind="type", got=got.dtype, want="real numbers")


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


def _distance(got: Any, want: Any) -> float:
    """Return how many ulps of ``want`` two numbers are apart, NaN if that is moot."""
    got, want = np.asarray(got), np.asarray(want)
    if got.dtype.kind not in "fiu" or want.dtype.kind not in "fiuO":
        return math.nan
    got = _numbers(got)
    both = np.isfinite(got) & np.isfinite(floats(want))
    limits = np.finfo(got.dtype)
    error = error_in(got, want, unit_of(want, limits), limits)
    return float(error) if both else math.nan


def _kind(got: Any, want: Any) -> str:
    """Name the way in which one entry is wrong."""
    got, want = np.asarray(got), np.asarray(want)
    if got.dtype.kind not in "fiub" or want.dtype.kind not in "fiubO":
        return "value"
    return str(kinds(got, want))


def _worst(excess: NDArray[np.float64]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(np.argmax(excess), excess.shape))
