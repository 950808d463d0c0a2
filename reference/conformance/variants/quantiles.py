"""Quantiles: fourteen of them, nine with a number of their own."""

import math
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants._calls import call

__all__ = ["FAMILIES"]

_NUMPY = "https://numpy.org/doc/stable/reference/generated/numpy."

# What the position of a quantile in the ordered sample is, counted from 1:
# alpha + q (n + 1 - alpha - beta) (Hyndman and Fan 1996, section 3).
_CONTINUOUS = {
    "linear (type 7)": (1.0, 1.0, "numpy.quantile, torch.quantile and R"),
    "interpolated inverted cdf (type 4)": (0.0, 1.0, "R's quantile with type=4"),
    "Hazen (type 5)": (0.5, 0.5, "hydrologists"),
    "Weibull (type 6)": (0.0, 0.0, "Minitab and SPSS"),
    "median unbiased (type 8)": (1 / 3, 1 / 3, "what Hyndman and Fan recommend"),
    "normal unbiased (type 9)": (3 / 8, 3 / 8, "R's quantile with type=9"),
    "Cunnane": (0.4, 0.4, "scipy.stats.mstats.mquantiles"),
}


def _between(
    x: NDArray[Any], q: float, *, alpha: float, beta: float, half: str = ""
) -> Any:
    """Interpolate between two neighbors, or choose one of them."""
    ordered, n = np.sort(x), len(x)
    position = alpha + q * (n + 1 - alpha - beta)
    position = min(max(position, 1.0), float(n)) - 1.0
    below = math.floor(position)
    weight = position - below
    rules = {
        "": weight,
        "lower": 0.0,
        "higher": float(weight > 0),
        "midpoint": 0.5 if weight else 0.0,
        "nearest": float(round(position) - below),
    }
    above = min(below + 1, n - 1)
    return ordered[below] + rules[half] * (ordered[above] - ordered[below])


def _step(x: NDArray[Any], q: float, *, kind: int) -> Any:
    """Take one of the sample, at a jump of its distribution function."""
    ordered, n = np.sort(x), len(x)
    at = n * q - (0.5 if kind == 3 else 0.0)
    below = math.floor(at)
    jump = at == below
    weight = {1: 0.0, 2: 0.5, 3: float(below % 2)}[kind] if jump else 1.0
    low, high = ordered[max(below - 1, 0)], ordered[min(max(below, 0), n - 1)]
    return low + weight * (high - low)


def _position(first: float, more: float) -> str:
    sign = "+" if more > 0 else "-"
    count = f"(n {sign} {abs(more):.4g})" if more else "n"
    return f"at position {first:.4g} + q {count}" if first else f"at position q {count}"


def _quantiles() -> tuple[Variant, ...]:
    source = "R. J. Hyndman and Y. Fan, Sample Quantiles in Statistical Packages (1996)"
    link = "https://stat.ethz.ch/R-manual/R-devel/library/stats/html/quantile.html"
    smooth = [
        Variant(
            name,
            f"{who}; {source}",
            link,
            partial(_between, alpha=alpha, beta=beta),
            _position(alpha, 1 - alpha - beta),
        )
        for name, (alpha, beta, who) in _CONTINUOUS.items()
    ]
    names = ("inverted cdf", "averaged inverted cdf", "closest observation")
    notes = (
        "the first number that at least a share q is not above",
        "as type 1, and the middle of two numbers at a jump",
        "the number whose rank is nearest to n q, the even one of two",
    )
    steps = [
        Variant(f"{name} (type {kind})", source, link, partial(_step, kind=kind), note)
        for kind, (name, note) in enumerate(zip(names, notes, strict=True), 1)
    ]
    linear = partial(_between, alpha=1.0, beta=1.0)
    chosen = [
        Variant(
            half,
            f'numpy.quantile and torch.quantile with "{half}"',
            f"{_NUMPY}quantile.html",
            partial(linear, half=half),
            f"type 7, and between two numbers {what}",
        )
        for half, what in (
            ("lower", "the lower"),
            ("higher", "the higher"),
            ("midpoint", "their middle"),
            ("nearest", "the nearer, the even rank of two"),
        )
    ]
    return (*smooth, *steps, *chosen)


_EIGHT = 2.0 ** np.arange(8)


def _at(name: str, q: float) -> Probe:
    # At a multiple of 1/16 the position is on a jump of some variants.
    jump = q * 16 == int(q * 16)
    sentence = f"1, 2, 4, ..., 128, at q = {q:g}"
    return Probe(name, sentence, (_EIGHT, q), exact=jump)


FAMILIES = (
    Family(
        "quantile",
        ("quantile",),
        "Quantile",
        _quantiles(),
        (
            _at("between", 0.3),
            _at("on a number", 0.25),
            _at("on a half", 0.3125),
            _at("near the end", 0.95),
        ),
        call,
    ),
)
