"""How far a known divergence reaches: what lies within is noted, and the law goes on.

A law stops at the first number that is wrong. If a library is known to be wrong there,
everything after it would go unseen: a second mistake in the same comparison, or on the
next input. So while such a law is judged, :func:`lenient` lets the comparisons note
what the divergence explains, and refuse the rest.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.measure import floats

__all__ = ["Extent", "Leniency", "explained", "kinds", "lenient"]

# The ways of being wrong that have a size.
SIZED = ("zero", "value")

# The smallest normal number of each dtype, which its eps tells from the others. That of
# float16 is 6e-5, which is not small: nothing is excused by it.
SMALLEST = {
    float(np.finfo(dtype).eps): float(np.finfo(dtype).smallest_normal)
    for dtype in (np.float32, np.float64)
}


@dataclass(frozen=True)
class Extent:
    """The ways of being wrong that a divergence explains, and how wrong at most.

    A number that is 0 where it must not be, or simply wrong, may be off by
    ``absolute + eps * (eps of its dtype) + tiny * (smallest normal number of its dtype)
    + relative * |expected|``. What is infinite or NaN has no such limit.

    Attributes
    ----------
    kinds : tuple of str
        As in :class:`reference.conformance.compare.MismatchError`.
    absolute, relative : float
        The largest error, whatever the dtype, and in proportion to what is expected.
    eps : float
        The largest error where terms of size 1 cancel, in the ``eps`` of the dtype.
    tiny : float
        The largest error where numbers are lost that have no full precision, in
        smallest normal numbers of the dtype: float32 or float64.
    """

    kinds: tuple[str, ...]
    absolute: float = 0.0
    relative: float = 0.0
    eps: float = 0.0
    tiny: float = 0.0

    def covers(self, kind: str, error: float, size: float, eps: float) -> bool:
        """Say whether this explains one number that is off by ``error``."""
        if kind not in self.kinds:
            return False
        return kind not in SIZED or error <= float(self._most(np.array(size), eps))

    def covered(
        self, got: NDArray[Any], want: NDArray[Any], eps: float
    ) -> NDArray[np.bool_]:
        """Say which entries this explains, if they are wrong."""
        expected = floats(want)
        named = kinds(got, want)
        with np.errstate(invalid="ignore", over="ignore"):
            near = np.abs(got.astype(np.float64) - expected)
            sized = near <= self._most(np.abs(expected), eps)
        return np.isin(named, self.kinds) & (sized | ~np.isin(named, SIZED))

    def _most(self, size: NDArray[np.float64], eps: float) -> NDArray[np.float64]:
        lost = self.tiny * SMALLEST.get(eps, 0.0)
        allowed = self.absolute + self.eps * eps + lost + self.relative * size
        return np.asarray(allowed, dtype=np.float64)


@dataclass(frozen=True)
class Leniency:
    """What to overlook, and whom to tell."""

    extents: tuple[Extent, ...]
    note: Callable[[Any], None]


_LENIENCY: ContextVar[Leniency | None] = ContextVar("leniency", default=None)


@contextmanager
def lenient(leniency: Leniency) -> Iterator[None]:
    """Note what these divergences explain instead of refusing it."""
    token = _LENIENCY.set(leniency)
    try:
        yield
    finally:
        _LENIENCY.reset(token)


def explained(
    got: NDArray[Any], want: NDArray[Any], eps: float
) -> tuple[NDArray[np.bool_], Callable[[Any], None]]:
    """Return which entries are explained if they are wrong, and whom to tell."""
    leniency = _LENIENCY.get()
    none = np.zeros(want.shape, dtype=np.bool_)
    if leniency is None or math.isnan(eps):
        return none, _tell_nobody
    for extent in leniency.extents:
        none |= extent.covered(got, want, eps)
    return none, leniency.note


def _tell_nobody(_: Any) -> None:
    """Do nothing."""


def kinds(got: NDArray[Any], want: NDArray[Any]) -> NDArray[np.str_]:
    """Name the way in which each entry is wrong, if it is."""
    value, expected = got.astype(np.float64), floats(want)
    return np.select(
        [
            np.isnan(value) != np.isnan(expected),
            np.isinf(value) | np.isinf(expected),
            value == 0,
        ],
        ["nan", "infinity", "zero"],
        "value",
    )
