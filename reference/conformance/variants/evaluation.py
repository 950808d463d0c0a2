"""Scores whose denominator is 0: R² of a constant, F1 of nothing."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants._calls import call, quiet

__all__ = ["FAMILIES"]

Array = NDArray[Any]

_SKLEARN = "https://scikit-learn.org/stable/modules/generated/sklearn.metrics."


@quiet
def _r2(y: Array, p: Array, *, perfect: float, poor: float) -> Any:
    residual, total = np.sum((y - p) ** 2), np.sum((y - np.mean(y)) ** 2)
    if total == 0:
        return perfect if residual == 0 else poor
    return 1 - residual / total


def _f1(y: Array, p: Array, *, nothing: float) -> Any:
    hits, named, true = np.sum(y * p), np.sum(p), np.sum(y)
    return 2 * hits / (named + true) if named + true else nothing


def _labels(name: str, y: list[int], p: list[int]) -> Probe:
    sentence = f"labels {', '.join(map(str, y))}; predicted {', '.join(map(str, p))}"
    return Probe(name, sentence, (np.array(y), np.array(p)))


FAMILIES = (
    Family(
        "r2_score",
        ("r2_score",),
        "R² of a constant",
        (
            Variant(
                "1 if perfect, else 0",
                "sklearn.metrics.r2_score, whose force_finite is True",
                f"{_SKLEARN}r2_score.html",
                partial(_r2, perfect=1.0, poor=0.0),
                "a constant predicted exactly is explained, any other is not",
            ),
            Variant(
                "NaN if perfect, else 0",
                "keras.metrics.R2Score",
                "https://keras.io/api/metrics/regression_metrics/",
                partial(_r2, perfect=float("nan"), poor=0.0),
                "0 / 0 is left, and what is infinite becomes 0",
            ),
            Variant(
                "NaN if perfect, else -∞",
                "the definition; sklearn.metrics.r2_score with force_finite=False",
                f"{_SKLEARN}r2_score.html",
                partial(_r2, perfect=float("nan"), poor=float("-inf")),
                "the division as it comes out",
            ),
            Variant(
                "0",
                "code that returns 0 when the variance is 0",
                f"{_SKLEARN}r2_score.html",
                partial(_r2, perfect=0.0, poor=0.0),
                "a constant cannot be explained",
            ),
        ),
        (
            Probe(
                "perfect",
                "targets 2, 2, 2; predicted 2, 2, 2",
                (np.full(3, 2.0), np.full(3, 2.0)),
                exact=True,
            ),
            Probe(
                "poor",
                "targets 2, 2, 2; predicted 2, 2, 3",
                (np.full(3, 2.0), np.array([2.0, 2, 3])),
                exact=True,
            ),
            Probe(
                "ordinary",
                "targets 1, 2, 4; predicted 1, 3, 3",
                (np.array([1.0, 2, 4]), np.array([1.0, 3, 3])),
            ),
        ),
        call,
    ),
    Family(
        "f1_score",
        ("f1_score",),
        "F1 of nothing",
        tuple(
            Variant(
                str(nothing).removesuffix(".0").replace("nan", "NaN"),
                who,
                f"{_SKLEARN}f1_score.html",
                partial(_f1, nothing=nothing),
                note,
            )
            for nothing, who, note in (
                (
                    0.0,
                    "sklearn.metrics.f1_score (with a warning), keras.metrics.F1Score",
                    "a class that nobody has and nobody names counts as missed",
                ),
                (
                    1.0,
                    "sklearn.metrics.f1_score with zero_division=1",
                    "a class that nobody has and nobody names counts as found",
                ),
                (
                    float("nan"),
                    "sklearn.metrics.f1_score with zero_division=nan",
                    "a class that nobody has and nobody names is left out",
                ),
            )
        ),
        (
            _labels("nothing", [0, 0, 0], [0, 0, 0]),
            _labels("ordinary", [1, 0, 1, 1, 0], [1, 1, 0, 1, 0]),
        ),
        call,
    ),
)
