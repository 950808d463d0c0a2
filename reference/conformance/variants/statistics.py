"""Variance, standard deviation, covariance and median, in their variants."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants._calls import call, floats

__all__ = ["FAMILIES"]

_NUMPY = "https://numpy.org/doc/stable/reference/generated/numpy."
_TORCH = "https://docs.pytorch.org/docs/stable/generated/torch."

_SAMPLES = (
    Probe("four", "1, 2, 4, 9", (np.array([1.0, 2.0, 4.0, 9.0]),)),
    Probe("five", "-3, 0, 1, 1, 6", (np.array([-3.0, 0.0, 1.0, 1.0, 6.0]),)),
)


def _moment(x: NDArray[Any], *, ddof: int) -> Any:
    return np.sum((x - np.mean(x)) ** 2) / (len(x) - ddof)


def _deviation(x: NDArray[Any], *, ddof: int) -> Any:
    return np.sqrt(_moment(x, ddof=ddof))


def _by_count(function: Callable[..., Any]) -> tuple[Variant, ...]:
    return (
        Variant(
            "ddof 0",
            "numpy.var and numpy.std, whose ddof is 0",
            f"{_NUMPY}var.html",
            partial(function, ddof=0),
            "the squares are divided by n: the variance of these numbers",
        ),
        Variant(
            "ddof 1",
            "torch.var and torch.std, whose correction is 1, after Bessel",
            f"{_TORCH}var.html",
            partial(function, ddof=1),
            "the squares are divided by n - 1: an unbiased guess of the variance of "
            "what these numbers were drawn from",
        ),
    )


def _cov(X: NDArray[Any], *, ddof: int, columns: bool) -> NDArray[Any]:
    X = X if columns else X.T
    centered = X - X.mean(axis=0)
    return centered.T @ centered / (len(X) - ddof)


def _covariances() -> tuple[Variant, ...]:
    where = {True: "rows are samples", False: "columns are samples"}
    who = {
        (True, 1): ("pandas.DataFrame.cov: N - 1", "pandas"),
        (False, 1): ("numpy.cov, whose rowvar is True", "numpy"),
        (True, 0): ("sklearn.covariance.EmpiricalCovariance", "sklearn"),
        (False, 0): ("numpy.cov with bias=True", "numpy"),
    }
    links = {
        "numpy": f"{_NUMPY}cov.html",
        "pandas": "https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.cov"
        ".html",
        "sklearn": "https://scikit-learn.org/stable/modules/generated/"
        "sklearn.covariance.EmpiricalCovariance.html",
    }
    return tuple(
        Variant(
            f"{where[columns]}, ddof {ddof}",
            follows,
            links[link],
            partial(_cov, ddof=ddof, columns=columns),
            f"{where[columns]}; the sum is divided by their number"
            + (" less one" if ddof else ""),
        )
        for (columns, ddof), (follows, link) in who.items()
    )


def _two_passes(x: NDArray[Any]) -> Any:
    return np.mean((x - np.mean(x)) ** 2)


def _one_pass(x: NDArray[Any]) -> Any:
    return np.mean(x**2) - np.mean(x) ** 2


def _lost(function: Any, probe: Probe) -> NDArray[Any]:
    """Say of each sample whether its variance is lost: 1, or still there: 0.

    A function that answers in float32 is asked about the second set of samples.
    """
    double, single = probe.arguments
    returned = floats(function(double[0])).dtype
    if returned == np.float16:
        msg = "float16 cannot hold numbers so far from 0"
        raise ValueError(msg)
    samples = double if returned == np.float64 else single
    lost = []
    for x in samples:
        spread = x - np.min(x)  # exact: these are whole numbers
        ratio = float(floats(function(x))) / float(_two_passes(spread))
        # With ddof 1 it is n / (n - 1), and that is not our question.
        lost.append(float(not 0.9 < ratio < 1.5))
    return np.array(lost)


_FAR = np.array([4.0, 7.0, 13.0, 16.0])


def _middle(x: NDArray[Any], *, weight: float) -> Any:
    ordered, n = np.sort(x), len(x)
    low, high = ordered[(n - 1) // 2], ordered[n // 2]
    return low + weight * (high - low)


FAMILIES = (
    Family("variance", ("variance",), "Variance", _by_count(_moment), _SAMPLES, call),
    Family(
        "std", ("std",), "Standard deviation", _by_count(_deviation), _SAMPLES, call
    ),
    Family(
        "covariance_matrix",
        ("covariance_matrix",),
        "Covariance matrix",
        _covariances(),
        (
            Probe(
                "square",
                "rows (1, 2, 4), (0, 5, 1), (3, 3, 9)",
                (np.array([[1.0, 2.0, 4.0], [0.0, 5.0, 1.0], [3.0, 3.0, 9.0]]),),
            ),
        ),
        call,
    ),
    Family(
        "variance_passes",
        ("variance_passes",),
        "Variance far from 0",
        (
            Variant(
                "in two passes",
                "numpy.var and torch.var; T. F. Chan, G. H. Golub and R. J. LeVeque, "
                "Algorithms for Computing the Sample Variance: Analysis and "
                "Recommendations (1983)",
                f"{_NUMPY}var.html",
                _two_passes,
                "the mean first, then the squares of what is left",
            ),
            Variant(
                "in one pass",
                "keras.ops.moments, for speed",
                "https://github.com/keras-team/keras-core/pull/866",
                _one_pass,
                "the mean of the squares less the square of the mean: what is left "
                "when two large numbers cancel is rounding error",
            ),
        ),
        (
            Probe(
                "far from zero",
                "4, 7, 13, 16 and 10⁹ more (in float32 10⁵); 1 says that the variance "
                "is lost",
                (
                    np.array([1e9 + _FAR, 3e10 + _FAR]),
                    np.array([1e5 + _FAR, 3e6 + _FAR]),
                ),
                exact=True,
            ),
        ),
        _lost,
    ),
    Family(
        "median",
        ("median",),
        "Median",
        (
            Variant(
                "the mean of two",
                "numpy.median",
                f"{_NUMPY}median.html",
                partial(_middle, weight=0.5),
                "the mean of the two numbers in the middle",
            ),
            Variant(
                "the lower",
                "torch.median, so that it is one of the numbers and has an index",
                "https://github.com/pytorch/pytorch/issues/1837",
                partial(_middle, weight=0.0),
                "the lower of the two numbers in the middle",
            ),
            Variant(
                "the higher",
                "statistics.median_high of Python",
                "https://docs.python.org/3/library/statistics.html",
                partial(_middle, weight=1.0),
                "the higher of the two numbers in the middle",
            ),
        ),
        (
            _SAMPLES[0],
            Probe(
                "six",
                "8, 1, 2, 32, 4, 16",
                (np.array([8.0, 1.0, 2.0, 32.0, 4.0, 16.0]),),
            ),
        ),
        call,
    ),
)
