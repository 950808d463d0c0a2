"""Errors counted: how many results are right, how far off the others, and where."""

import hashlib
import math
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["EDGES", "KINDS", "Tally", "Wrong", "range_name"]

# Ranges of x end at these, on both sides of 0.
EDGES = (2.0**-24, 2.0**-10, 1.0, 4.0, 16.0, 64.0, 1024.0)
_ENDS = np.array([*(-e for e in reversed(EDGES)), 0.0, *EDGES])

# What is no rounding error: a result that is 0, inf, nan or of the other sign.
KINDS = ("zero", "inf", "nan", "sign")

LISTED = 100  # so many wrongly rounded inputs are named; a hash speaks for all


def range_name(number: int) -> str:
    """Write a range of x."""
    ends = ["-inf", *map(_plain, _ENDS), "inf"]
    return f"{ends[number]} to {ends[number + 1]}"


def _plain(x: float) -> str:
    exponent = round(math.log2(abs(x))) if x else 0
    sign = "-" if x < 0 else ""
    return f"{x:g}" if exponent >= 0 else f"{sign}2^{exponent}"


@dataclass
class Wrong:
    """Results that are not what the exact values round to, in the order of inputs."""

    x: NDArray[Any]  # inputs, or names of inputs
    got: NDArray[np.float64]
    want: NDArray[np.float64]
    ulps: NDArray[np.float64]
    places: NDArray[np.intp]  # the ranges of x


@dataclass
class Tally:
    """Counts of one function in one dtype, that add up.

    Attributes
    ----------
    inputs, correct : int
        How many finite inputs, and for how many the result is the exact value, rounded.
    ulps : float
        The largest error of a result that is neither 0 nor inf nor nan nor of the
        other sign where it must not be.
    worst : dict
        The input of that error, the result and the exact value, rounded.
    kinds : dict
        How many results are wrongly 0, inf, nan, or of the other sign; one example.
    ranges : dict
        Inputs, correct results and largest error for each range of x.
    exceptions : list
        The first inputs whose results are not correctly rounded, in hexadecimal.
    digest : str
        SHA-256 over all such inputs and their results, block after block. Everything
        else is rounded correctly, so it stands for every bit the function returned.
    decided, audited : int
        For how many inputs the definition was evaluated, because the number is close
        to a rounding boundary, and for how many to audit the float64 formula.
    """

    inputs: int = 0
    correct: int = 0
    ulps: float = 0.0
    worst: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, dict[str, Any]] = field(default_factory=dict)
    ranges: dict[str, list[float]] = field(default_factory=dict)
    exceptions: list[str] = field(default_factory=list)
    digest: str = ""
    decided: int = 0
    audited: int = 0

    def add(self, places: NDArray[np.intp] | int, total: int, wrong: Wrong) -> None:
        """Count results of ``total`` inputs: those of ``wrong``, and right ones."""
        self.inputs += total
        self.correct += total - len(wrong.x)
        if isinstance(places, (int, np.integer)):
            self._count(int(places), total, total)
        else:
            for place, count in zip(
                *np.unique(places, return_counts=True), strict=True
            ):
                self._count(int(place), int(count), int(count))
        if len(wrong.x):
            self._add_wrong(wrong)

    def _count(self, place: int, inputs: int, correct: int, ulps: float = 0.0) -> None:
        row = self.ranges.setdefault(str(place), [0, 0, 0.0])
        row[0] += inputs
        row[1] += correct
        row[2] = max(row[2], ulps)

    def _add_wrong(self, wrong: Wrong) -> None:
        got, want = wrong.got, wrong.want
        digits = np.ones(len(got), dtype=bool)
        for kind, where in _kinds(got, want).items():
            digits &= ~where
            if where.any():
                first = int(np.flatnonzero(where)[0])
                self._note(kind, int(where.sum()), _case(wrong, first))
        for place in np.unique(wrong.places):
            here = wrong.places == place
            ulps = wrong.ulps[here & digits]
            largest = float(ulps.max(initial=0.0))
            self._count(int(place), 0, -int(here.sum()), largest)
        ulps = np.where(digits, wrong.ulps, 0.0)
        worst = int(ulps.argmax())
        if ulps[worst] > self.ulps:
            self.ulps, self.worst = float(ulps[worst]), _case(wrong, worst)
        room = LISTED - len(self.exceptions)
        self.exceptions += [_hex(x) for x in wrong.x[: max(room, 0)]]
        self.digest = _digest(wrong)

    def _note(self, kind: str, count: int, case: dict[str, str]) -> None:
        known = self.kinds.setdefault(kind, {"count": 0, **case})
        known["count"] += count

    def merge(self, other: "Tally") -> None:
        """Add the counts of what came next."""
        self.inputs += other.inputs
        self.correct += other.correct
        self.decided += other.decided
        self.audited += other.audited
        if other.ulps > self.ulps:
            self.ulps, self.worst = other.ulps, other.worst
        for kind, note in other.kinds.items():
            case = {name: note[name] for name in ("x", "got", "want")}
            self._note(kind, note["count"], case)
        for place, (inputs, correct, ulps) in other.ranges.items():
            self._count(int(place), int(inputs), int(correct), ulps)
        self.exceptions = (self.exceptions + other.exceptions)[:LISTED]
        both = f"{self.digest}{other.digest}".encode()
        joined = hashlib.sha256(both).hexdigest()
        self.digest = joined if self.digest and other.digest else both.decode()

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Self:
        """Read a tally as ``dataclasses.asdict`` wrote it."""
        return cls(**fields)


def place(x: NDArray[Any]) -> NDArray[np.intp]:
    """Return the number of the range of x that each input lies in."""
    return np.asarray(np.searchsorted(_ENDS, x.astype(np.float64), side="right"))


def _kinds(
    got: NDArray[np.float64], want: NDArray[np.float64]
) -> dict[str, NDArray[np.bool_]]:
    nan, inf = np.isnan(got), np.isinf(got)
    zero = (got == 0) & (want != 0)
    sign = ~nan & (got != 0) & (want != 0) & (np.sign(got) != np.sign(want))
    return {"zero": zero, "inf": inf & (got != want), "nan": nan, "sign": sign & ~inf}


def _case(wrong: Wrong, index: int) -> dict[str, str]:
    got, want = float(wrong.got[index]), float(wrong.want[index])
    return {"x": _hex(wrong.x[index]), "got": got.hex(), "want": want.hex()}


def _hex(x: Any) -> str:
    return str(x) if isinstance(x, str) else float(x).hex()


def _digest(wrong: Wrong) -> str:
    text = hashlib.sha256()
    named = wrong.x.dtype.kind not in "f"
    inputs = (
        "\n".join(wrong.x).encode()
        if named
        else np.ascontiguousarray(wrong.x.astype("<f8")).tobytes()
    )
    text.update(inputs)
    text.update(wrong.got.astype("<f8").tobytes())
    return text.hexdigest()
