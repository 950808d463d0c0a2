"""The inputs that tell variants apart, with what each variant makes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docs._extension.book import ROOT, BookError
from reference.conformance.variants import Family, Probe, families
from reference.conformance.variants.predictions import predict

__all__ = ["DATA", "Separation", "asked", "followers", "separation"]

DATA = ROOT / "docs" / "reference" / "variants.json"

# More numbers than that say less.
_SHOWN = 4


@cache
def asked() -> dict[str, Any]:
    """Read the file: for each library its version, and for each family its functions.

    A function has the name of its variant, a list of names if it may be any of them,
    or nothing if it is none of those known.
    """
    return dict(json.loads(DATA.read_text(encoding="utf-8")))


def followers(names: list[str]) -> dict[str | None, dict[str, list[str]]]:
    """Return for each variant the libraries that follow it, and with what."""
    found: dict[str | None, dict[str, list[str]]] = {}
    for library, answers in asked().items():
        for name in names:
            for function, kept in answers["families"].get(name, {}).items():
                for variant in kept if isinstance(kept, list) else [kept]:
                    mine = found.setdefault(variant, {}).setdefault(library, [])
                    mine.append(function)
    return found


@dataclass(frozen=True)
class Separation:
    """An input, and what each variant makes of it.

    Attributes
    ----------
    sentence : str
        The input for a reader.
    results : dict
        For the name of each variant what it gives, as it is printed.
    values : dict
        The same before it is printed.
    """

    sentence: str
    results: Mapping[str, str]
    values: Mapping[str, Any]

    def among(self, names: list[str]) -> dict[str, str]:
        """Return results with the digits that tell apart these variants alone."""
        values = [self.values[name] for name in names]
        if any(isinstance(value, str) and value != "NaN" for value in values):
            return {name: self.results[name] for name in names}
        return dict(zip(names, _apart([float(v) for v in values]), strict=True))


@cache
def separation(name: str, probe: str = "") -> Separation:
    """Return the input that best tells apart what libraries do, and then the rest.

    With the name of a probe it is that one.
    """
    family = families()[name]
    if family.allowance:
        return _of_draws(family)
    probes = [p for p in family.probes if probe in ("", p.name)]
    if not probes:
        names = ", ".join(p.name for p in family.probes)
        message = f"{name} has no input {probe!r}; it has {names}"
        raise BookError(message)
    followed = [v for v in followers([name]) if v is not None]
    shown = followed or [v.name for v in family.variants]
    found = [s for p in probes for s in _at(family, p)]

    def telling(candidate: Separation) -> tuple[int, ...]:
        """Count results that differ, and those that differ at first sight."""
        of_libraries = [candidate.values[name] for name in shown]
        everything = list(candidate.values.values())
        sizes = (len(set(of_libraries)), _different(of_libraries))
        return (*sizes, _different(everything))

    return max(found, key=telling)


def _different(values: list[Any]) -> int:
    return len({_written(v, 3) if isinstance(v, float) else v for v in values})


def _of_draws(family: Family) -> Separation:
    """Describe a law by two numbers: it has its own quantiles in place of draws."""
    [probe] = family.probes
    results = {}
    for variant in family.variants:
        draws = np.asarray(variant.function(*probe.arguments, **probe.options))
        size = np.sqrt(np.mean(np.square(draws)))
        results[variant.name] = f"{size:.3g}; {np.max(draws):.3g}"
    sentence = probe.sentence.partition(", ")[2].removeprefix("of ")
    return Separation(f"{sentence}: root mean square; largest", results, results)


def _at(family: Family, probe: Probe) -> list[Separation]:
    """Return what variants make of a probe, for each number in the result."""
    wants = {v.name: predict(family, v, probe).want for v in family.variants}
    first = wants[family.variants[0].name]
    if any(want.shape != first.shape for want in wants.values()):
        texts = {name: _listed(want) for name, want in wants.items()}
        return [Separation(probe.sentence, texts, texts)]
    found = []
    for place in range(first.size):
        # Zeros have no sign, and NaN is NaN, when results are counted.
        values = {n: float(w.ravel()[place]) + 0.0 for n, w in wants.items()}
        known = {n: "NaN" if np.isnan(v) else v for n, v in values.items()}
        texts = dict(zip(values, _apart(list(values.values())), strict=True))
        index = np.unravel_index(place, first.shape)
        where = f"{probe.sentence}{_place(probe, index, first)}"
        found.append(Separation(where, texts, known))
    return found


def _place(probe: Probe, index: tuple[Any, ...], want: NDArray[Any]) -> str:
    when = f"; after step {index[0] + 1}" if probe.steps else ""
    rest = [int(i) + 1 for i in (index[1:] if probe.steps else index)]
    shape = want.shape[1:] if probe.steps else want.shape
    if all(size == 1 for size in shape):
        return when
    entry = str(rest[0]) if len(rest) == 1 else str(tuple(rest))
    return f"{when}; entry {entry}"


def _apart(values: list[float]) -> list[str]:
    """Write numbers with as few digits as tell apart those that differ."""
    exact = len({_written(value, 12) for value in values})
    for digits in range(3, 12):
        texts = [_written(value, digits) for value in values]
        if len(set(texts)) == exact:
            return texts
    return [_written(value, 12) for value in values]


def _written(value: float, digits: int) -> str:
    text = f"{value + 0.0:.{digits}g}".replace("e-0", "e-").replace("-", "−")
    return text.replace("inf", "∞").replace("nan", "NaN")


def _listed(want: NDArray[Any]) -> str:
    numbers = [_written(float(value), 3) for value in want.ravel()]
    if want.ndim == 0:
        return numbers[0]
    more = ", …" if len(numbers) > _SHOWN else ""
    return f"({', '.join(numbers[:_SHOWN])}{more})"
