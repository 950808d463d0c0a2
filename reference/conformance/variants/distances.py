"""Cosines of short vectors, and Huber losses with a delta."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants._calls import single

__all__ = ["FAMILIES"]

Array = NDArray[Any]

_TORCH = "https://docs.pytorch.org/docs/stable/generated/torch.nn."


def _cosine(a: Array, b: Array, *, size: Callable[[float, float], float]) -> Any:
    a, b = np.ravel(a), np.ravel(b)
    return np.dot(a, b) / size(float(np.linalg.norm(a)), float(np.linalg.norm(b)))


def _floor_each(a: float, b: float, *, eps: float) -> float:
    return max(a, eps) * max(b, eps)


def _short(name: str, size: float) -> Probe:
    a, b = np.array([[3.0, 4.0]]), np.array([[1.0, 2.0]])
    factor = f"{size:g}".replace("e-0", "e-")
    sentence = f"(3, 4) and (1, 2), both times {factor}"
    return Probe(name, sentence, (a * size, b * size))


def _huber(p: Array, y: Array, *, delta: float = 1.0) -> Any:
    r = np.abs(p - y)
    return np.mean(np.where(r <= delta, r**2 / 2, delta * (r - delta / 2)))


def _smooth_l1(p: Array, y: Array, *, delta: float = 1.0) -> Any:
    return _huber(p, y, delta=delta) / delta


def _pseudo(p: Array, y: Array, *, delta: float = 1.0) -> Any:
    return np.mean(delta**2 * (np.sqrt(1 + ((p - y) / delta) ** 2) - 1))


def _residual(name: str, r: float, delta: float) -> Probe:
    arguments = (np.array([r]), np.array([0.0]))
    sentence = f"error {r:g}, delta {delta:g}"
    return Probe(name, sentence, arguments, options={"delta": delta})


def _variants(
    rows: tuple[tuple[str, str, str, Callable[..., Any], str], ...],
) -> tuple[Variant, ...]:
    return tuple(Variant(*row) for row in rows)


FAMILIES = (
    Family(
        "cosine_similarity",
        ("cosine_similarity",),
        "Cosine similarity",
        _variants(
            (
                (
                    "no floor",
                    "the definition; SciPy, scikit-learn, Optax",
                    "https://optax.readthedocs.io/en/latest/api/losses.html",
                    partial(_cosine, size=lambda a, b: a * b),
                    "short vectors have the same angle as long ones",
                ),
                (
                    "each norm at least 1e-8",
                    "torch.nn.functional.cosine_similarity",
                    "https://github.com/pytorch/pytorch/pull/31378",
                    partial(_cosine, size=partial(_floor_each, eps=1e-8)),
                    "vectors shorter than 1e-8 lose their angle",
                ),
                (
                    "each norm at least 1e-7",
                    "keras.losses.cosine_similarity",
                    "https://keras.io/api/losses/regression_losses/",
                    partial(_cosine, size=partial(_floor_each, eps=1e-7)),
                    "vectors shorter than 1e-7 lose their angle",
                ),
                (
                    "product at least 1e-8",
                    "torch.nn.functional.cosine_similarity of 2017",
                    "https://github.com/pytorch/pytorch/pull/1502",
                    partial(_cosine, size=lambda a, b: max(a * b, 1e-8)),
                    "vectors shorter than 1e-4 lose their angle",
                ),
                (
                    "1e-8 added to the product",
                    "a proposal for PyTorch in 2017",
                    "https://github.com/pytorch/pytorch/pull/860",
                    partial(_cosine, size=lambda a, b: a * b + 1e-8),
                    "every similarity is a little too small",
                ),
            )
        ),
        (
            _short("tiny", 1e-9),
            _short("short", 1e-5),
            _short("ordinary", 1.0),
        ),
        single,
    ),
    Family(
        "huber_loss",
        ("huber_loss",),
        "Huber loss",
        _variants(
            (
                (
                    "Huber",
                    "P. J. Huber, Robust Estimation of a Location Parameter (1964); "
                    "torch.nn.functional.huber_loss, Keras, Optax, SciPy",
                    f"{_TORCH}HuberLoss.html",
                    _huber,
                    "half the square within delta, and a line of slope delta beyond",
                ),
                (
                    "smooth L1",
                    "R. Girshick, Fast R-CNN (2015); torch.nn.functional."
                    "smooth_l1_loss, whose beta is delta",
                    f"{_TORCH}SmoothL1Loss.html",
                    _smooth_l1,
                    "Huber's loss divided by delta: its line has slope 1",
                ),
                (
                    "pseudo-Huber",
                    "scipy.special.pseudo_huber",
                    "https://docs.scipy.org/doc/scipy/reference/generated/"
                    "scipy.special.pseudo_huber.html",
                    _pseudo,
                    "a hyperbola instead of a parabola and a line",
                ),
            )
        ),
        (
            _residual("large", 3.0, 0.5),
            _residual("small", 0.25, 0.5),
            _residual("between", -1.5, 2.0),
        ),
        single,
        fixed={"delta": (1.0,)},
    ),
)
