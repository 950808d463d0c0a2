"""What a variant makes of a probe, and how far rounding may take it from there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.variants import Family, Probe, Variant

__all__ = ["ROUNDINGS", "Prediction", "predict", "rounded"]

# How many rounding errors, each as large as the whole effect of one in every input at
# every use, a right implementation is granted: as in `compare.assert_close`.
ROUNDINGS = 16.0

# The effect of rounding is measured with errors of this size, and scaled down: they
# are far above those of float64, and far below what would bend the function.
NUDGE = 2.0**-22
DRAWS = 12


class Nudged(float):
    """A number that is off by a little, differently so each time it is used."""

    random: np.random.Generator

    def _used(self) -> float:
        return float(self) * (1.0 + self.random.choice([-NUDGE, NUDGE]))

    def __add__(self, other: Any) -> Any:
        return self._used() + other

    def __sub__(self, other: Any) -> Any:
        return self._used() - other

    def __rsub__(self, other: Any) -> Any:
        return other - self._used()

    def __mul__(self, other: Any) -> Any:
        return self._used() * other

    def __truediv__(self, other: Any) -> Any:
        return self._used() / other

    def __pow__(self, other: Any, modulo: None = None) -> Any:
        return pow(self._used(), other, modulo)

    __radd__, __rmul__ = __add__, __mul__


@dataclass(frozen=True)
class Prediction:
    """What one variant makes of one probe.

    Attributes
    ----------
    want : ndarray of float64
        The result, free of rounding for all that a comparison can see.
    """

    family: Family
    variant: Variant
    probe: Probe
    want: NDArray[np.float64]

    @cached_property
    def spread(self) -> NDArray[np.float64]:
        """By how much, per unit of rounding error in each input at each use."""
        if self.probe.exact:
            return np.zeros_like(self.want)
        plays = [_play(self.family, self.variant, p) for p in _nudged(self.probe)]
        with np.errstate(invalid="ignore"):  # what is infinite stays so
            off = np.nan_to_num(np.array(plays) - self.want, posinf=0.0, neginf=0.0)
        return np.sqrt(np.mean(np.square(off), axis=0)) / NUDGE

    def allowed(self, dtype: Any) -> NDArray[np.float64]:
        """Return how far off a right implementation in this dtype may be."""
        if self.family.allowance:
            return np.asarray(self.family.allowance(self.want, self.probe))
        limits = np.finfo(dtype)
        size = np.abs(self.want)
        if self.probe.steps:  # what was added up on the way was rounded as well
            size = np.maximum.accumulate(size, axis=0)
        floor = float(limits.smallest_normal)
        return ROUNDINGS * float(limits.eps) * (self.spread + size + floor)

    def wrong(self, got: NDArray[Any], dtype: Any) -> NDArray[np.bool_]:
        """Say which entries of ``got`` are further off than rounding explains.

        Of another shape all of it is: then the answer is a single yes.
        """
        if got.shape != self.want.shape:
            return np.array([True])
        same = (got == self.want) | (np.isnan(got) & np.isnan(self.want))
        with np.errstate(invalid="ignore"):
            close = np.abs(got - self.want) <= self.allowed(dtype)
        close &= np.isfinite(self.want)  # nothing else is close to an infinity
        return np.asarray(~(same | close))


@lru_cache(maxsize=4096)
def predict(family: Family, variant: Variant, probe: Probe) -> Prediction:
    """Play a variant on a probe, once for each of these."""
    return Prediction(family, variant, probe, _play(family, variant, probe))


def rounded(probe: Probe, dtype: Any) -> Probe:
    """Return a probe whose arrays are of another dtype, the nearest numbers in it."""
    return replace(
        probe, arguments=tuple(_cast(value, dtype) for value in probe.arguments)
    )


def _cast(value: Any, dtype: Any) -> Any:
    floating = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return value.astype(dtype) if floating else value


def _play(family: Family, variant: Variant, probe: Probe) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):  # some variants divide by 0, and that is that
        return np.asarray(family.play(variant.function, probe), np.float64)


def _nudged(probe: Probe) -> Iterator[Probe]:
    """Yield the probe with every number in it off by a little, at random."""
    for seed in range(DRAWS):
        random = np.random.default_rng(seed)
        yield replace(
            probe,
            arguments=tuple(_off(value, random) for value in probe.arguments),
            options={n: _off(value, random) for n, value in probe.options.items()},
        )


def _off(value: Any, random: np.random.Generator) -> Any:
    if isinstance(value, float):
        number = Nudged(value)
        number.random = random
        return number
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value * (1.0 + random.choice([-NUDGE, NUDGE], value.shape))
    return value
